import { readFileSync } from "node:fs";
import { join } from "node:path";
import { causes } from "../../doctor/diagnose";
import { troubleshootingPage } from "../../doctor/page";

test("docs/troubleshooting.md lists what the doctor looks for (else: npm run docs)", () => {
  expect(readFileSync(join(__dirname, "../../docs/troubleshooting.md"), "utf8")).toBe(troubleshootingPage());
});

test("every cause has an id of its own, and says why it gives 401 and what mends it", () => {
  expect(new Set(causes.map(({ id }) => id)).size).toBe(causes.length);
  for (const { why, remedy, looksAt } of causes) for (const text of [why, remedy, looksAt]) expect(text).not.toBe("");
});
