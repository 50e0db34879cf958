import type { Spinner } from "yocto-spinner";
import type { Terminal } from "./terminal";

/** A person is looking, and the lines of other programs do not come in between. */
const isLive = ({ stderr, verbose }: Terminal) => stderr.isTTY === true && !process.env.CI && !verbose;

/** What is under way at one terminal, drawn as one line. */
interface Drawing {
  readonly drawn: Spinner;
  readonly titles: Set<string>;
}

const drawings = new WeakMap<Terminal, Drawing>();

export interface StepOptions {
  /** Print a line where nobody looks on, too. @default true */
  readonly plain?: boolean;
}

/** What is said of a step at its end beside its title, and whether it went well. */
interface Said {
  readonly words: string;
  readonly ok: boolean;
}

/**
 * Shows that a step is under way and, at its end, how long it took: a spinner for a person, a plain line elsewhere. On standard
 * error, since standard output is for results. Several may be under way at once.
 */
export async function step<T>(
  terminal: Terminal,
  title: string,
  work: () => Promise<T>,
  { plain = true }: StepOptions = {},
  saying: (result: T) => Said = () => ({ words: "", ok: true }),
): Promise<T> {
  if (terminal.quiet) return work();
  const begin = performance.now();
  const drawing = isLive(terminal) ? begun(terminal, title) : undefined;
  try {
    const result = await work();
    const took = `${((performance.now() - begin) / 1000).toFixed(1)} s`;
    const { words, ok } = saying(result);
    const said = words === "" ? title : `${title}: ${words}`;
    if (drawing) ended(terminal, drawing, title, (drawn) => drawn[ok ? "success" : "error"](`${said} (${took})`));
    else if (plain) terminal.error(words === "" ? `${said}: ${took}` : `${said} (${took})`);
    return result;
  } catch (error) {
    if (drawing) ended(terminal, drawing, title, (drawn) => drawn.error(title));
    throw error;
  }
}

function begun(terminal: Terminal, title: string): Drawing {
  const drawing = drawings.get(terminal) ?? { drawn: spinner(terminal), titles: new Set() };
  drawings.set(terminal, drawing);
  drawing.titles.add(title);
  draw(terminal, drawing);
  return drawing;
}

function spinner({ stderr }: Terminal): Spinner {
  const { default: make } = require("yocto-spinner") as typeof import("yocto-spinner");
  return make({ stream: stderr });
}

/** A line stays of what has ended; the others go on below it. */
function ended(terminal: Terminal, drawing: Drawing, title: string, end: (drawn: Drawing["drawn"]) => void): void {
  drawing.titles.delete(title);
  end(drawing.drawn);
  terminal.live = undefined;
  if (drawing.titles.size > 0) draw(terminal, drawing);
}

function draw(terminal: Terminal, { drawn, titles }: Drawing): void {
  drawn.text = [...titles].join(", ");
  drawn.start();
  // What is printed meanwhile on standard output takes the place of the line.
  terminal.live = drawn;
}
