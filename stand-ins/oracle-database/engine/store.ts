import type { OracleNumber, Value } from "../database";
import type { TransactionStatement } from "./ast";
import { ora } from "./errors";
import { Changes, idOf, keyOf, type Row, Rows } from "./rows";
import { type TableDefinition, type TableName, tables } from "./tables";

export type Isolation = "read committed" | "serializable" | "read only";

/** A point to which a transaction can go back. */
export interface Mark {
  readonly transaction: number;
  /** How much there was to undo. */
  readonly undo: number;
}

/** What all sessions share: committed rows, and who has which row or key locked. */
export class Store {
  readonly committed: ReadonlyMap<TableName, Rows> = eachTable((definition) => new Rows(definition));
  readonly locks = new Map<string, Transaction>();
  /** Transactions that still see what was committed when they began. */
  readonly snapshots = new Set<Transaction>();
  private lastId = 10_000;
  private lastTransaction = 0;

  /** Ids come from one sequence; a rollback does not give them back. */
  nextId(): OracleNumber {
    this.lastId += 1;
    return { number: String(this.lastId) };
  }

  /** Undo segment, slot and sequence number: no two transactions have the same. */
  nextTransaction(): string {
    this.lastTransaction += 1;
    return `${(this.lastTransaction % 10) + 1}.${this.lastTransaction % 34}.${this.lastTransaction}`;
  }
}

/**
 * The transaction of one session.
 *
 * A real database makes a writer wait for the session that holds the row or the unique key. This process runs one
 * statement at a time and cannot wait, so the writer is refused at once, as with NOWAIT: ORA-00054.
 */
export class Transaction {
  private changes = eachTable((definition) => new Changes(definition));
  /** Rows as they were when this transaction began, where others have committed a change since. */
  private before = eachTable((definition) => new Changes(definition));
  private undo: (() => void)[] = [];
  private readonly locks = new Set<string>();
  private isolation: Isolation | undefined;
  private number = 0;
  private localId: string | undefined;
  private readonly savepoints = new Map<string, Mark>();

  constructor(private readonly store: Store) {}

  /** True from SET TRANSACTION or the first change until commit or rollback. */
  get active(): boolean {
    return this.isolation !== undefined || this.localId !== undefined || this.locks.size > 0;
  }

  /** What a transaction is called once it has changed something, or was asked to `create` it. */
  id(create: boolean): string | undefined {
    if (this.localId === undefined && (create || this.locks.size > 0)) this.localId = this.store.nextTransaction();
    return this.localId;
  }

  begin(isolation: Isolation): void {
    if (this.active) throw ora(1453, "SET TRANSACTION must be first statement of transaction");
    this.isolation = isolation;
    if (isolation !== "read committed") this.store.snapshots.add(this);
  }

  /** Rows with these values as this transaction sees them: own changes over its snapshot, or over what is committed by now. */
  rows(table: TableName, match: Row = {}): Row[] {
    const before = this.before.get(table)!;
    const current = this.current(table, match).filter((row) => !before.has(idOf(row)));
    return [...current, ...before.matching(match)];
  }

  insert(table: TableName, values: Row): Row {
    this.mustBeWritable();
    const definition = tables.get(table)!;
    const row = checked(definition, { ...values, ID: this.store.nextId() });
    this.claimKeys(definition, row);
    this.lock(`${table}/${idOf(row)}`);
    this.change(table, idOf(row), row);
    return row;
  }

  update(table: TableName, row: Row, values: Row): Row {
    this.lockRow(table, row);
    const definition = tables.get(table)!;
    const updated = checked(definition, { ...row, ...values });
    this.lockKeys(definition, row);
    this.claimKeys(definition, updated);
    this.change(table, idOf(row), updated);
    return updated;
  }

  delete(table: TableName, row: Row): void {
    this.lockRow(table, row);
    this.lockKeys(tables.get(table)!, row);
    this.change(table, idOf(row), undefined);
  }

  /** Keeps a row that this transaction refers to from being changed or deleted meanwhile (what a foreign key does). */
  hold(table: TableName, row: Row): void {
    this.lockRow(table, row);
  }

  mark(): Mark {
    return { transaction: this.number, undo: this.undo.length };
  }

  /** Undoes what happened since the mark. A mark of an earlier transaction is gone: then all of this one is undone. */
  rollbackTo(mark: Mark): void {
    if (mark.transaction !== this.number) this.rollback();
    else while (this.undo.length > mark.undo) this.undo.pop()!();
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
        this.savepoint(statement.name);
        break;
      case "begin":
        this.begin(statement.isolation);
        break;
    }
  }

  /** Going back to before it, the savepoint is gone as well. */
  private savepoint(name: string): void {
    const earlier = this.savepoints.get(name);
    this.undo.push(() => (earlier ? this.savepoints.set(name, earlier) : this.savepoints.delete(name)));
    this.savepoints.set(name, this.mark());
  }

  private rollbackToSavepoint(name: string): void {
    const mark = this.savepoints.get(name);
    if (!mark) throw ora(1086, `savepoint '${name}' never established in this session or is invalid`);
    this.rollbackTo(mark);
  }

  commit(): void {
    this.store.snapshots.delete(this);
    for (const [table, changes] of this.changes) {
      const committed = this.store.committed.get(table)!;
      for (const [id, row] of changes) {
        for (const other of this.store.snapshots) other.remember(table, id, committed.get(id));
        row ? committed.set(row) : committed.delete(id);
      }
    }
    this.end();
  }

  rollback(): void {
    this.end();
  }

  private end(): void {
    for (const name of this.locks) this.store.locks.delete(name);
    this.locks.clear();
    this.changes = eachTable((definition) => new Changes(definition));
    this.before = eachTable((definition) => new Changes(definition));
    this.undo = [];
    this.store.snapshots.delete(this);
    this.isolation = undefined;
    this.savepoints.clear();
    this.localId = undefined;
    this.number += 1;
  }

  /** Keeps the version that this transaction goes on seeing while another one commits its successor. */
  private remember(table: TableName, id: string, row: Row | undefined): void {
    const before = this.before.get(table)!;
    if (!before.has(id)) before.set(id, row);
  }

  private mustBeWritable(): void {
    if (this.isolation === "read only") {
      throw ora(1456, "may not perform insert, delete, update operation inside a READ ONLY transaction");
    }
  }

  private lockRow(table: TableName, row: Row): void {
    this.mustBeWritable();
    this.lock(`${table}/${idOf(row)}`);
    if (this.before.get(table)!.has(idOf(row))) throw ora(8177, "can't serialize access for this transaction");
  }

  /** Until this transaction ends, nobody else may take the keys that it gives up. */
  private lockKeys(definition: TableDefinition, row: Row): void {
    for (const { name, columns } of definition.unique) this.lock(lockOfKey(name, valuesOf(row, columns)));
  }

  private lock(name: string): void {
    const owner = this.store.locks.get(name);
    if (owner === this) return;
    if (owner) throw ora(54, "resource busy and acquire with NOWAIT specified or timeout expired");
    this.store.locks.set(name, this);
    this.locks.add(name);
    this.undo.push(() => {
      this.store.locks.delete(name);
      this.locks.delete(name);
    });
  }

  /** Unique keys are checked against what is committed now, even in a serializable transaction that cannot see it. */
  private claimKeys(definition: TableDefinition, row: Row): void {
    for (const { name, columns } of definition.unique) {
      const wanted = valuesOf(row, columns);
      this.lock(lockOfKey(name, wanted));
      if (this.current(definition.name, wanted).every((other) => idOf(other) === idOf(row))) continue;
      throw ora(
        1,
        `unique constraint (ORDS_METADATA.${name}) violated on table ORDS_METADATA.${definition.name} ` +
          `columns (${columns.join(", ")})`,
      );
    }
  }

  /** Own changes over what is committed by now. */
  private current(table: TableName, match: Row): Row[] {
    const changes = this.changes.get(table)!;
    const committed = this.store.committed.get(table)!.matching(match);
    return [...committed.filter((row) => !changes.has(idOf(row))), ...changes.matching(match)];
  }

  private change(table: TableName, id: string, row: Row | undefined): void {
    const changes = this.changes.get(table)!;
    const [known, earlier] = [changes.has(id), changes.get(id)];
    this.undo.push(() => (known ? changes.set(id, earlier) : changes.forget(id)));
    changes.set(id, row);
  }
}

function eachTable<T>(make: (definition: TableDefinition) => T): Map<TableName, T> {
  return new Map([...tables].map(([name, definition]) => [name, make(definition)]));
}

function valuesOf(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]!]));
}

function lockOfKey(constraint: string, values: Row): string {
  return `${constraint}=${Object.values(values).map(keyOf)}`;
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
