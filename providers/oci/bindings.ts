import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { generateProviderBindingsFromSchema } from "@cdktf/provider-generator";

const root = join(__dirname, "..", "..");
(async () => {
  const schema = JSON.parse(readFileSync(join(__dirname, "schema.json"), "utf8"));
  await generateProviderBindingsFromSchema(join(root, ".gen"), schema);
})();
