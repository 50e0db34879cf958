import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { environmentNames } from "../../config/environment-names";
import { environmentPage } from "../../docs/generate/environment";
import { program } from "../../scripts/cli";
import { Terminal } from "../../scripts/terminal/terminal";
import { cases, root } from "./pages";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const cdktfCommands = ["synth", "diff", "deploy", "destroy", "output", "list"];

/** The program, parsing as it does, and doing nothing then. */
function prepared(): Command {
  const quiet = { writeOut: () => {}, writeErr: () => {} };
  const harmless = (command: Command): Command => {
    command.configureOutput(quiet).exitOverride();
    if (command.parent) command.action(() => {});
    command.commands.forEach(harmless);
    return command;
  };
  return harmless(program(new Terminal()));
}

/** Command lines of ours in code blocks and code: from the name of the program to what ends a command. */
function commandLines(text: string): string[] {
  const code = [...text.matchAll(/^```\w*\n(.*?)^```|`([^`\n]+)`/gms)].map((match) => match[1] ?? match[2]!);
  const lines = code
    .join("\n")
    .replace(/\\\n\s*/g, " ")
    .split("\n");
  return lines
    .flatMap((line) =>
      [...line.matchAll(/\b((npx (ords-jwt|cdktf)|npm( run)?) [^|>&;)#,"(]*|npm (cit|start))/g)].map(
        ([found]) => found,
      ),
    )
    .map((line) =>
      line
        .replace(/ <.*/, "")
        .replace(/(?<= )\d$/, "")
        .trim(),
    );
}

/** Why a command line is wrong; undefined for a right one. */
function fault(line: string): string | undefined {
  const [tool, name = "", ...rest] = line.split(/\s+/).map((word) => word.replace(/^'|'$/g, ""));
  if (tool === "npm") return npmFault(name, rest);
  return name === "cdktf" ? cdktfFault(rest) : ordsJwtFault(rest);
}

function npmFault(name: string, rest: readonly string[]): string | undefined {
  if (["ci", "cit", "i", "install", "pack", "publish", "start", "test"].includes(name)) return undefined;
  const [script, dashes, ...args] = rest;
  if (name === "run" && script === undefined) return undefined;
  if (name !== "run" || !script || !scripts[script]) return `there is no npm script ${script}`;
  return scripts[script].includes("ords-jwt.js") && dashes === "--" ? ordsJwtFault([script, ...args]) : undefined;
}

function cdktfFault([command = "", stack]: readonly string[]): string | undefined {
  if (!cdktfCommands.includes(command)) return `cdktf has no command ${command}`;
  return stack === undefined || stack.startsWith("-") ? undefined : unknownEnvironment(stack);
}

function ordsJwtFault(args: readonly string[]): string | undefined {
  try {
    // ENV stands for the reader's own, by whatever name.
    prepared().parse(
      args.map((arg) => (arg === "ENV" ? "local" : arg)),
      { from: "user" },
    );
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    if (code !== "commander.helpDisplayed") return message;
  }
  const [name, environment = ""] = args;
  const [argument] = prepared().commands.find((command) => command.name() === name)?.registeredArguments ?? [];
  if (argument?.name() !== "environment" || (environment === "" && !argument.required)) return undefined;
  return name === "token" && environment === "decode" ? undefined : unknownEnvironment(environment);
}

function unknownEnvironment(name: string): string | undefined {
  return ["ENV", "--help", "--all", ...environmentNames()].includes(name)
    ? undefined
    : `there is no environment ${name}`;
}

const ci = ["docs/ci/action.yml", "docs/ci/oci-devops-build-spec.yaml"].map((path) => {
  const text = readFileSync(join(root, path), "utf8").replace(/"\$\{?ENVIRONMENT\}?"/g, "ENV");
  return { path, text: `\`\`\`\n${text}\`\`\`` };
});

test.each(ci)("$path: it has command lines", ({ text }) => {
  expect(commandLines(text).length).toBeGreaterThan(1);
});

test.each([...cases, ...ci])("$path: every command line parses", ({ text }) => {
  const faults = commandLines(text).map((line) => ({ line, fault: fault(line) }));
  expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([]);
});

test("a wrong command line is found", () => {
  const wrong = [
    "npx ords-jwt register dev --paln",
    "npx ords-jwt registre dev",
    "npx cdktf deploy devel",
    "npm run nothing",
  ];
  expect(commandLines(`\`\`\`sh\n${wrong.join("\n")}\n\`\`\``).map(fault)).toEqual([
    expect.stringMatching(/unknown option '--paln'/),
    expect.stringMatching(/unknown command 'registre'/),
    "there is no environment devel",
    "there is no npm script nothing",
  ]);
  expect(commandLines("`npx ords-jwt token dev --json | jq .expires_at`")).toEqual(["npx ords-jwt token dev --json"]);
});

test.each(cases)("$path: every flag in the text is one of a command's", ({ text }) => {
  const known = new Set(
    prepared()
      .commands.flatMap((command) => [command, ...command.commands])
      .flatMap(({ options }) => options.map(({ long }) => long)),
  );
  // Flags of others, in lines of their own.
  const ofOthers =
    /^--(help|keep|empty|from-provider|secret-id|user|query|raw-output|from-json|access|provenance|repeat|ignore-missing-stack-dependencies)$/;
  const flags = [...text.matchAll(/(?<=^|[\s`(])--[a-z][\w-]*/gm)].map(([flag]) => flag);
  expect(flags.filter((flag) => !known.has(flag) && !ofOthers.test(flag))).toEqual([]);
});

test.each(cases)("$path: every environment entry that is named with a dot exists", ({ text }) => {
  const rows = environmentPage().split("\n");
  const entries = new Set<string>();
  let section = "";
  for (const row of rows) {
    section = /^## `(.*)`/.exec(row)?.[1]?.replace(/\[\]|\.KEY/g, "") ?? section;
    const entry = /^\| `(\w+)`/.exec(row)?.[1];
    if (entry) entries.add(section ? `${section}.${entry}` : entry);
  }
  const objects = [...entries].filter((entry) => !entry.includes(".")).join("|");
  const named = [...text.matchAll(new RegExp(`\`((?:${objects})(?:\\.\\w+)+)\``, "g"))].map((match) => match[1]!);
  expect(
    named.filter((name) => !entries.has(name.replace(".KEY", "")) && !name.startsWith("database.connection.")),
  ).toEqual([]);
});

test("docs/privileges.md says what every command needs", () => {
  const rows = readFileSync(join(root, "docs/privileges.md"), "utf8");
  const lines = prepared().commands.map((command) => {
    const environment = command.registeredArguments[0]?.name() === "environment" ? " ENV" : "";
    return `\`npx ords-jwt ${command.name()}${environment}`;
  });
  expect(lines.filter((line) => !rows.includes(line))).toEqual([]);
});
