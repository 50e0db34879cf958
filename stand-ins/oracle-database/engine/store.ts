import type { OracleNumber, Value } from "../database";
import type { TransactionStatement } from "./ast";
import { ora } from "./errors";
import { type TableDefinition, type TableName, tables } from "./tables";

/** A row by column name. Rows are never changed, only replaced. */
export type Row = Readonly<Record<string, Value>>;

/** Committed rows of every table by id. Replaced as a whole by a commit, so holding on to one is a snapshot. */
type Snapshot = ReadonlyMap<TableName, ReadonlyMap<string, Row>>;

/** Uncommitted rows by id; `undefined` = deleted. */
type Changes = Map<TableName, Map<string, Row | undefined>>;

export type Isolation = "read committed" | "serializable" | "read only";

/** A point to which a transaction can go back. */
export interface Mark {
  readonly transaction: number;
  readonly changes: Changes;
  readonly locks: ReadonlySet<string>;
}

/** What all sessions share: committed rows, and who has which row or key locked. */
export class Store {
  committed: Snapshot = new Map([...tables.keys()].map((name) => [name, new Map()]));
  readonly locks = new Map<string, Transaction>();
  private lastId = 10_000;

  /** Ids come from one sequence; a rollback does not give them back. */
  nextId(): OracleNumber {
    this.lastId += 1;
    return { number: String(this.lastId) };
  }
}

/**
 * The transaction of one session.
 *
 * A real database makes a writer wait for the session that holds the row or the unique key. This process runs one
 * statement at a time and cannot wait, so the writer is refused at once, as with NOWAIT: ORA-00054.
 */
export class Transaction {
  private changes: Changes = new Map();
  private locks = new Set<string>();
  private snapshot: Snapshot | undefined;
  private isolation: Isolation | undefined;
  private number = 0;
  private readonly savepoints = new Map<string, Mark>();

  constructor(private readonly store: Store) {}

  /** True from SET TRANSACTION or the first change until commit or rollback. */
  get active(): boolean {
    return this.isolation !== undefined || this.locks.size > 0;
  }

  begin(isolation: Isolation): void {
    if (this.active) throw ora(1453, "SET TRANSACTION must be first statement of transaction");
    this.isolation = isolation;
    if (isolation !== "read committed") this.snapshot = this.store.committed;
  }

  /** Rows as this transaction sees them: own changes over its snapshot, or over what is committed by now. */
  rows(table: TableName): Row[] {
    const changes = this.changes.get(table);
    const base = (this.snapshot ?? this.store.committed).get(table)!;
    if (!changes) return [...base.values()];
    return [...new Map<string, Row | undefined>([...base, ...changes]).values()].filter((row) => row !== undefined);
  }

  insert(table: TableName, values: Row): Row {
    this.mustBeWritable();
    const definition = tables.get(table)!;
    const row = checked(definition, { ...values, ID: this.store.nextId() });
    this.claimKeys(definition, row);
    this.lock(`${table}/${key(row)}`);
    this.change(table, key(row), row);
    return row;
  }

  update(table: TableName, row: Row, values: Row): Row {
    this.lockRow(table, row);
    const definition = tables.get(table)!;
    const updated = checked(definition, { ...row, ...values });
    this.lockKeys(definition, row);
    this.claimKeys(definition, updated);
    this.change(table, key(row), updated);
    return updated;
  }

  delete(table: TableName, row: Row): void {
    this.lockRow(table, row);
    this.lockKeys(tables.get(table)!, row);
    this.change(table, key(row), undefined);
  }

  /** Keeps a row that this transaction refers to from being changed or deleted meanwhile (what a foreign key does). */
  hold(table: TableName, row: Row): void {
    this.lockRow(table, row);
  }

  mark(): Mark {
    const changes = new Map([...this.changes].map(([table, rows]) => [table, new Map(rows)] as const));
    return { transaction: this.number, changes, locks: new Set(this.locks) };
  }

  /** Undoes what happened since the mark. A mark of an earlier transaction is gone: then all of this one is undone. */
  rollbackTo(mark: Mark): void {
    if (mark.transaction !== this.number) {
      this.rollback();
      return;
    }
    this.changes = new Map([...mark.changes].map(([table, rows]) => [table, new Map(rows)] as const));
    for (const name of this.locks) if (!mark.locks.has(name)) this.store.locks.delete(name);
    this.locks = new Set(mark.locks);
  }

  /** COMMIT, ROLLBACK, SAVEPOINT or SET TRANSACTION as a statement. */
  control(statement: TransactionStatement): void {
    switch (statement.kind) {
      case "commit":
        this.commit();
        break;
      case "rollback":
        if (statement.savepoint === undefined) this.rollback();
        else this.rollbackToSavepoint(statement.savepoint);
        break;
      case "savepoint":
        this.savepoints.set(statement.name, this.mark());
        break;
      case "begin":
        this.begin(statement.isolation);
        break;
    }
  }

  private rollbackToSavepoint(name: string): void {
    const mark = this.savepoints.get(name);
    if (!mark) throw ora(1086, `savepoint '${name}' never established in this session or is invalid`);
    this.rollbackTo(mark);
  }

  commit(): void {
    const committed = new Map(this.store.committed);
    for (const [table, changes] of this.changes) {
      const rows = new Map(committed.get(table));
      for (const [id, row] of changes) row ? rows.set(id, row) : rows.delete(id);
      committed.set(table, rows);
    }
    this.store.committed = committed;
    this.end();
  }

  rollback(): void {
    this.end();
  }

  private end(): void {
    for (const name of this.locks) this.store.locks.delete(name);
    this.locks = new Set();
    this.changes = new Map();
    this.snapshot = undefined;
    this.isolation = undefined;
    this.savepoints.clear();
    this.number += 1;
  }

  private mustBeWritable(): void {
    if (this.isolation === "read only") {
      throw ora(1456, "may not perform insert, delete, update operation inside a READ ONLY transaction");
    }
  }

  private lockRow(table: TableName, row: Row): void {
    this.mustBeWritable();
    this.lock(`${table}/${key(row)}`);
    const mine = this.changes.get(table)?.has(key(row));
    if (!mine && this.snapshot && this.store.committed.get(table)!.get(key(row)) !== row) {
      throw ora(8177, "can't serialize access for this transaction");
    }
  }

  /** Until this transaction ends, nobody else may take the keys that it gives up. */
  private lockKeys(definition: TableDefinition, row: Row): void {
    for (const unique of definition.unique) this.lock(lockOfKey(unique.name, keyOf(row, unique.columns)));
  }

  private lock(name: string): void {
    const owner = this.store.locks.get(name);
    if (owner && owner !== this) {
      throw ora(54, "resource busy and acquire with NOWAIT specified or timeout expired");
    }
    this.store.locks.set(name, this);
    this.locks.add(name);
  }

  /** Unique keys are checked against what is committed now, even in a serializable transaction that cannot see it. */
  private claimKeys(definition: TableDefinition, row: Row): void {
    const changes = this.changes.get(definition.name) ?? new Map<string, Row | undefined>();
    const current = new Map([...this.store.committed.get(definition.name)!, ...changes]);
    for (const unique of definition.unique) {
      const wanted = keyOf(row, unique.columns);
      this.lock(lockOfKey(unique.name, wanted));
      for (const [id, other] of current) {
        if (!other || id === key(row) || keyOf(other, unique.columns) !== wanted) continue;
        throw ora(
          1,
          `unique constraint (ORDS_METADATA.${unique.name}) violated on table ORDS_METADATA.${definition.name} ` +
            `columns (${unique.columns.join(", ")})`,
        );
      }
    }
  }

  private change(table: TableName, id: string, row: Row | undefined): void {
    const rows = this.changes.get(table) ?? new Map<string, Row | undefined>();
    this.changes.set(table, rows.set(id, row));
  }
}

function key(row: Row): string {
  return (row.ID as OracleNumber).number;
}

function keyOf(row: Row, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => row[column]));
}

function lockOfKey(constraint: string, values: string): string {
  return `${constraint}=${values}`;
}

/** Applies NOT NULL and the column lengths; columns without value become NULL. */
function checked(definition: TableDefinition, values: Row): Row {
  const row: Record<string, Value> = {};
  for (const column of definition.columns) {
    const value = values[column.name];
    const stored = value === undefined || value === "" ? null : value;
    const path = `"ORDS_METADATA"."${definition.name}"."${column.name}"`;
    if (stored === null && !column.nullable) throw ora(1400, `cannot insert NULL into (${path})`);
    if (column.type === "VARCHAR2" && typeof stored === "string" && Buffer.byteLength(stored) > column.size) {
      const actual = Buffer.byteLength(stored);
      throw ora(12899, `value too large for column ${path} (actual: ${actual}, maximum: ${column.size})`);
    }
    row[column.name] = stored;
  }
  return row;
}
