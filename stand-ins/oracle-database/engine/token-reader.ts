import { compileError, ora } from "./errors";
import { isPlsql, type Token } from "./tokens";

/** Words that cannot name anything unless quoted. */
const reserved = new Set(
  `ACCESS ADD ALL ALTER AND ANY AS ASC AUDIT BETWEEN BY CHAR CHECK CLUSTER COLUMN COMMENT COMPRESS CONNECT CREATE CURRENT
  DATE DECIMAL DEFAULT DELETE DESC DISTINCT DROP ELSE EXCLUSIVE EXISTS FILE FLOAT FOR FROM GRANT GROUP HAVING IDENTIFIED
  IMMEDIATE IN INCREMENT INDEX INITIAL INSERT INTEGER INTERSECT INTO IS LEVEL LIKE LOCK LONG MAXEXTENTS MINUS MODE MODIFY
  NOAUDIT NOCOMPRESS NOT NOWAIT NULL NUMBER OF OFFLINE ON ONLINE OPTION OR ORDER PCTFREE PRIOR PUBLIC RAW RENAME RESOURCE
  REVOKE ROW ROWID ROWNUM ROWS SELECT SESSION SET SHARE SIZE SMALLINT START SUCCESSFUL SYNONYM SYSDATE TABLE THEN TO TRIGGER
  UID UNION UNIQUE UPDATE USER VALIDATE VALUES VARCHAR VARCHAR2 VIEW WHENEVER WHERE WITH
  BEGIN CASE DECLARE ELSIF END EXCEPTION GOTO IF LOOP WHEN WHILE`.split(/\s+/),
);

/** A cursor over the tokens of one statement, and the errors for what does not fit. */
export class TokenReader {
  private position = 0;
  private readonly bindIndexes = new Map<string, number>();
  private bindCount = 0;
  private readonly distinctBinds: boolean;
  /** SQL inside a PL/SQL block reports its errors in the PL/SQL way. */
  protected language: "sql" | "plsql" | "sql in plsql" = "sql";

  constructor(private readonly tokens: Token[]) {
    this.distinctBinds = isPlsql(tokens);
  }

  protected get token(): Token {
    return this.tokens[this.position]!;
  }

  protected peek(distance = 1): Token {
    return this.tokens[Math.min(this.position + distance, this.tokens.length - 1)]!;
  }

  protected next(): Token {
    const token = this.token;
    if (token.kind !== "end") this.position += 1;
    return token;
  }

  protected is(text: string, token = this.token): boolean {
    return token.text === text && (token.kind === "word" || token.kind === "symbol");
  }

  /** True when these words or symbols come next, in this order. */
  protected areNext(...texts: string[]): boolean {
    for (let i = 0; i < texts.length; i += 1) if (!this.is(texts[i]!, this.peek(i))) return false;
    return true;
  }

  protected accept(...texts: string[]): boolean {
    if (!this.areNext(...texts)) return false;
    this.position += texts.length;
    return true;
  }

  protected expect(text: string): Token {
    if (this.is(text)) return this.next();
    if (text === ")") this.fail(907, "missing right parenthesis", text);
    if (text === "(") this.fail(906, "missing left parenthesis", text);
    this.fail(905, "missing keyword", text);
  }

  protected expectEnd(): void {
    if (this.token.kind !== "end") this.fail(933, "SQL command not properly ended", "end of statement");
  }

  protected isIdentifier(token = this.token): boolean {
    return token.kind === "quoted" || (token.kind === "word" && !reserved.has(token.text));
  }

  protected identifier(): string {
    if (!this.isIdentifier()) this.fail(904, `${this.token.source}: invalid identifier`, "<an identifier>");
    return this.next().text;
  }

  /** `a`, `a.b` or `a.b.c`; only the first part must not be a reserved word. */
  protected path(): string[] {
    const path = [this.identifier()];
    while (this.is(".") && ["word", "quoted"].includes(this.peek().kind)) {
      this.next();
      path.push(this.next().text);
    }
    return path;
  }

  protected listOf<T>(read: () => T): T[] {
    const list = [read()];
    while (this.accept(",")) list.push(read());
    return list;
  }

  /** The position of a bind among the values the client sends. */
  protected bindIndex(token: Token): number {
    const known = this.distinctBinds ? this.bindIndexes.get(token.text) : undefined;
    if (known !== undefined) return known;
    this.bindIndexes.set(token.text, this.bindCount);
    return this.bindCount++;
  }

  /** Text of the tokens since `start`, as Oracle names a column without alias. */
  protected sourceSince(start: Token): string {
    const from = this.tokens.lastIndexOf(start, this.position);
    const part = this.tokens.slice(from, this.position);
    return part.map((token) => (token.kind === "string" ? token.source : token.source.toUpperCase())).join("");
  }

  protected fail(number: number, text: string, expected: string, token = this.token): never {
    if (this.language === "sql") throw ora(number, text, token.offset);
    if (this.language === "sql in plsql") throw compileError(token, `PL/SQL: ${ora(number, text).message}`);
    const symbol = token.kind === "end" ? "end-of-file" : token.source;
    throw compileError(
      token,
      `PLS-00103: Encountered the symbol "${symbol}" when expecting one of the following:\n\n   ${expected}`,
    );
  }
}
