import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { ConfigurationError } from "../../config/configuration-error";
import { withFileErrors, writePrivateFile } from "../../private-folder";
import type { Terminal } from "../terminal/terminal";
import { Html, html } from "./html";
import { style } from "./style";

/** A page of one file. */
export interface Page {
  readonly title: string;
  /** What it is about: a name and a value each. */
  readonly facts: readonly (readonly [string, string])[];
  readonly body: Html;
  /** Without it everything is there to be read, too. @default - none */
  readonly script?: string;
}

/** The page as a document that loads nothing and sends nothing. */
export function pageOf({ title, facts, body, script }: Page, time: Date): string {
  // A frame cannot be forbidden from within the page.
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const stamp = `${time.toISOString().replace("T", " ").slice(0, 16)} UTC`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<h1>${title}</h1>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}<div><dt>As of</dt><dd>${stamp}</dd></div></dl>
</header>
<main id="main">
${body}
</main>
<footer>Made by ords-jwt. The page is one file and loads nothing.</footer>
${script !== undefined && new Html(`<script>${script}</script>`)}
</body>
</html>
`.text;
}

/**
 * Writes a page for its owner alone and says where.
 * @throws ConfigurationError when the name is a folder's, FileError when the system refuses
 */
export function writePage(file: string, page: Page, terminal: Terminal): void {
  withFileErrors(file, () => {
    if (existsSync(file) && statSync(file).isDirectory()) {
      throw new ConfigurationError(
        `--html ${file} is a folder: name a file, for example ${file.replace(/\/*$/, "")}/page.html`,
      );
    }
    writePrivateFile(file, pageOf(page, new Date()));
  });
  terminal.error(`written: ${file}`);
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
