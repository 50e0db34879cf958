import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { cell, commentOf } from "./comments";

const root = join(__dirname, "../..");
const folder = join(root, "constructs");

/** The page `docs/constructs.md`: the constructs and their props, as their TSDoc describes them. */
export function constructsPage(): string {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  const program = createProgram(files.map((name) => join(folder, name)));
  const checker = program.getTypeChecker();
  const statements = files.flatMap((name) => [...(program.getSourceFile(join(folder, name))?.statements ?? [])]);
  const constructs = statements.filter(isConstruct).map((node) => section(node, checker));
  const types = statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ name }) =>
      constructs.some((text) => new RegExp(`\`[^\`]*\\b${name.text}\\b[^\`]*\``).test(tables(text))),
    )
    .map((node) => typeSection(node, checker));
  return `# Constructs

<!-- Written by \`npm run docs\` from the comments in constructs/; change them there. -->

What Terraform declares. An environment file needs none of this: [OrdsJwtStack](#ordsjwtstack) makes the constructs that the
file asks for. They are for anyone who builds a stack of their own. Every rule that a construct breaks is an error at synth that says
the value received, what is allowed and what to do; the rules are in [rules.ts](../constructs/rules.ts).

${[...constructs, ...types].join("\n\n")}
`;
}

/** Of the project's own files only: the bindings are large, and no prop is of their types. */
function createProgram(rootNames: string[]): ts.Program {
  const options: ts.CompilerOptions = { strict: true, lib: ["lib.es2022.d.ts"], types: [] };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => {
      const resolvedFileName = `${join(from, "..", text)}.ts`;
      const isOurs = text.startsWith(".");
      return { resolvedModule: isOurs ? { resolvedFileName, extension: ts.Extension.Ts } : undefined };
    });
  return ts.createProgram({ rootNames, options, host });
}

function isConstruct(node: ts.Statement): node is ts.ClassDeclaration {
  if (!ts.isClassDeclaration(node) || !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    return false;
  return (
    node.heritageClauses?.some((clause) => /^extends (Construct|TerraformStack)\b/.test(clause.getText())) ?? false
  );
}

function section(node: ts.ClassDeclaration, checker: ts.TypeChecker): string {
  const name = node.name!.text;
  const path = relative(root, node.getSourceFile().fileName);
  const construct = node.members.find(ts.isConstructorDeclaration);
  const parameters = construct?.parameters ?? [];
  const signature = parameters.map((parameter) => parameter.getText()).join(", ");
  const props = parameters[2]?.name.getText() === "props" ? checker.getTypeAtLocation(parameters[2]) : undefined;
  const publicMembers = node.members.filter(isPublic);
  return [
    `## ${name}`,
    commentOf(node).text,
    `[${path}](../${path}) · \`new ${name}(${signature})\``,
    ...(props
      ? [table(["prop", "type", "default", "meaning"], props.getProperties().map(declarationOf).map(propRow))]
      : []),
    ...listOf("Attributes", publicMembers.filter(ts.isPropertyDeclaration)),
    ...listOf("Methods", publicMembers.filter(ts.isMethodDeclaration)),
  ].join("\n\n");
}

/** A section without its heading and its constructor, which name the props themselves. */
function tables(text: string): string {
  return text.split("\n").slice(6).join("\n");
}

function typeSection(node: ts.InterfaceDeclaration, checker: ts.TypeChecker): string {
  const properties = checker
    .getTypeAtLocation(node)
    .getProperties()
    .flatMap(({ declarations = [] }) => declarations);
  const rows = properties.filter(ts.isPropertySignature).map(propRow);
  const parts = [`## ${node.name.text}`, commentOf(node).text, table(["entry", "type", "default", "meaning"], rows)];
  return parts.filter(Boolean).join("\n\n");
}

function declarationOf(symbol: ts.Symbol): ts.PropertySignature {
  const declaration = symbol.declarations?.[0];
  if (!declaration || !ts.isPropertySignature(declaration)) throw new Error(`no declaration of ${symbol.name}`);
  return declaration;
}

function propRow(property: ts.PropertySignature): string[] {
  const comment = commentOf(property);
  const presence = comment.default ?? (property.questionToken ? "none" : "**required**");
  return [`\`${property.name.getText()}\``, code(property.type?.getText() ?? ""), presence, comment.text];
}

function isPublic(node: ts.ClassElement): boolean {
  return !ts.canHaveModifiers(node) || !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
}

function listOf(title: string, members: readonly (ts.PropertyDeclaration | ts.MethodDeclaration)[]): string[] {
  if (members.length === 0) return [];
  return [
    `${title}:`,
    members.map((member) => `- ${code(signatureOf(member))} ${commentOf(member).text}`.trim()).join("\n"),
  ];
}

function signatureOf(member: ts.PropertyDeclaration | ts.MethodDeclaration): string {
  const text = ts.isMethodDeclaration(member) ? member.getText().slice(0, member.body!.pos - member.getStart()) : "";
  if (text) return text;
  return [member.name.getText(), member.type?.getText() ?? (member as ts.PropertyDeclaration).initializer?.getText()]
    .filter(Boolean)
    .join(": ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text.replace(/\s+/g, " ").trim()}\``;
}
