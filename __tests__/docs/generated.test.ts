import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "../../docs/generate";
import { root } from "./pages";

test.each(Object.entries(pages))("docs/%s is what the code says (else: npm run docs)", (name, page) => {
  expect(readFileSync(join(root, "docs", name), "utf8")).toBe(page());
});
