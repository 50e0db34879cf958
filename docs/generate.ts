// Writes the reference pages: npm run docs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { troubleshootingPage } from "../doctor/page";
import { commandsPage } from "./generate/commands";
import { constructsPage } from "./generate/constructs";
import { environmentPage } from "./generate/environment";

/** The generated pages by file name. */
export const pages = {
  "commands.md": commandsPage,
  "constructs.md": constructsPage,
  "environment.md": environmentPage,
  "troubleshooting.md": troubleshootingPage,
};

if (require.main === module) {
  for (const [name, page] of Object.entries(pages)) writeFileSync(join(__dirname, name), page());
}
