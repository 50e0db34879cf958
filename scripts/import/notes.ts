/** Something that the environment file cannot say, or that it is not to say. */
export interface Note {
  readonly what: string;
  readonly means: string;
  /** What to do about it; undefined when nothing has to be done. */
  readonly todo: string | undefined;
}

/** Everything that is there and that the environment file does not say. */
export class Notes {
  /** In the way of the first `diff`. */
  readonly first: Note[] = [];
  /** The first deploy changes it. */
  readonly changes: Note[] = [];
  /** Stays as it is: neither Terraform nor register touches it. */
  readonly stays: Note[] = [];

  add(kind: "first" | "changes" | "stays", what: string, means: string, todo?: string): void {
    this[kind].push({ what, means, todo });
  }
}

/** Short, and in one line: others wrote it. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
}
