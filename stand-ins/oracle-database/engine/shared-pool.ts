import type { Block, Query } from "./ast";
import { BlockParser } from "./plsql-parser";
import { SqlParser } from "./sql-parser";
import { bindNames, type Token, tokenize } from "./tokens";

/** How much is kept, in characters of the statements: what is made of them takes some fifty bytes for each. */
const size = 400_000;

/** A statement's text, and what was made of it so far. */
export class ParsedStatement {
  readonly tokens: Token[];
  readonly bindNames: string[];
  private parsedQuery: Query | undefined;
  private parsedBlock: Block | undefined;

  constructor(sql: string) {
    this.tokens = tokenize(sql);
    this.bindNames = bindNames(this.tokens);
  }

  get query(): Query {
    this.parsedQuery ??= new SqlParser(this.tokens).wholeQuery();
    return this.parsedQuery;
  }

  get block(): Block {
    this.parsedBlock ??= new BlockParser(this.tokens).wholeBlock();
    return this.parsedBlock;
  }
}

/** By their texts, those that were not used for longest first. */
const statements = new Map<string, ParsedStatement>();
let kept = 0;

/** The statement, parsed once for all sessions as in Oracle's shared pool. */
export function parsed(sql: string): ParsedStatement {
  const known = statements.get(sql);
  if (known) statements.delete(sql);
  const statement = known ?? new ParsedStatement(sql);
  statements.set(sql, statement);
  if (!known) kept += sql.length;
  for (const oldest of statements.keys()) {
    if (kept <= size) break;
    statements.delete(oldest);
    kept -= oldest.length;
  }
  return statement;
}
