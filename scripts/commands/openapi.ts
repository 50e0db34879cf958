import { basename } from "node:path";
import { parse, stringify } from "yaml";
import { ConfigurationError } from "../../config/configuration-error";
import { environment } from "../../config/environments";
import { listed } from "../../errors";
import { readActual } from "../../ords/database/read";
import { withFileErrors, writePrivateFile } from "../../private-folder";
import { apiUrl } from "../api-url";
import { withConnection } from "../database";
import { type NamedDocument, parseDocument, schemaRoot, secured } from "../openapi";
import { catalogOf } from "../openapi-catalog";
import { clean } from "../terminal/clean";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { stackOutputs } from "../terraform/outputs";
import { readText } from "../text-file";

export interface OpenapiFlags {
  /** Any URL of the schema. @default - `apiUrl` of the environment */
  readonly url?: string;
  /** Documents fetched otherwise. @default - the schema's catalog */
  readonly file?: readonly string[];
  /** @default - standard output */
  readonly output?: string;
  /** @default - by the end of the output file's name, JSON otherwise */
  readonly format?: "json" | "yaml";
}

/** Prints or writes the schema's OpenAPI document with the OAuth 2.0 security of its operations. */
export async function openapi(name: string, flags: OpenapiFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  const url = apiUrl(flags.url, target);
  if (!url && !flags.file) {
    throw new ConfigurationError(
      `where is the schema published? give --url, set apiUrl in environments/${name}.ts, or give documents with --file`,
    );
  }
  const files = flags.file?.map(fromFile);
  const { ords } = await stackOutputs(name);
  const actual = await step(terminal, `read schema ${ords.schema}`, () =>
    withConnection(target, terminal, (connection) => readActual(connection, target.database.schema)),
  );
  const documents =
    files ?? (await step(terminal, "read the catalog of ORDS", () => catalogOf(schemaRoot(url ?? "", actual))));
  const { document, counts, notes } = secured(documents, ords, actual, url);
  const text = written(document, flags);
  if (flags.output === undefined) terminal.log(text.trimEnd());
  else withFileErrors(flags.output, () => writePrivateFile(flags.output ?? "", text));

  if (actual.profile === null) {
    terminal.error(
      `warning: schema ${ords.schema} has no JWT profile yet, so it takes no token: npx ords-jwt register ${name}`,
    );
  }
  if (terminal.quiet) return;
  const { protected: closed, public: open, unknown } = counts;
  const told = `operations: ${closed} protected, ${open} public, ${unknown} not known`;
  if (notes.length > 0) terminal.error(`what is said in descriptions:\n${listed(notes.map(clean))}`);
  terminal.error(flags.output === undefined ? told : `written: ${clean(flags.output)} (${told})`);
}

function fromFile(file: string): NamedDocument {
  let value: unknown;
  try {
    const text = readText(file);
    value = text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`${file} is neither JSON nor YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  return { name: basename(file).replace(/\.(json|ya?ml)$/i, ""), document: parseDocument(value, file) };
}

function written(
  document: object,
  { output, format = /\.ya?ml$/i.test(output ?? "") ? "yaml" : "json" }: OpenapiFlags,
) {
  return format === "yaml"
    ? stringify(document, { aliasDuplicateObjects: false })
    : `${JSON.stringify(document, null, 2)}\n`;
}
