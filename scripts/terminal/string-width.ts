let measure: typeof import("fast-string-width").default | undefined;

/** How many columns of a screen a text takes. Its library is loaded for the first one: most runs of a command measure nothing. */
export function stringWidth(text: string): number {
  measure ??= (require("fast-string-width") as typeof import("fast-string-width")).default;
  return measure(text);
}
