import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { environmentSchema } from "../../config/environment";
import { cell, commentOf } from "./comments";

const folder = "config";

/** As much of a JSON schema as Zod writes of the environment's. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
}

/** The page `docs/environment.md`: types from the schema, comments from its source. */
export function environmentPage(): string {
  const schema = z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" }) as Schema;
  return `# Environment files

<!-- Written by \`npm run docs\` from ${folder}/; change it there. -->

An environment is one file in \`environments/\` and becomes one stack of the same name.
It exports what \`defineEnvironment\` of \`ords-jwt\` is given, so that an editor completes and checks it; an entry that is unknown or missing is
refused with its name by every command. [dev](../environments/dev.ts) and [prod](../environments/prod.ts) are
examples. No secret is written into the file: it names the environment variables that hold them.

${sections("", schema, new Source().initializer("environmentSchema")).join("\n")}`;
}

/** The constants of the files, by name. */
class Source {
  private readonly constants = new Map<string, ts.Expression>();

  constructor() {
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && node.initializer) this.constants.set(node.name.getText(), node.initializer);
      ts.forEachChild(node, visit);
    };
    const path = join(__dirname, "../..", folder);
    for (const name of readdirSync(path)) {
      visit(ts.createSourceFile(name, readFileSync(join(path, name), "utf8"), ts.ScriptTarget.Latest, true));
    }
  }

  initializer(name: string): SourceObject {
    const found = this.constants.get(name);
    if (!found) throw new Error(`${folder}/ has no constant ${name}`);
    return new SourceObject(found, this);
  }

  /** What a name stands for, or the expression itself. */
  resolve(expression: ts.Expression): ts.Expression {
    return (ts.isIdentifier(expression) && this.constants.get(expression.text)) || expression;
  }
}

/** An expression that makes the schema of an object, or of a list or map of objects. */
class SourceObject {
  constructor(
    private readonly expression: ts.Expression,
    private readonly source: Source,
  ) {}

  /** The entries of the object, in the order in which they are written. */
  entries(): { name: string; declaration: ts.Node; value: SourceObject }[] {
    return this.literal()?.properties.flatMap((property) => this.entriesOf(property)) ?? [];
  }

  private entriesOf(property: ts.ObjectLiteralElementLike): ReturnType<SourceObject["entries"]> {
    if (ts.isSpreadAssignment(property)) return new SourceObject(property.expression, this.source).entries();
    const name = property.name?.getText() ?? "";
    const value = ts.isPropertyAssignment(property) ? property.initializer : ts.factory.createIdentifier(name);
    return [{ name, declaration: property, value: new SourceObject(value, this.source) }];
  }

  /** The first object literal in it: what `z.strictObject` is given, however it is wrapped. */
  private literal(): ts.ObjectLiteralExpression | undefined {
    const find = (node: ts.Node): ts.ObjectLiteralExpression | undefined => {
      const resolved = ts.isExpression(node) ? this.source.resolve(node) : node;
      if (ts.isObjectLiteralExpression(resolved)) return resolved;
      return ts.forEachChild(resolved, find);
    };
    return find(this.expression);
  }
}

/** A section for an object, and after it those for the objects in it. */
function sections(name: string, schema: Schema, source: SourceObject): string[] {
  const rows = source.entries().map(({ name: entry, declaration, value }) => {
    const type = schema.properties?.[entry];
    if (!type) throw new Error(`the schema has no entry ${name} ${entry}`);
    const comment = commentOf(declaration);
    const inner = objectIn(type);
    const below = `${name && `${name}.`}${entry}${type.items ? "[]" : type.additionalProperties ? ".KEY" : ""}`;
    const isRequired = schema.required?.includes(entry) ?? false;
    const presence = comment.default ?? (isRequired ? "**required**" : "none");
    const typeText = inner ? `[${typeName(type)}](#${anchor(below)})` : typeName(type);
    return {
      row: `| \`${entry}\` | ${cell(typeText)} | ${cell(presence)} | ${cell(comment.text)} |`,
      sections: inner ? sections(below, inner, value) : [],
    };
  });
  return [
    `## ${name ? `\`${name}\`` : "The environment"}

| entry | type | default | meaning |
|---|---|---|---|
${rows.map(({ row }) => row).join("\n")}
`,
    ...rows.flatMap((row) => row.sections),
  ];
}

/** The object that a type is, or is a list or a map of. */
function objectIn(type: Schema): Schema | undefined {
  if (type.properties) return type;
  const inner = type.items ?? (type.additionalProperties || undefined);
  return inner && objectIn(inner);
}

function typeName(type: Schema): string {
  if (type.enum) return type.enum.map((value) => `\`${value}\``).join(" | ");
  if (type.items) return `list of ${typeName(type.items)}`;
  if (type.properties) return "object";
  if (type.additionalProperties) return `map of ${typeName(type.additionalProperties)}`;
  if (type.pattern?.startsWith("^ocid1")) return "OCID";
  if (type.format === "uri") return "URL";
  if (type.format === "email") return "email address";
  if (type.type === "integer") return "whole number";
  if (type.type) return type.type === "string" ? "text" : type.type;
  return "attributes";
}

function anchor(name: string): string {
  return name.toLowerCase().replace(/[^\w]/g, "");
}
