import { PassThrough } from "node:stream";
import type { Command, Option } from "commander";
import { program } from "../../scripts/cli";
import { Terminal } from "../../scripts/terminal/terminal";

/** A command line, and what is on standard input. */
export interface Call {
  readonly args: readonly string[];
  readonly input?: "token" | "no token";
  /** With two options, of which one is for the form of what is printed. */
  readonly isPair?: boolean;
}

/** What options and arguments that take a value are given. */
export interface Values {
  readonly url: string;
  /** An undo script. */
  readonly file: string;
  /** By option, what nothing works without. */
  readonly needed: Readonly<Record<string, string>>;
  /** By option, what it takes otherwise. @default - the URL */
  readonly known: Readonly<Record<string, string>>;
}

/** Every command with nothing but what it needs, with each of its options, and with pairs that print in another form. */
export function everyCall(values: Values): Call[] {
  const root = program(new Terminal(new PassThrough(), new PassThrough(), new PassThrough()));
  return [
    ...["--help", "--version"].map((flag) => ({ args: [flag] })),
    ...root.commands.flatMap((command) => callsOf(command, [], values)),
    ...["bash", "zsh", "fish", "powershell"].map((shell) => ({ args: ["completion", shell] })),
    { args: ["complete", "--", "register", ""] },
    ...mistaken,
  ];
}

/** Calls that are wrong, with something in them that should not have been typed. */
const mistaken: readonly Call[] = [
  { args: ["verify", "local", "--url", "https://ann:Typed-Secret-77@api.example.com/"] },
  { args: ["doctor", "local", "--url", "ann:Typed-Secret-77@api.example.com/"] },
  { args: ["postman", "local", "--url", "ftp://ann:Typed-Secret-77@api.example.com/"] },
  { args: ["doctor", "local", "--token", "Typed-Secret-77"] },
  { args: ["token", "decode", "Typed-Secret-77"] },
];

function callsOf(command: Command, path: readonly string[], values: Values): Call[] {
  const name = [...path, command.name()];
  // Those commands write one that is not there yet.
  const environment = ["init", "import"].includes(command.name()) ? "made" : "local";
  const required = command.registeredArguments
    .map((argument) => argument.name())
    .filter((argument) => argument !== "-")
    .map((argument) => (argument === "file" ? values.file : environment));
  const base = [...name, ...required, ...needed(command, values)];
  const input = name.includes("decode") ? ("token" as const) : undefined;
  const options = command.options.filter(({ long }) => !base.includes(long ?? ""));
  const given = options.flatMap((option) => valuesOf(option, values));
  const forms = given.filter(([flag]) => /^--(json|markdown|verbose|quiet)$/.test(flag!));
  const calls = [base, [...name, "--help"], ...given.map((more) => [...base, ...more])];
  const pairs = given
    .filter((more) => !forms.includes(more))
    .flatMap((more) => forms.map((form) => [...base, ...more, ...form]));
  const asCall = (args: string[]): Call => (args.includes("-") || input ? { args, input: "token" } : { args });
  return [
    ...calls.map(asCall),
    ...pairs.map((args) => ({ ...asCall(args), isPair: true })),
    ...(input ? [{ args: base, input: "no token" as const }] : []),
    ...command.commands.flatMap((inner) => callsOf(inner, name, values)),
  ];
}

/** What lets a command come to its end with nobody there. */
function needed(command: Command, { url, needed }: Values): string[] {
  const has = (long: string) => command.options.some((option) => option.long === long);
  return [
    ...(has("--yes") ? ["--yes"] : []),
    ...Object.entries({ "--timeout": "2", "--url": url, ...needed }).flatMap((one) => (has(one[0]) ? one : [])),
  ];
}

function valuesOf({ long, argChoices, required, optional }: Option, values: Values): string[][] {
  if (!long) return [];
  // By the other ways to sign in to OCI, addresses of a cloud are asked.
  if (long === "--auth") return [[long, "ApiKey"]];
  if (argChoices) return argChoices.map((choice) => [long, choice]);
  if (!required && !optional) return [[long]];
  return [[long, values.known[long] ?? values.url]];
}
