import type { Block, Declaration, Expression, Query, Statement, Target } from "./ast";
import { compileError, unsupported } from "./errors";
import { SqlParser } from "./sql-parser";

/** Anonymous blocks and CALL. */
export class BlockParser extends SqlParser {
  private blockDepth = 0;

  /** The whole statement: `[DECLARE …] BEGIN … END;` or `CALL p(…)`. */
  wholeBlock(): Block {
    this.language = "plsql";
    const at = this.token;
    if (this.accept("CALL")) {
      const call = this.callStatement();
      this.expectEnd();
      return { declarations: [], body: [call], handlers: [], at };
    }
    const block = this.labelledBlock();
    if (this.token.kind !== "end") this.syntaxError("end of statement");
    return block;
  }

  protected override query(): Query {
    const outer = this.language;
    if (outer === "plsql") this.language = "sql in plsql";
    const query = super.query();
    this.language = outer;
    return query;
  }

  private labelledBlock(): Block {
    if (++this.blockDepth > 100) throw unsupported("blocks nested deeper than 100", this.token);
    if (this.accept("<<")) {
      this.identifier();
      this.expect(">>");
    }
    const at = this.token;
    const declarations: Declaration[] = [];
    if (this.accept("DECLARE")) while (!this.is("BEGIN")) declarations.push(this.declaration());
    if (!this.accept("BEGIN")) this.syntaxError("begin declare");
    const body = this.statements("EXCEPTION", "END");
    const handlers: Block["handlers"] = [];
    if (this.accept("EXCEPTION")) {
      do handlers.push(this.handler());
      while (this.is("WHEN"));
    }
    this.expect("END");
    if (this.isIdentifier()) this.next();
    this.expect(";");
    this.blockDepth -= 1;
    return { declarations, body, handlers, at };
  }

  private handler(): Block["handlers"][number] {
    const at = this.token;
    this.expect("WHEN");
    const others = this.accept("OTHERS");
    const names = others ? ("OTHERS" as const) : [this.path()];
    while (names !== "OTHERS" && this.accept("OR")) names.push(this.path());
    this.expect("THEN");
    return { names, body: this.statements("WHEN", "END"), at };
  }

  private declaration(): Declaration {
    const at = this.token;
    if (this.accept("PRAGMA")) return this.exceptionInit();
    for (const word of ["TYPE", "SUBTYPE", "CURSOR", "PROCEDURE", "FUNCTION"]) {
      if (this.is(word) && this.isIdentifier(this.peek())) throw unsupported(`${word} in a DECLARE section`, at);
    }
    const name = this.identifier();
    if (this.accept("EXCEPTION")) {
      this.expect(";");
      return { kind: "exception", name, at };
    }
    const constant = this.accept("CONSTANT");
    const type = this.typeName();
    const notNull = this.accept("NOT", "NULL");
    const initial = this.accept(":=") || this.accept("DEFAULT") ? this.expression() : undefined;
    if (!initial && (constant || notNull)) this.syntaxError(":= default");
    this.expect(";");
    return { kind: "variable", name, type, constant, notNull, initial, at };
  }

  private exceptionInit(): Declaration {
    const at = this.token;
    if (!this.accept("EXCEPTION_INIT", "(")) throw unsupported("this pragma", at);
    const name = this.identifier();
    this.expect(",");
    const sign = this.accept("-") ? -1 : 1;
    const number = sign * Number(this.next().text);
    if (!Number.isInteger(number) || number >= 0) this.syntaxError("<a negative integer>");
    this.expect(")");
    this.expect(";");
    return { kind: "exceptionInit", name, number, at };
  }

  private statements(...ends: string[]): Statement[] {
    const list: Statement[] = [];
    do list.push(this.statement());
    while (!ends.some((word) => this.is(word)));
    return list;
  }

  private statement(): Statement {
    const at = this.token;
    if (this.is("<<") || this.is("DECLARE") || this.is("BEGIN")) {
      if (this.is("<<") && !this.is("DECLARE", this.peek(3)) && !this.is("BEGIN", this.peek(3))) {
        throw unsupported("labels on loops", at);
      }
      return { kind: "block", block: this.labelledBlock(), at };
    }
    if (this.is("IF")) return this.ifStatement();
    if (this.is("CASE")) throw unsupported("the CASE statement; use IF", at);
    if (this.is("FOR")) return this.forLoop();
    if (this.accept("WHILE")) {
      const condition = this.expression();
      return { kind: "loop", condition, body: this.loopBody(), at };
    }
    if (this.is("LOOP")) return { kind: "loop", body: this.loopBody(), at };
    const simple = this.simpleStatement();
    this.expect(";");
    return simple;
  }

  private simpleStatement(): Statement {
    const at = this.token;
    if (this.accept("NULL")) return { kind: "null", at };
    if (this.is("EXIT") || this.is("CONTINUE") || (this.is("RETURN") && !this.is("(", this.peek()))) {
      const how = this.next().text.toLowerCase() as "exit" | "continue" | "return";
      if (this.isIdentifier()) throw unsupported("labels", this.token);
      const when = how !== "return" && this.accept("WHEN") ? this.expression() : undefined;
      return { kind: "leave", how, when, at };
    }
    if (this.accept("RAISE")) return { kind: "raise", path: this.is(";") ? undefined : this.path(), at };
    if (this.accept("EXECUTE", "IMMEDIATE")) return this.executeImmediate(at);
    if (this.is("SELECT") || this.is("WITH")) return this.selectInto();
    if (["OPEN", "FETCH", "CLOSE", "FORALL", "GOTO", "PIPE"].some((word) => this.areNextStatement(word))) {
      throw unsupported(`${at.text} in PL/SQL`, at);
    }
    const modified = this.modification();
    if (modified) {
      while (!this.is(";") && this.token.kind !== "end") this.next();
      return { kind: "modify", statement: modified, at };
    }
    const transaction = this.transactionStatement();
    if (transaction) return { kind: "transaction", statement: transaction, at };
    if (at.kind !== "bind" && !this.isIdentifier()) {
      this.syntaxError(
        "( begin case declare exit for if loop null raise return select while <an identifier> <a bind variable>",
      );
    }
    return this.assignmentOrCall();
  }

  private areNextStatement(word: string): boolean {
    return this.is(word) && this.isIdentifier(this.peek());
  }

  private assignmentOrCall(): Statement {
    const at = this.token;
    if (at.kind === "bind") return this.assignment(this.target());
    const path = this.path();
    if (this.is(":=")) return this.assignment({ kind: "name", path, at });
    if (!this.is("(")) return { kind: "call", path, arguments: [], at };
    const given = this.callArguments();
    if (!this.is(":=")) return { kind: "call", path, arguments: given, at };
    const index = given[0];
    if (given.length !== 1 || !index || index.name !== undefined) this.syntaxError("one index");
    return this.assignment({ kind: "element", path, index: index.value, at });
  }

  private assignment(target: Target): Statement {
    if (!this.accept(":=")) this.syntaxError(":= . ( ;");
    return { kind: "assign", target, value: this.expression(), at: target.at };
  }

  private callStatement(): Statement {
    const at = this.token;
    const path = this.path();
    return { kind: "call", path, arguments: this.is("(") ? this.callArguments() : [], at };
  }

  private ifStatement(): Statement {
    const at = this.expect("IF");
    const branches: [Expression, Statement[]][] = [];
    do {
      const condition = this.expression();
      this.expect("THEN");
      branches.push([condition, this.statements("ELSIF", "ELSE", "END")]);
    } while (this.accept("ELSIF"));
    const otherwise = this.accept("ELSE") ? this.statements("END") : [];
    this.expect("END");
    this.expect("IF");
    this.expect(";");
    return { kind: "if", branches, otherwise, at };
  }

  private forLoop(): Statement {
    const at = this.expect("FOR");
    const name = this.identifier();
    this.expect("IN");
    if (this.is("(") && (this.is("SELECT", this.peek()) || this.is("WITH", this.peek()))) {
      this.next();
      const query = this.query();
      this.expect(")");
      return { kind: "forQuery", name, query, body: this.loopBody(), at };
    }
    const reverse = this.accept("REVERSE");
    const low = this.expression();
    this.expect("..");
    return { kind: "forRange", name, reverse, low, high: this.expression(), body: this.loopBody(), at };
  }

  private loopBody(): Statement[] {
    this.expect("LOOP");
    const body = this.statements("END");
    this.expect("END");
    this.expect("LOOP");
    this.expect(";");
    return body;
  }

  private selectInto(): Statement {
    const at = this.token;
    this.intoAllowed = true;
    const query = this.query();
    this.intoAllowed = false;
    if (query.body.kind !== "select" || !query.body.into) {
      throw compileError(at, "PLS-00428: an INTO clause is expected in this SELECT statement");
    }
    return { kind: "selectInto", query, into: query.body.into, at };
  }

  private executeImmediate(at: Statement["at"]): Statement {
    const sql = this.expression();
    const into = this.is("INTO") ? this.intoClause() : [];
    const using = this.accept("USING")
      ? this.listOf(() => {
          if (this.is("OUT") || this.areNext("IN", "OUT")) throw unsupported("USING OUT", this.token);
          this.accept("IN");
          return this.expression();
        })
      : [];
    return { kind: "executeImmediate", sql, into, using, at };
  }

  private syntaxError(expected: string): never {
    this.fail(900, "invalid SQL statement", expected);
  }
}
