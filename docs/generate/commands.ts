import type { Command } from "commander";
import { environmentNames } from "../../config/environment-names";
import { failures } from "../../errors";
import { program } from "../../scripts/cli";
import { Terminal } from "../../scripts/terminal/terminal";

/** The page `docs/commands.md`: what `--help` prints, of every command. */
export function commandsPage(): string {
  const ordsJwt = program(new Terminal());
  const commands = ordsJwt.commands.flatMap((command) => [command, ...command.commands]);
  return `# Commands

<!-- Written by \`npm run docs\` from scripts/cli.ts; change it there. -->

A command is run as \`npx ords-jwt\`, its name, and the name of an environment. Those that only look have an alias, \`npm run\`, its
name, \`--\` and the rest. Those that write have none, because npm keeps a flag that comes without the \`--\` for itself: with a forgotten \`--\`, a
\`--plan\` would write. What each command needs to be allowed is in [privileges](privileges.md).

| exit code | means |
|---|---|
| 0 | done, or in sync |
| 1 | something differs, or a check failed |
| 2 | called wrongly: an unknown flag or environment, an invalid environment file or outputs file |
| 3 | something outside could not be reached or refused, or an unexpected error |
| 4 | blocked: what is asked for would be refused. \`BLOCKED\` and the reason are the first line of text and Markdown |

| command | what it does |
|---|---|
${commands.map((command) => `| [${nameOf(command)}](#${nameOf(command).replace(" ", "-")}) | ${command.description()} |`).join("\n")}

${commands.map(section).join("\n")}
## Codes of failures

With \`--json\`, a command that fails has an \`error\` in what it prints, with a \`message\` for a person and a \`code\` for a program. A code stays
what it is. A difference or a failed check is not an error: the rest of what is printed says what it is.

| exit code | code | means |
|---|---|---|
${Object.entries(failures)
  .map(([code, { exitCode, means }]) => `| ${exitCode} | \`${code}\` | ${means} |`)
  .join("\n")}
`;
}

function section(command: Command): string {
  return `## ${nameOf(command)}\n\n\`\`\`\n${help(command)}\n\`\`\`\n`;
}

/** `token decode`, without the name of the program. */
function nameOf(command: Command): string {
  return command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();
}

function help(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (written) => (text += written), getOutHelpWidth: () => 110 }).outputHelp();
  // Who adds an environment does not change this page.
  return text.trimEnd().replace(environmentNames().join(", "), "those in environments/");
}
