import { Writable } from "node:stream";
import { show } from "../../../scripts/terminal/browser";
import { Terminal } from "../../../scripts/terminal/terminal";

test.each(["javascript:alert(1)", "vscode://file/etc/passwd", "file:///etc/passwd", "http://domain.example.com/"])(
  "%s is neither opened nor printed as an address",
  async (address) => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    });
    const shown = show(new URL(address), true, "sign in", new Terminal(process.stdin, stream, stream));
    await expect(shown).rejects.toThrow(/is not an https URL/);
    expect(written).toEqual([]);
  },
);
