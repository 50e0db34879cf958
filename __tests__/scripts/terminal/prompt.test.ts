import { PassThrough } from "node:stream";
import { askSecret } from "../../../scripts/terminal/prompt";

/** A keyboard in place of standard input, and all that is shown. */
async function atTerminal<T>(typed: string, work: () => Promise<T>) {
  const { stdin } = process;
  const keyboard = new PassThrough();
  let shown = "";
  const show = (chunk: string | Uint8Array) => {
    shown += chunk;
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, "write").mockImplementation(show));
  Object.defineProperty(process, "stdin", { value: keyboard, configurable: true });
  try {
    const answer = work();
    keyboard.write(typed);
    return { result: await answer.catch((error: Error) => error), shown };
  } finally {
    Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
    for (const spy of spies) spy.mockRestore();
  }
}

test("a secret is asked for by its name and is not shown", async () => {
  const { result, shown } = await atTerminal("s3cret\r", () => askSecret("password of database user HR"));
  expect(result).toBe("s3cret");
  expect(shown).toBe("password of database user HR: \n");
});

test("Ctrl-C gives up", async () => {
  const { result, shown } = await atTerminal("s3c\u0003", () => askSecret("password"));
  expect(result).toEqual(new Error("no password was given"));
  expect(shown).not.toContain("s3c");
});
