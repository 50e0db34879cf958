import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where an installed Chrome usually is. */
const installed = [
  process.env.CHROME_PATH ?? "",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The package carries a Chromium for this platform only. */
const carried = process.platform === "linux" && process.arch === "x64";
const chrome = installed.find((path) => path !== "" && existsSync(path));

/** Whether there is any browser to test with. */
export const hasBrowser = carried || chrome !== undefined;

/** A headless Chromium: the installed Chrome that CHROME_PATH names, the one of the package, or any installed one. */
export async function launchBrowser(): Promise<Browser> {
  if (!carried || process.env.CHROME_PATH) return chromium.launch({ executablePath: chrome, headless: true });
  // In a single process, as the package would have it, the whole browser ends with the first context that is closed.
  const { default: carriedChromium } = await import("@sparticuz/chromium");
  return chromium.launch({
    executablePath: await carriedChromium.executablePath(),
    args: carriedChromium.args.filter((arg) => arg !== "--single-process"),
    headless: true,
  });
}
