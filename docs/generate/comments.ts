import ts from "typescript";

export interface Comment {
  readonly text: string;
  /** What is written behind `@default`. */
  readonly default: string | undefined;
}

/** The TSDoc of a declaration, on one line. */
export function commentOf(node: ts.Node): Comment {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "default");
  const text = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment;
  return { text: oneLine(text), default: tag && oneLine(tag.comment).replace(/^- /, "") };
}

/** For a cell of a table. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function oneLine(comment: Parameters<typeof ts.getTextOfJSDocComment>[0]): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
}
