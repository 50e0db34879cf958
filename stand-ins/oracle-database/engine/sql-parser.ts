import type {
  Expression,
  From,
  Modification,
  OrderItem,
  Query,
  QueryBody,
  Select,
  SelectItem,
  Target,
  TransactionStatement,
} from "./ast";
import { unsupported } from "./errors";
import { ExpressionParser } from "./expression-parser";

/** Words that end a FROM item although Oracle does not reserve them. */
const notAlias = new Set([
  "LEFT",
  "RIGHT",
  "INNER",
  "FULL",
  "CROSS",
  "NATURAL",
  "JOIN",
  "OUTER",
  "USING",
  "FETCH",
  "OFFSET",
]);

/** ALTER SESSION, as far as it is understood. */
export interface SessionSetting {
  readonly name: string;
  readonly value: string;
}

export class SqlParser extends ExpressionParser {
  /** How deep in subqueries the parser is, and whether the outermost query may have INTO. */
  private queryDepth = 0;
  protected intoAllowed = false;

  protected query(): Query {
    this.queryDepth += 1;
    const query = this.queryAtDepth();
    this.queryDepth -= 1;
    return query;
  }

  private queryAtDepth(): Query {
    const withs: Query["with"] = [];
    if (this.accept("WITH")) {
      withs.push(
        ...this.listOf(() => {
          const name = this.identifier();
          if (this.is("(")) throw unsupported("a column list in WITH", this.token);
          this.expect("AS");
          this.expect("(");
          const query = this.query();
          this.expect(")");
          return { name, query };
        }),
      );
    }
    const body = this.queryBody();
    const orderBy = this.accept("ORDER", "BY") ? this.listOf(() => this.orderItem()) : ([] as OrderItem[]);
    const offset = this.accept("OFFSET") ? this.rowCount() : undefined;
    const fetch = this.accept("FETCH") ? this.fetchClause() : undefined;
    if (this.areNext("FOR", "UPDATE")) throw unsupported("FOR UPDATE", this.token);
    return { with: withs, body, orderBy, offset, fetch };
  }

  private rowCount(): Expression {
    const count = this.expression();
    if (!this.accept("ROWS")) this.expect("ROW");
    return count;
  }

  private fetchClause(): Expression {
    if (!this.accept("FIRST")) this.expect("NEXT");
    const at = this.token;
    const one: Expression = { kind: "literal", value: { number: "1" }, type: "NUMBER", at };
    const count = this.is("ROW") || this.is("ROWS") ? one : this.expression();
    if (!this.accept("ROWS")) this.expect("ROW");
    if (this.areNext("WITH", "TIES")) throw unsupported("WITH TIES", this.token);
    this.expect("ONLY");
    return count;
  }

  private queryBody(): QueryBody {
    let left = this.queryTerm();
    for (;;) {
      const at = this.token;
      let operator: (QueryBody & { kind: "set" })["operator"];
      if (this.accept("UNION")) operator = this.accept("ALL") ? "UNION ALL" : "UNION";
      else if (this.accept("MINUS")) operator = "MINUS";
      else if (this.accept("INTERSECT")) operator = "INTERSECT";
      else return left;
      left = { kind: "set", operator, left, right: this.queryTerm(), at };
    }
  }

  private queryTerm(): QueryBody {
    if (this.accept("(")) {
      const body = this.queryBody();
      this.expect(")");
      return body;
    }
    return { kind: "select", ...this.select() };
  }

  private select(): Select {
    const at = this.expect("SELECT");
    const distinct = this.accept("DISTINCT") || this.accept("UNIQUE");
    if (!distinct) this.accept("ALL");
    // A bare star stands alone: anything after it is refused where FROM should be.
    const star = this.token;
    const items: SelectItem[] = this.accept("*") ? [{ kind: "all", at: star }] : this.listOf(() => this.selectItem());
    const into = this.is("INTO") && this.intoAllowed && this.queryDepth === 1 ? this.intoClause() : undefined;
    // Before 23ai a query needs FROM; the stand-in keeps to that.
    if (!this.accept("FROM")) this.fail(923, "FROM keyword not found where expected", "from");
    const from = this.fromClause();
    const where = this.accept("WHERE") ? this.expression() : undefined;
    if (this.is("CONNECT") || this.is("START")) throw unsupported("hierarchical queries", this.token);
    const groupBy = this.accept("GROUP", "BY") ? this.listOf(() => this.expression()) : [];
    const having = this.accept("HAVING") ? this.expression() : undefined;
    return { distinct, items, into, from, where, groupBy, having, at };
  }

  protected intoClause(): Target[] {
    this.expect("INTO");
    const outer = this.language;
    this.language = "plsql";
    const targets = this.listOf(() => this.target());
    this.language = outer;
    return targets;
  }

  protected target(): Target {
    const at = this.token;
    if (at.kind === "bind") return { kind: "bind", index: this.bindIndex(this.next()), name: at.text, at };
    const path = this.path();
    if (!this.accept("(")) return { kind: "name", path, at };
    const index = this.expression();
    this.expect(")");
    return { kind: "element", path, index, at };
  }

  private selectItem(): SelectItem {
    const at = this.token;
    const qualified = this.qualifiedAll();
    if (qualified) return { kind: "all", qualifier: qualified, at };
    const value = this.expression();
    const source = value.kind === "name" ? value.path.at(-1)! : this.sourceSince(at);
    if (this.accept("AS")) return { kind: "expression", value, name: this.identifier() };
    return { kind: "expression", value, name: this.isIdentifier() ? this.next().text : source };
  }

  /** `t.*` or `schema.t.*` */
  private qualifiedAll(): string[] | undefined {
    for (const parts of [1, 2]) {
      const stars = Array.from({ length: parts }, (_, i) => this.is(".", this.peek(2 * i + 1))).every(Boolean);
      if (!stars || !this.is("*", this.peek(2 * parts))) continue;
      const qualifier = [this.identifier()];
      for (let i = 1; i < parts; i++) {
        this.next();
        qualifier.push(this.identifier());
      }
      this.next();
      this.next();
      return qualifier;
    }
    return undefined;
  }

  private fromClause(): From {
    return this.listOf(() => this.joined()).reduce((left, right) => ({ kind: "join", outer: false, left, right }));
  }

  private joined(): From {
    let left = this.fromItem();
    for (;;) {
      if (this.accept("CROSS", "JOIN")) {
        left = { kind: "join", outer: false, left, right: this.fromItem() };
        continue;
      }
      const outer = this.accept("LEFT", "OUTER", "JOIN") || this.accept("LEFT", "JOIN");
      if (!outer && !this.accept("INNER", "JOIN") && !this.accept("JOIN")) break;
      const right = this.fromItem();
      if (this.is("USING")) throw unsupported("JOIN … USING", this.token);
      this.expect("ON");
      left = { kind: "join", outer, left, right, on: this.expression() };
    }
    if (["RIGHT", "FULL", "NATURAL"].some((word) => this.is(word))) {
      throw unsupported("RIGHT, FULL and NATURAL joins", this.token);
    }
    return left;
  }

  private fromItem(): From {
    const at = this.token;
    if (this.accept("(")) {
      if (!this.startsQuery() && !this.is("(")) throw unsupported("joins in parentheses", at);
      const query = this.query();
      this.expect(")");
      return { kind: "derived", query, alias: this.alias() };
    }
    if (!this.isIdentifier()) this.fail(903, "invalid table name", "<a table>");
    const path = this.path();
    if (this.is("(")) throw unsupported("table functions", this.token);
    return { kind: "relation", path, alias: this.alias(), at };
  }

  private alias(): string | undefined {
    if (!this.isIdentifier() || (this.token.kind === "word" && notAlias.has(this.token.text))) return undefined;
    return this.next().text;
  }

  /** A query as a whole statement. */
  wholeQuery(): Query {
    const query = this.query();
    this.expectEnd();
    return query;
  }

  /** COMMIT, ROLLBACK, SAVEPOINT or SET TRANSACTION; `undefined` when it is something else. */
  protected transactionStatement(): TransactionStatement | undefined {
    if (this.accept("COMMIT")) {
      this.accept("WORK");
      return { kind: "commit" };
    }
    if (this.accept("ROLLBACK")) {
      this.accept("WORK");
      if (!this.accept("TO")) return { kind: "rollback" };
      this.accept("SAVEPOINT");
      return { kind: "rollback", savepoint: this.identifier() };
    }
    if (this.accept("SAVEPOINT")) return { kind: "savepoint", name: this.identifier() };
    if (!this.accept("SET", "TRANSACTION")) return undefined;
    if (this.accept("READ", "ONLY")) return { kind: "begin", isolation: "read only" };
    if (this.accept("READ", "WRITE")) return { kind: "begin", isolation: "read committed" };
    if (!this.accept("ISOLATION", "LEVEL")) this.fail(900, "invalid SQL statement", "isolation read");
    if (this.accept("SERIALIZABLE")) return { kind: "begin", isolation: "serializable" };
    if (this.accept("READ", "COMMITTED")) return { kind: "begin", isolation: "read committed" };
    this.fail(2179, "valid options: ISOLATION LEVEL { SERIALIZABLE | READ COMMITTED }", "serializable read");
  }

  wholeTransactionStatement(): TransactionStatement | undefined {
    const statement = this.transactionStatement();
    if (statement) this.expectEnd();
    return statement;
  }

  /** ALTER SESSION SET name = value, once or several times in one statement. */
  alterSession(): SessionSetting[] | undefined {
    if (!this.accept("ALTER", "SESSION")) return undefined;
    this.expect("SET");
    const settings: SessionSetting[] = [];
    do {
      const name = this.identifier();
      this.expect("=");
      if (this.token.kind === "end") this.fail(2017, "integer value required", "<a value>");
      const negative = this.accept("-");
      settings.push({ name, value: `${negative ? "-" : ""}${this.next().text}` });
    } while (this.isIdentifier());
    this.expectEnd();
    return settings;
  }

  /** The table that INSERT, UPDATE, DELETE or MERGE would change; the rest is not looked at. */
  modification(): Modification | undefined {
    const keyword = ["INSERT", "UPDATE", "DELETE", "MERGE"].find((word) => this.is(word));
    if (!keyword) return undefined;
    this.next();
    if (keyword === "INSERT" || keyword === "MERGE") this.expect("INTO");
    if (keyword === "DELETE") this.accept("FROM");
    const at = this.token;
    if (!this.isIdentifier()) this.fail(903, "invalid table name", "<a table>");
    return { path: this.path(), at };
  }

  /** First words of a statement nobody else understood, for the error. */
  opening(): string {
    return [this.token, this.peek()]
      .map((token) => token.source)
      .join(" ")
      .trim();
  }
}
