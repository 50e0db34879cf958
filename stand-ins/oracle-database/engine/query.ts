import type { Value } from "../database";
import { compareKeys } from "./aggregates";
import type { Expression, OrderItem, Query, QueryBody, Select, SelectItem } from "./ast";
import { ora } from "./errors";
import { commonType, compile, compileCondition, compileValue } from "./expressions";
import { truncate } from "./numbers";
import type { Relation, RelationColumn, Scope } from "./scope";
import { SelectScope } from "./select-scope";
import { compileFrom } from "./sources";
import { rowKey, type Typed, toNumber } from "./values";

export interface CompiledQuery {
  readonly columns: readonly RelationColumn[];
  /** @param atMost stops after so many rows */
  run(atMost?: number): Value[][];
}

/** A query body with the keys its ORDER BY needs beside each row. */
interface CompiledBody {
  readonly columns: readonly RelationColumn[];
  run(): { values: Value[]; keys: Value[] }[];
}

export function compileQuery(query: Query, outer: Scope): CompiledQuery {
  const scope = query.with.reduce<Scope>((inner, { name, query: common }) => {
    const compiled = compileQuery(common, inner);
    return withCommonTable(inner, name, { columns: compiled.columns, rows: () => compiled.run() });
  }, outer);
  const body = compileBody(query.body, query.orderBy, scope);
  const [offset, fetch] = [query.offset, query.fetch].map((count) => count && compileCount(count, scope));
  return {
    columns: body.columns,
    run(atMost = Number.POSITIVE_INFINITY) {
      const rows = body.run();
      if (query.orderBy.length > 0) rows.sort((a, b) => compareKeys(a.keys, b.keys, query.orderBy));
      const from = offset?.() ?? 0;
      const count = Math.min(fetch?.() ?? Number.POSITIVE_INFINITY, atMost);
      return rows.slice(from, from + count).map((row) => row.values);
    },
  };
}

function withCommonTable(outer: Scope, name: string, relation: Relation): Scope {
  return {
    environment: outer.environment,
    plsql: outer.plsql,
    lookup: (path, at) => outer.lookup(path, at),
    collection: (path) => outer.collection(path),
    aggregate: (call) => outer.aggregate(call),
    commonTable: (wanted) => (wanted === name ? relation : outer.commonTable(wanted)),
  };
}

/** OFFSET and FETCH: NULL means no row, a negative number counts as 0. */
function compileCount(expression: Expression, scope: Scope): () => number {
  const count = compileValue(expression, scope);
  return () => {
    const value = toNumber(count.evaluate(), false);
    return value ? Math.max(truncate(value), 0) : 0;
  };
}

function compileBody(body: QueryBody, orderBy: OrderItem[], scope: Scope): CompiledBody {
  if (body.kind === "select") return compileSelect(body, orderBy, scope);
  const [left, right] = [compileBody(body.left, [], scope), compileBody(body.right, [], scope)];
  if (left.columns.length !== right.columns.length) {
    throw ora(1789, "query block has incorrect number of result columns", body.at.offset);
  }
  const columns = left.columns.map((column, i) => unionColumn(column, right.columns[i]!, body));
  const keys = orderBy.map((item) => outputPosition(item.value, columns));
  const withKeys = (values: Value[]) => ({ values, keys: keys.map((position) => values[position]!) });
  return {
    columns,
    run: () => {
      const [first, second] = [left.run().map((row) => row.values), right.run().map((row) => row.values)];
      const others = new Set(body.operator === "MINUS" || body.operator === "INTERSECT" ? second.map(rowKey) : []);
      switch (body.operator) {
        case "UNION ALL":
          return [...first, ...second].map(withKeys);
        case "UNION":
          return distinct([...first, ...second]).map(withKeys);
        case "MINUS":
          return distinct(first.filter((row) => !others.has(rowKey(row)))).map(withKeys);
        case "INTERSECT":
          return distinct(first.filter((row) => others.has(rowKey(row)))).map(withKeys);
      }
    },
  };
}

function unionColumn(left: RelationColumn, right: RelationColumn, { at, operator }: QueryBody & { kind: "set" }) {
  let type: RelationColumn["type"];
  try {
    type = commonType([left, right], at);
  } catch {
    throw ora(1790, "expression must have same datatype as corresponding expression", at.offset);
  }
  if (operator !== "UNION ALL") mustBeComparable(type, at.offset);
  return { name: left.name, type, size: Math.max(left.size, right.size), nullable: left.nullable || right.nullable };
}

function mustBeComparable(type: Typed["type"], offset: number): void {
  if (type === "CLOB") throw ora(932, "inconsistent datatypes: expected - got CLOB", offset);
}

function distinct(rows: Value[][]): Value[][] {
  return [...new Map(rows.map((row) => [rowKey(row), row])).values()];
}

/** After UNION, ORDER BY takes positions and column names of the first query only. */
function outputPosition(expression: Expression, columns: readonly RelationColumn[]): number {
  const position = literalPosition(expression, columns.length);
  if (position !== undefined) return position;
  const named = expression.kind === "name" ? columns.findIndex(({ name }) => name === expression.path.join(".")) : -1;
  if (named < 0) throw ora(1785, "ORDER BY item must be the number of a SELECT-list expression", expression.at.offset);
  return named;
}

function literalPosition(expression: Expression, count: number): number | undefined {
  if (expression.kind !== "literal" || expression.type !== "NUMBER") return undefined;
  const position = truncate(expression.value as { number: string });
  if (position < 1 || position > count) {
    throw ora(1785, "ORDER BY item must be the number of a SELECT-list expression", expression.at.offset);
  }
  return position - 1;
}

function compileSelect(select: Select, orderBy: OrderItem[], outer: Scope): CompiledBody {
  const tree = compileFrom(select.from, outer);
  const scope = new SelectScope(tree.sources, outer, select.groupBy);
  const where = select.where && compileCondition(select.where, scope.beforeGrouping);
  const groupKeys = select.groupBy.map((expression) => {
    const key = compileValue(expression, scope.beforeGrouping);
    mustBeComparable(key.type, expression.at.offset);
    return key;
  });
  const items = select.items.flatMap((item) => compileItem(item, scope));
  const having = select.having && compileCondition(select.having, scope);
  const keys = orderBy.map((item) => compileKey(item, items, select.distinct, scope));
  if (having && !scope.grouped) throw ora(979, "not a GROUP BY expression", select.having!.at.offset);
  for (const item of select.items) scope.checkGrouping(item.kind === "all" ? item : item.value);
  if (select.having) scope.checkGrouping(select.having);
  for (const { value } of orderBy) if (!outputColumn(value, items)) scope.checkGrouping(value);
  if (select.distinct) for (const item of items) mustBeComparable(item.type, select.at.offset);
  const output = () => ({
    values: items.map((item) => item.evaluate()),
    keys: keys.map((key) => key.evaluate()),
  });

  return {
    columns: items.map(({ name, type, size, nullable }) => ({ name, type, size: Math.max(size, 1), nullable })),
    run() {
      const results: { values: Value[]; keys: Value[] }[] = [];
      const groups = new Map<string, SourceRows[]>();
      scope.rowNumber = 0;
      tree.each(() => {
        // ROWNUM is the number that the row gets if it passes.
        scope.rowNumber += 1;
        if (where && where() !== true) {
          scope.rowNumber -= 1;
          return true;
        }
        if (!scope.grouped) {
          results.push(output());
          return true;
        }
        const key = rowKey(groupKeys.map((groupKey) => groupKey.evaluate()));
        const group = groups.get(key) ?? [];
        group.push(tree.sources.map((source) => source.row));
        groups.set(key, group);
        return true;
      });
      // Without GROUP BY there is one group, even of no rows.
      if (scope.grouped && select.groupBy.length === 0 && groups.size === 0) groups.set("", []);
      for (const rows of groups.values()) {
        enterGroup(rows, scope);
        if (!having || having() === true) results.push(output());
      }
      return select.distinct ? [...new Map(results.map((row) => [rowKey(row.values), row])).values()] : results;
    },
  };
}

/** The row that each source of FROM stood on. */
type SourceRows = (readonly Value[])[];

/** Feeds the rows of a group to the aggregates and leaves the sources on the first one, for the GROUP BY columns. */
function enterGroup(rows: SourceRows[], scope: SelectScope): void {
  const stand = (row: SourceRows | undefined) => {
    for (const [i, source] of scope.sources.entries()) source.row = row?.[i] ?? source.columns.map(() => null);
  };
  for (const aggregate of scope.aggregates) aggregate.reset();
  for (const row of rows) {
    stand(row);
    for (const aggregate of scope.aggregates) aggregate.add();
  }
  stand(rows[0]);
}

type Item = Typed & { readonly name: string };

function compileItem(item: SelectItem, scope: SelectScope): Item[] {
  if (item.kind === "expression") {
    const compiled = compile(item.value, scope);
    // No BOOLEAN in SQL before 23ai: a condition ends where FROM should have been.
    if (compiled.type === "BOOLEAN") {
      throw ora(923, "FROM keyword not found where expected", item.value.at.offset);
    }
    return [{ ...compiled, name: item.name }];
  }
  const qualifier = item.qualifier?.join(".");
  const sources = scope.sources.filter((source) => !qualifier || source.qualifiers.includes(qualifier));
  if (sources.length === 0) throw ora(904, `"${qualifier}": invalid identifier`, item.at.offset);
  return sources.flatMap((source) =>
    source.columns.map((column, i) => ({ ...column, evaluate: () => source.row[i]! })),
  );
}

function compileKey(item: OrderItem, items: Item[], distinctRows: boolean, scope: SelectScope): Typed {
  const output = outputColumn(item.value, items);
  if (!output && distinctRows) throw ora(1791, "not a SELECTed expression", item.value.at.offset);
  const key = output ?? compileValue(item.value, scope);
  mustBeComparable(key.type, item.value.at.offset);
  return key;
}

/** ORDER BY 1, or by the name of an output column. */
function outputColumn(expression: Expression, items: Item[]): Item | undefined {
  const position = literalPosition(expression, items.length);
  if (position !== undefined) return items[position];
  const name = expression.kind === "name" && expression.path.length === 1 ? expression.path[0] : undefined;
  return items.find((item) => item.name === name);
}
