import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { type EnvironmentInput, parseEnvironment } from "../../config/environment";
import { environment } from "../../config/environments";
import { OrdsJwtStack } from "../../constructs/ords-jwt-stack";
import dev from "../../environments/dev";
import { parseOrdsOutput } from "../../ords/output";
import { desiredState } from "../../ords/plan/desired";
import { cases, pages, root } from "./pages";

/** Code blocks of a language, without the indentation that they have in a list. */
function blocks(text: string, language: string): string[] {
  const found = text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, "gms"));
  return [...found].map(([, indent = "", code = ""]) => code.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

const withBlocks = (language: string) =>
  cases.flatMap(({ path, text }) => blocks(text, language).map((code, index) => ({ path, code, number: index + 1 })));

type Entries = Partial<EnvironmentInput & EnvironmentInput["database"]>;

/** A whole environment around entries of one, or of its `database`. */
function around(entries: Entries): EnvironmentInput {
  const { domain, users, groups, ...rest } = dev;
  if ("connection" in entries) return { ...dev, database: { ...dev.database, ...entries } };
  return { ...rest, ...(!entries.existingDomain && { domain }), app: { ...dev.app, grantedTo: [] }, ...entries };
}

test.each(withBlocks("ts"))("$path: example $number is a valid part of an environment file", ({ code }) => {
  const entries = new Function(`return { ${code} };`)();
  const environment = parseEnvironment("docs", around(entries));
  const project = Testing.app();
  if (environment.existingDomain?.environment) new OrdsJwtStack(project, environment.existingDomain.environment, dev);
  expect(() => new OrdsJwtStack(project, "docs", environment)).not.toThrow();
});

test("docs/how-to/many-apis.md: the two files make an environment in the domain of dev", () => {
  const [stages = "", orders = ""] = blocks(pages.get("docs/how-to/many-apis.md")!, "typescript");
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "many-apis-"));
  mkdirSync(join(folder, "environments"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/ords-jwt"));
  writeFileSync(join(folder, "stages.ts"), stages);
  writeFileSync(join(folder, "environments/dev-orders.ts"), orders);
  copyFileSync(join(root, "environments/dev.ts"), join(folder, "environments/dev.ts"));
  process.chdir(folder);
  try {
    expect(environment("dev-orders")).toMatchObject({
      existingDomain: { environment: "dev" },
      app: { displayName: "orders-api-dev", audience: "https://orders.dev.example.com/" },
      database: { schema: "ORDERS", passwordVariable: "DEV_ORDERS_PASSWORD" },
    });
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
});

test("an example that is not valid is found", () => {
  expect(() => parseEnvironment("docs", around({ jwtProfile: { allowedSkew: 5 } } as Entries))).toThrow(
    /did you mean "allowedSkewSeconds"/,
  );
});

test.each(withBlocks("json").filter(({ code }) => code.includes('"version"')))(
  "$path: example $number is a usable hand-over file",
  ({ code }) => {
    expect(desiredState(parseOrdsOutput(JSON.parse(code), "the example")).privileges).toHaveLength(1);
  },
);

test.each(withBlocks("json"))("$path: example $number is JSON", ({ code }) => {
  expect(() => JSON.parse(code)).not.toThrow();
});
