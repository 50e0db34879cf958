/** What stands in an object or list of the text; other values are not looked into. */
interface Entry {
  readonly line: number;
  /** By key or index. @default - a value that is not looked into */
  readonly entries?: Map<string, Entry>;
  /** Something in it gets its key only when it runs, so that what is not found may stand there. */
  readonly isOpen?: boolean;
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const tokenForm =
  /\/\/.*|\/\*[\s\S]*?\*\/|(["'])(?:\\.|(?!\1)[^\\\n])*\1|`(?:\\[\s\S]|[^\\`])*`|[\w$\u0080-\uffff]+|\.{3}|\S/g;

/** Finds lines of entries in the text of an environment file, without running it; says nothing where the text does not tell. */
export class EntryLines {
  readonly #tokens: readonly Token[];
  readonly #root: Entry | undefined;
  #at = 0;

  constructor(source: string, name: string) {
    let [line, from] = [1, 0];
    this.#tokens = [...source.matchAll(tokenForm)].flatMap(({ 0: text, index }) => {
      line += source.slice(from, index).split("\n").length - 1;
      from = index;
      return /^\/[/*]/.test(text) ? [] : [{ text, line }];
    });
    this.#root = this.#exported(name);
  }

  /** Of the entry; of what should hold it, when it is missing there; of what is known to hold it, when no more is known. */
  ofPath(path: readonly PropertyKey[]): number | undefined {
    let entry = this.#root;
    for (const key of path) {
      const inner = entry?.entries?.get(String(key));
      if (inner === undefined) return entry?.isOpen && entry === this.#root ? undefined : entry?.line;
      entry = inner;
    }
    return entry?.line;
  }

  /** Of a text or key that stands in the file just once. */
  ofText(text: string): number | undefined {
    const found = this.#tokens.filter((token) => unquoted(token.text) === text);
    return found.length === 1 ? found[0]?.line : undefined;
  }

  #exported(name: string): Entry | undefined {
    const start = this.#after("export", "default") ?? this.#afterConst(name);
    const variable = start === undefined ? undefined : this.#tokens[start];
    if (start === undefined || variable === undefined) return undefined;
    return this.#literal(start) ?? this.#literal(this.#afterConst(variable.text));
  }

  #after(...texts: string[]): number | undefined {
    const start = this.#tokens.findIndex((_token, index) =>
      texts.every((text, i) => this.#tokens[index + i]?.text === text),
    );
    return start < 0 ? undefined : start + texts.length;
  }

  #afterConst(name: string): number | undefined {
    const start = this.#after("const", name);
    const equals = this.#tokens.findIndex(({ text }, index) => index >= (start ?? 0) && text === "=");
    return start === undefined || equals < 0 ? undefined : equals + 1;
  }

  /** The object that begins there, by itself or given to defineEnvironment. */
  #literal(start: number | undefined): Entry | undefined {
    if (start === undefined) return undefined;
    this.#at = this.#tokens[start]?.text === "defineEnvironment" ? start + 2 : start;
    return this.#next() === "{" ? this.#value() : undefined;
  }

  #next(): string | undefined {
    return this.#tokens[this.#at]?.text;
  }

  #line(): number {
    return this.#tokens[this.#at]?.line ?? 0;
  }

  /** Reads up to what ends a value. */
  #value(line = this.#line()): Entry {
    const first = this.#next();
    const literal = first === "{" ? this.#object() : first === "[" ? this.#list() : undefined;
    const after = this.#next();
    this.#skip();
    // `[...].concat(...)` is not what its first part says.
    const isWhole = literal !== undefined && [",", "}", "]", ")", ";", "as", "satisfies", undefined].includes(after);
    return isWhole ? { ...literal, line } : { line };
  }

  #object(): Omit<Entry, "line"> {
    const entries = new Map<string, Entry>();
    let isOpen = false;
    for (this.#at++; this.#next() !== "}" && this.#next() !== undefined; this.#comma()) {
      const line = this.#line();
      const key = this.#next() ?? "";
      this.#at++;
      const after = this.#next();
      if (after === ":" && /^[\w$"'\u0080-\uffff]/.test(key)) {
        this.#at++;
        entries.set(unquoted(key), this.#value(line));
      } else if (after === "," || after === "}") {
        entries.set(key, { line });
      } else {
        // It may replace those before it.
        if (key === "...") entries.clear();
        isOpen = true;
        this.#at--;
        this.#skip();
      }
    }
    this.#at++;
    return { entries, isOpen };
  }

  #list(): Omit<Entry, "line"> {
    const entries = new Map<string, Entry>();
    let isOpen = false;
    for (this.#at++; this.#next() !== "]" && this.#next() !== undefined; this.#comma()) {
      // From there on the numbers are not known.
      isOpen ||= this.#next() === "...";
      const entry = this.#value();
      if (!isOpen) entries.set(String(entries.size), entry);
    }
    this.#at++;
    return { entries, isOpen };
  }

  #comma(): void {
    if (this.#next() === ",") this.#at++;
  }

  /** To the comma or bracket that ends what surrounds it. */
  #skip(): void {
    for (let depth = 0; this.#next() !== undefined; this.#at++) {
      const text = this.#next() ?? "";
      const closes = [")", "]", "}"].includes(text);
      if (depth === 0 && (closes || text === ",")) return;
      depth += closes ? -1 : ["(", "[", "{"].includes(text) ? 1 : 0;
    }
  }
}

function unquoted(text: string): string {
  return /^["']/.test(text) ? text.slice(1, -1) : text;
}
