import type { Block, Query } from "./ast";
import { BlockParser } from "./plsql-parser";
import { SqlParser } from "./sql-parser";
import { bindNames, type Token, tokenize } from "./tokens";

/** How many statements are kept. */
const size = 200;
/** Texts above this length are parsed each time, in characters: they seldom come again. */
const longest = 10_000;

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

const statements = new Map<string, ParsedStatement>();

/** The statement, parsed once for all sessions as in Oracle's shared pool. */
export function parsed(sql: string): ParsedStatement {
  const known = statements.get(sql);
  if (known) return known;
  const statement = new ParsedStatement(sql);
  if (sql.length > longest) return statement;
  for (const oldest of statements.keys()) {
    if (statements.size < size) break;
    statements.delete(oldest);
  }
  statements.set(sql, statement);
  return statement;
}
