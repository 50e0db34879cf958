import type { Value } from "../database";
import type { Position } from "./errors";

/** What the parsers make of a statement. Names are already folded: unquoted ones are upper case. */
export type Expression =
  | {
      kind: "literal";
      value: Value;
      type: "VARCHAR2" | "NUMBER" | "BOOLEAN" | "DATE" | "TIMESTAMP" | "NULL";
      at: Position;
    }
  | { kind: "bind"; index: number; name: string; at: Position }
  | { kind: "name"; path: string[]; at: Position }
  | { kind: "call"; path: string[]; arguments: Argument[]; aggregate?: AggregateClauses; at: Position }
  | { kind: "negate"; operand: Expression; at: Position }
  | { kind: "not"; operand: Expression; at: Position }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression; at: Position }
  | { kind: "isNull"; operand: Expression; negated: boolean; at: Position }
  | { kind: "in"; operand: Expression; among: Expression[] | Query; negated: boolean; at: Position }
  | { kind: "between"; operand: Expression; low: Expression; high: Expression; negated: boolean; at: Position }
  | { kind: "like"; operand: Expression; pattern: Expression; escape?: Expression; negated: boolean; at: Position }
  | { kind: "exists"; query: Query; at: Position }
  | { kind: "subquery"; query: Query; at: Position }
  | { kind: "cast"; operand: Expression; type: TypeName; at: Position }
  | { kind: "case"; operand?: Expression; whens: [Expression, Expression][]; otherwise?: Expression; at: Position };

export type BinaryOperator = "OR" | "AND" | "=" | "<>" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*" | "/" | "||";

export interface Argument {
  readonly name?: string;
  readonly value: Expression;
}

export interface AggregateClauses {
  /** COUNT(*) */
  readonly star?: boolean;
  readonly distinct?: boolean;
  /** LISTAGG … WITHIN GROUP (ORDER BY …) */
  readonly withinGroup?: OrderItem[];
}

export interface OrderItem {
  readonly value: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface Query {
  readonly with: { name: string; query: Query }[];
  readonly body: QueryBody;
  readonly orderBy: OrderItem[];
  readonly offset?: Expression;
  readonly fetch?: Expression;
}

export type QueryBody =
  | ({ kind: "select" } & Select)
  | {
      kind: "set";
      operator: "UNION" | "UNION ALL" | "MINUS" | "INTERSECT";
      left: QueryBody;
      right: QueryBody;
      at: Position;
    };

export interface Select {
  readonly distinct: boolean;
  readonly items: SelectItem[];
  /** SELECT … INTO, in PL/SQL only. */
  readonly into?: Target[];
  readonly from: From;
  readonly where?: Expression;
  readonly groupBy: Expression[];
  readonly having?: Expression;
  readonly at: Position;
}

export type SelectItem =
  | { kind: "all"; qualifier?: string[]; at: Position }
  | { kind: "expression"; value: Expression; name: string };

export type From =
  | { kind: "relation"; path: string[]; alias?: string; at: Position }
  | { kind: "derived"; query: Query; alias?: string }
  | { kind: "join"; outer: boolean; left: From; right: From; on?: Expression };

/** Where PL/SQL puts a value. */
export type Target =
  | { kind: "name"; path: string[]; at: Position }
  | { kind: "bind"; index: number; name: string; at: Position }
  | { kind: "element"; path: string[]; index: Expression; at: Position };

export type TypeName =
  /** `size` in bytes, or of a NUMBER the digits, of which `scale` stand behind the point. */
  | { kind: "named"; path: string[]; size?: number; scale?: number; at: Position }
  | { kind: "column"; path: string[]; at: Position };

export type Declaration =
  | {
      kind: "variable";
      name: string;
      type: TypeName;
      constant: boolean;
      notNull: boolean;
      initial?: Expression;
      at: Position;
    }
  | { kind: "exception"; name: string; at: Position }
  | { kind: "exceptionInit"; name: string; number: number; at: Position };

export interface Block {
  readonly declarations: Declaration[];
  readonly body: Statement[];
  readonly handlers: { names: string[][] | "OTHERS"; body: Statement[]; at: Position }[];
  readonly at: Position;
}

export type Statement =
  | { kind: "null"; at: Position }
  | { kind: "assign"; target: Target; value: Expression; at: Position }
  | { kind: "call"; path: string[]; arguments: Argument[]; at: Position }
  | { kind: "if"; branches: [Expression, Statement[]][]; otherwise: Statement[]; at: Position }
  | { kind: "loop"; condition?: Expression; body: Statement[]; at: Position }
  | {
      kind: "forRange";
      name: string;
      reverse: boolean;
      low: Expression;
      high: Expression;
      body: Statement[];
      at: Position;
    }
  | { kind: "forQuery"; name: string; query: Query; body: Statement[]; at: Position }
  | { kind: "leave"; how: "exit" | "continue" | "return"; when?: Expression; at: Position }
  | { kind: "raise"; path?: string[]; at: Position }
  | { kind: "selectInto"; query: Query; into: Target[]; at: Position }
  | { kind: "executeImmediate"; sql: Expression; into: Target[]; using: Expression[]; at: Position }
  | { kind: "transaction"; statement: TransactionStatement; at: Position }
  | { kind: "modify"; statement: Modification; at: Position }
  | { kind: "block"; block: Block; at: Position };

export type TransactionStatement =
  | { kind: "commit" }
  | { kind: "rollback"; savepoint?: string }
  | { kind: "savepoint"; name: string }
  | { kind: "begin"; isolation: "serializable" | "read committed" | "read only" };

/** INSERT, UPDATE, DELETE or MERGE: parsed as far as the table, which is all that is needed to refuse it. */
export interface Modification {
  readonly path: string[];
  readonly at: Position;
}
