import type { OracleNumber, Value } from "../database";
import type { Expression, OrderItem } from "./ast";
import { ora } from "./errors";
import { compileValue } from "./expressions";
import { add, integer } from "./numbers";
import type { Scope } from "./scope";
import { compareValues, maxSqlString, rowKey, type Typed, toNumber, toText } from "./values";

/** One aggregate call in a select list: it sees every row of a group, then gives its result. */
export interface Aggregate {
  readonly typed: Typed;
  reset(): void;
  add(): void;
}

type Call = Expression & { kind: "call" };

/** @param scope where the arguments are compiled: the rows of the query, no aggregates inside aggregates */
export function compileAggregate(call: Call, scope: Scope): Aggregate {
  const name = call.path[0]!;
  const { star = false, distinct = false, withinGroup } = call.aggregate!;
  const [argument, separator, ...more] = call.arguments.map(({ value }) => compileValue(value, scope));
  const tooMany = more.length > 0 || (separator !== undefined && name !== "LISTAGG");
  if (tooMany || (withinGroup !== undefined) !== (name === "LISTAGG")) {
    throw ora(909, "invalid number of arguments", call.at.offset);
  }
  if (argument?.type === "CLOB" && (distinct || name !== "COUNT")) {
    throw ora(932, "inconsistent datatypes: expected - got CLOB", call.at.offset);
  }
  const order = compileOrder(withinGroup ?? [], scope);
  let rows: { value: Value; keys: Value[] }[] = [];
  let seen = new Set<string>();

  const result = (): Value => {
    const values = rows.map((row) => row.value);
    switch (name) {
      case "COUNT":
        return integer(rows.length);
      case "MIN":
        return values.reduce(
          (best, value) => (best === null || compareValues(value, best, false) < 0 ? value : best),
          null,
        );
      case "MAX":
        return values.reduce(
          (best, value) => (best === null || compareValues(value, best, false) > 0 ? value : best),
          null,
        );
      case "SUM":
        return values.reduce<OracleNumber | null>((sum, value) => {
          const next = toNumber(value, false)!;
          return sum ? add(sum, next) : next;
        }, null);
      default: {
        const sorted = rows.sort((a, b) => compareKeys(a.keys, b.keys, withinGroup!));
        const joined = sorted.map((row) => toText(row.value)).join(toText(separator?.evaluate() ?? null) ?? "");
        if (Buffer.byteLength(joined) > maxSqlString) throw ora(1489, "result of string concatenation is too long");
        return joined || null;
      }
    }
  };
  const type = name === "COUNT" || name === "SUM" ? "NUMBER" : name === "LISTAGG" ? "VARCHAR2" : argument!.type;
  const size = type === "NUMBER" ? 22 : name === "LISTAGG" ? maxSqlString : argument!.size;
  return {
    typed: { type, size, nullable: name !== "COUNT", evaluate: result },
    reset: () => {
      rows = [];
      seen = new Set();
    },
    add: () => {
      const value = star ? null : argument!.evaluate();
      // Aggregates look past NULLs; COUNT(*) counts rows.
      if (!star && value === null) return;
      if (distinct && seen.has(rowKey([value]))) return;
      seen.add(rowKey([value]));
      rows.push({ value, keys: order.map((key) => key.evaluate()) });
    },
  };
}

function compileOrder(items: readonly OrderItem[], scope: Scope): Typed[] {
  return items.map((item) => compileValue(item.value, scope));
}

/** Compares two rows by their ORDER BY keys. */
export function compareKeys(left: Value[], right: Value[], items: readonly Omit<OrderItem, "value">[]): number {
  for (const [i, item] of items.entries()) {
    const [a, b] = [left[i]!, right[i]!];
    if (a === null && b === null) continue;
    if (a === null || b === null) return (a === null) === item.nullsFirst ? -1 : 1;
    const order = compareValues(a, b, false);
    if (order !== 0) return item.descending ? -order : order;
  }
  return 0;
}
