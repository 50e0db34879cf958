import { PassThrough } from "node:stream";
import { askSecret } from "../../../scripts/terminal/prompt";
import { Terminal } from "../../../scripts/terminal/terminal";

/** A keyboard in place of standard input, and all that is shown. */
async function atTerminal<T>(typed: string, work: (terminal: Terminal) => Promise<T>) {
  const keyboard = new PassThrough();
  const screen = new PassThrough();
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
