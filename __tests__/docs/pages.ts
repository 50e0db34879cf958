import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "../..");

/** README, changelog and everything in docs/ that is written in Markdown: path in the project, and text. */
export const pages = new Map(
  [
    ...readdirSync(root).filter((name) => name.endsWith(".md")),
    ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join("docs", name)),
  ].map((path) => [path, readFileSync(join(root, path), "utf8")]),
);

/** Every page, as the cases of a test. */
export const cases = [...pages].map(([path, text]) => ({ path, text }));
