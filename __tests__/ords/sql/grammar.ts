/** Parses the statements of our scripts by the grammar of PL/SQL that is published for ANTLR: `npm run grammar`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { acceptedForms, statementForms } from "./forms";

// Neither package declares types that TypeScript finds here; the first loads eight megabytes of grammar.
const [grammarPackage, runtimePackage]: string[] = ["@griffithswaite/ts-plsql-parser", "antlr4"];

/** The first thing that is wrong with a statement, if any. */
async function problemIn(text: string, rule: "anonymous_block" | "select_statement"): Promise<string | undefined> {
  const { PlSqlLexer, PlSqlParser } = await import(grammarPackage!);
  const { CharStreams, CommonTokenStream, ErrorListener, PredictionMode } = await import(runtimePackage!);
  const problems: string[] = [];
  class Listener extends ErrorListener {
    syntaxError(_recognizer: unknown, _symbol: unknown, line: number, column: number, message: string) {
      problems.push(`line ${line}, column ${column + 1}: ${message}`);
    }
  }
  // The grammar knows its words in upper case, and leaves the semicolon to the script around a statement.
  const lexer = new PlSqlLexer(CharStreams.fromString(text.replace(/;$/, "").toUpperCase()));
  const parser = new PlSqlParser(new CommonTokenStream(lexer));
  for (const each of [lexer, parser]) {
    each.removeErrorListeners();
    each.addErrorListener(new Listener());
  }
  parser._interp.predictionMode = PredictionMode.SLL;
  parser[rule]();
  const next = parser.getCurrentToken();
  if (next.type !== -1) problems.push(`line ${next.line}: nothing is to follow, but there is ${next.text}`);
  return problems[0];
}

async function main(): Promise<void> {
  const accepted = new Set(existsSync(acceptedForms) ? readFileSync(acceptedForms, "utf8").trim().split("\n") : []);
  const forms = [...statementForms()];
  if (!(await problemIn("BEGIN ORDS.DELETE_MODULE(p_module_name => ); END;", "anonymous_block"))) {
    throw new Error("the grammar accepts a call without a value: it does not look");
  }
  let failed = 0;
  for (const [form, { kind, text }] of forms.filter(([each]) => !accepted.has(each))) {
    const problem = await problemIn(text, kind === "block" ? "anonymous_block" : "select_statement");
    console.log(`${form} ${problem ? `REFUSED: ${problem}\n${text}` : "ok"}`);
    if (problem) failed += 1;
    else accepted.add(form);
  }
  writeFileSync(
    acceptedForms,
    `${forms
      .flatMap(([form]) => (accepted.has(form) ? form : []))
      .sort()
      .join("\n")}\n`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
