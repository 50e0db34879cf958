import { ora } from "./errors";
import { integer } from "./numbers";
import type { Package, Subprogram } from "./packages";
import type { OutputBuffer } from "./session-context";

function procedure(
  name: string,
  parameters: Subprogram["parameters"],
  run: (buffer: OutputBuffer, given: Parameters<Subprogram["run"]>[0]) => void,
): Subprogram {
  return {
    name,
    parameters,
    run: (given, session) => {
      run(session.output, given);
      return null;
    },
  };
}

function put(buffer: OutputBuffer, text: string | null): void {
  if (!buffer.enabled) return;
  if (Buffer.byteLength(buffer.partial + (text ?? "")) > 32767) {
    throw ora(20000, "ORU-10028: line length overflow, limit of 32767 bytes per line");
  }
  buffer.partial += text ?? "";
}

function endLine(buffer: OutputBuffer): void {
  if (buffer.enabled) buffer.lines.push(buffer.partial);
  buffer.partial = "";
}

/** Lines are kept only after ENABLE, as in Oracle. */
export const dbmsOutput: Package = {
  owner: "SYS",
  name: "DBMS_OUTPUT",
  subprograms: [
    procedure("ENABLE", [{ name: "BUFFER_SIZE", type: "NUMBER", default: { number: "20000" } }], (buffer) => {
      buffer.enabled = true;
    }),
    procedure("DISABLE", [], (buffer) => {
      buffer.enabled = false;
      buffer.lines.length = 0;
      buffer.partial = "";
    }),
    procedure("PUT", [{ name: "A", type: "VARCHAR2" }], (buffer, given) => put(buffer, given.text("A"))),
    procedure("NEW_LINE", [], endLine),
    procedure("PUT_LINE", [{ name: "A", type: "VARCHAR2" }], (buffer, given) => {
      put(buffer, given.text("A"));
      endLine(buffer);
    }),
    procedure(
      "GET_LINE",
      [
        { name: "LINE", type: "VARCHAR2", out: true },
        { name: "STATUS", type: "NUMBER", out: true },
      ],
      (buffer, given) => {
        const line = buffer.lines.shift();
        given.assign("LINE", line || null);
        given.assign("STATUS", integer(line === undefined ? 1 : 0));
      },
    ),
  ],
};
