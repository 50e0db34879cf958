import { accessOfAll } from "../../access/all";
import type { AccessMap } from "../../access/model";
import { accessMermaidOfAll } from "../mermaid";
import { accessPageOfAll } from "../pages/access-of-all";
import { writePage } from "../pages/page";
import { renderAccessOfAll } from "../terminal/render-access-of-all";
import type { Terminal } from "../terminal/terminal";
import { isQuiet, type Row } from "./outcome";
import { documentOf, renderTable } from "./table";
import type { Told } from "./told";

/** One map of all that could be read; the table says what could not. */
export function showMapOfAll(rows: readonly Row[], flags: Told, terminal: Terminal): void {
  const read = accessOfAll(rows.flatMap(({ document }) => (document ? [document as AccessMap] : [])));
  const missing = rows.filter((row) => !isQuiet(row));
  const unread = missing.map(({ environment, summary }) => ({
    what: `all of it, since it could not be read: ${summary}`,
    stacks: [environment],
  }));
  const all = { ...read, unseen: [...unread, ...read.unseen] };
  if (flags.html !== undefined) writePage(flags.html, accessPageOfAll(all), terminal);
  if (flags.json) {
    terminal.json({ ...documentOf(rows), clients: all.clients });
  } else if (flags.mermaid) {
    terminal.log(accessMermaidOfAll(all));
    for (const row of missing) terminal.error(`not in the diagram: ${row.environment}: ${row.summary}`);
  } else {
    if (flags.html === undefined) terminal.log(`${renderAccessOfAll(all, flags.unfold)}\n`);
    terminal.log(renderTable(rows));
  }
}
