import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { step } from "../../../scripts/terminal/progress";
import { beginRun, remember } from "../../../scripts/terminal/secrets";
import { Terminal } from "../../../scripts/terminal/terminal";
import { wrapped } from "../../../scripts/terminal/wrap";

/** A terminal that a person looks at, or a log. */
function open(isTTY: boolean, columns = 40) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) => {
    const through = new PassThrough();
    through.on("data", (chunk) => {
      written[name] += chunk;
    });
    const none = () => true;
    return Object.assign(through, { isTTY, columns, cursorTo: none, moveCursor: none, clearLine: none });
  };
  return { terminal: new Terminal(new PassThrough(), stream("stdout"), stream("stderr")), written };
}

let env: NodeJS.ProcessEnv;
beforeEach(() => {
  env = process.env;
  process.env = { ...env, TERM: "xterm", COLUMNS: undefined, CI: undefined };
  delete process.env.CI;
  delete process.env.COLUMNS;
  beginRun({});
});
afterEach(() => {
  process.env = env;
});

/** Two steps, of which the second ends first. */
async function twoSteps(terminal: Terminal): Promise<void> {
  let end = () => {};
  const first = step(
    terminal,
    "first",
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  await step(terminal, "second", async () => terminal.log("result"));
  end();
  await first;
}

test("to a person, steps under way are one line, of which each leaves its own when it ends", async () => {
  const { terminal, written } = open(true);
  await twoSteps(terminal);
  const shown = stripVTControlCharacters(written.stderr);
  expect(shown).toMatch(/first, second[\s\S]*✔ second \(\d+\.\d s\)\n[\s\S]*first[\s\S]*✔ first \(\d+\.\d s\)\n$/);
  // The cursor that was hidden is back.
  expect(written.stderr.lastIndexOf("\u001b[?25h")).toBeGreaterThan(written.stderr.lastIndexOf("\u001b[?25l"));
  expect(written.stdout).toBe("result\n");
});

test("in a log each is a plain line, and with --quiet there is none", async () => {
  const { terminal, written } = open(false);
  await twoSteps(terminal);
  expect(written.stderr).toMatch(/^second: \d+\.\d s\nfirst: \d+\.\d s\n$/);
  const quiet = open(true);
  quiet.terminal.quiet = true;
  await twoSteps(quiet.terminal);
  expect(quiet.written.stderr).toBe("");
});

test("a step that fails says so, and passes on why", async () => {
  const { terminal, written } = open(true);
  await expect(step(terminal, "third", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(stripVTControlCharacters(written.stderr)).toMatch(/✖ third\n$/);
});

const long =
  "  + create    privilege hello.read: https://example.com/a/very/long/address/that/stays/one/piece and more";

test("lines end where the terminal does, where COLUMNS says, and nowhere in a log or for programs", () => {
  const person = open(true);
  person.terminal.print(long);
  expect(person.written.stdout.split("\n").length).toBeGreaterThan(2);
  const log = open(false);
  log.terminal.print(long);
  person.terminal.log(long);
  expect(log.written.stdout).toBe(`${long}\n`);
  expect(person.written.stdout).toContain(long);
  process.env.COLUMNS = "60";
  log.terminal.print(long);
  expect(log.written.stdout.split("\n").length).toBeGreaterThan(3);
  for (const nonsense of ["0", "-80", "wide", ""]) {
    process.env.COLUMNS = nonsense;
    const other = open(false);
    other.terminal.print(long);
    expect(other.written.stdout).toBe(`${long}\n`);
  }
});

test("no word and no address is cut, and what goes on stands below its column", () => {
  for (const columns of [20, 40, 60, 80]) {
    const words = (text: string) => text.split(/\s+/);
    expect(words(wrapped(long, columns))).toEqual(words(long));
  }
  expect(wrapped("      scopes    one two three four five six seven", 34)).toBe(
    "      scopes    one two three four\n                five six seven",
  );
  expect(wrapped("note: one two three four", 20)).toBe("note: one two\n  three four");
});

test.each([
  ["Chinese", "  名前  日本語 日本語 日本語 日本語", "  名前  日本語\n        日本語\n        日本語\n        日本語"],
  [
    "emoji",
    "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
    "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦\n  👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
  ],
])("columns are counted as a terminal draws %s", (_what, text, expected) => {
  expect(wrapped(text, 20)).toBe(expected);
});

test("a secret goes before it could end up in two lines", () => {
  remember("correct horse battery staple");
  const { terminal, written } = open(true, 30);
  terminal.print("the password is correct horse battery staple, they say");
  expect(written.stdout).toMatch(/\(hidden\)/);
  expect(written.stdout).not.toMatch(/horse|battery/);
});
