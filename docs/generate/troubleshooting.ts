// Writes docs/troubleshooting.md: npm run troubleshooting
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { troubleshootingPage } from "../../doctor/page";

writeFileSync(join(__dirname, "../troubleshooting.md"), troubleshootingPage());
