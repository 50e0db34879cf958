// Writes docs/troubleshooting.md: npm run troubleshooting
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { troubleshootingPage } from "../oauth/doctor/page";

writeFileSync(join(__dirname, "../docs/troubleshooting.md"), troubleshootingPage());
