import { PassThrough } from "node:stream";
import { confirm } from "../../../scripts/terminal/confirm";
import { askSecret } from "../../../scripts/terminal/prompt";
import { Terminal } from "../../../scripts/terminal/terminal";

/** A keyboard in place of standard input, and all that is shown. */
async function atTerminal<T>(typed: string, work: (terminal: Terminal) => Promise<T>) {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true });
  const screen = Object.assign(new PassThrough(), { isTTY: true });
  const answer = work(new Terminal(keyboard, screen, screen));
  keyboard.write(typed);
  const result = await answer.catch((error: Error) => error);
  return { result, shown: String(screen.read() ?? "") };
}

test("a secret is asked for by its name and is not shown", async () => {
  const { result, shown } = await atTerminal("s3cret\r", (terminal) =>
    askSecret("password of database user HR", terminal),
  );
  expect(result).toBe("s3cret");
  expect(shown).toBe("password of database user HR: \n");
});

test("Ctrl-C gives up", async () => {
  const { result, shown } = await atTerminal("s3c\u0003", (terminal) => askSecret("password", terminal));
  expect(result).toEqual(new Error("no password was given"));
  expect(shown).not.toContain("s3c");
});

test.each([
  ["the name", "dev\r", undefined],
  ["another one", "prod\r", 'nothing was changed: "prod" is not "dev"'],
  ["Ctrl-C", "de\u0003", "nothing was changed: there was no answer"],
  ["the end of the input", "\u0004", "nothing was changed: there was no answer"],
])("what cannot be taken back is confirmed by its name alone: %s", async (_what, typed, refusal) => {
  const { result, shown } = await atTerminal(typed, (terminal) => confirm("This destroys it.", "dev", false, terminal));
  expect(shown).toContain("This destroys it. Type the name of the environment to go on: ");
  expect((result as Error | undefined)?.message).toBe(refusal);
});
