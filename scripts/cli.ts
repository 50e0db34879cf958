import { Command, InvalidArgumentError, Option } from "commander";
import { environmentNames, requireEnvironment } from "../config/environment-names";
import { authenticationTypes, tokenGrants } from "../config/words";
import { Failure } from "../errors";
import { useProxy } from "../oauth/proxy";
import { hideWarningsOfErrors } from "./oci/sdk-warnings";
import { cleanOutput } from "./terminal/clean";
import { addCompletion, isCompletion } from "./terminal/completion";
import { report } from "./terminal/failure";
import { beginRun, takePasswords } from "./terminal/secrets";
import { Terminal } from "./terminal/terminal";

/** Parses the process's command line, runs the command and sets the exit code. */
export async function main(argv: string[]): Promise<void> {
  // What we write to disk is nobody else's business.
  process.umask(0o077);
  // A reader that has seen enough, such as head, is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
  const terminal = new Terminal();
  // Also what a library still says when the command is over.
  terminal.takeConsole();
  hideWarningsOfErrors(console);
  const fail = (error: unknown) => report(error, terminal, argv.includes("--json"));
  // What goes wrong where nobody waits for it ends the process as anything else does, and leaves by the same way.
  process.once("uncaughtException", (error) => process.exit(fail(error)));
  try {
    useProxy();
  } catch (error) {
    process.exitCode = fail(error);
    return;
  }
  process.exitCode = await run(argv.slice(2), terminal);
}

/**
 * Runs one command; what it reads and writes besides files and network is the terminal's.
 * @param args what stands behind `ords-jwt`
 * @returns the exit code
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  beginRun(process.env);
  const restoreConsole = terminal.takeConsole();
  hideWarningsOfErrors(console);
  try {
    const declared = program(terminal);
    if (isCompletion(args)) addCompletion(declared, terminal);
    await declared.parseAsync(args, { from: "user" });
    terminal.end();
    return 0;
  } catch (error) {
    return report(error, terminal, args.includes("--json"));
  } finally {
    restoreConsole();
  }
}

/** The commands, declared: what one needs is loaded when it is called. */
export function program(terminal: Terminal): Command {
  const program = new Command("ords-jwt")
    .description("Protect ORDS APIs with tokens of an OCI IAM identity domain.")
    .version(require("ords-jwt/package.json").version)
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(cleanOutput(text)),
      writeErr: (text) => terminal.stderr.write(cleanOutput(text)),
    })
    .addHelpText(
      "after",
      "\nExit codes: 0 done or in sync, 1 differs or a check failed, 2 called wrongly, 3 something outside failed,\n4 blocked: what is asked for would be refused.\nShell completion: source <(npx ords-jwt completion bash), or zsh, fish, powershell.",
    );
  // So that --help needs no driver and no SDK.
  const load =
    (file: string, name = file) =>
    (...args: unknown[]) =>
      require(`./commands/${file}`)[name](...args.slice(0, -1), terminal);
  const anyCommand = (name: string, summary: string, example = "") =>
    program
      .command(name)
      .description(summary)
      .option("--quiet", "print errors and what was asked for, nothing on the way")
      .option("--verbose", "print all that Terraform prints, and where an unexpected error came from")
      .addHelpText("after", `\nExample: npx ords-jwt ${name} ${example}`.trimEnd())
      .exitOverride();
  const known = `one of ${environmentNames().join(", ") || "none yet: see init"}`;
  const command = (name: string, summary: string, example: string) =>
    anyCommand(name, summary, example).argument("<environment>", known);
  /** For one environment, or for several by --all. */
  const severalCommand = (name: string, summary: string, example: string) => {
    const declared = anyCommand(name, summary, example)
      .argument("[environment]", known)
      .option("--all [patterns...]", "several environments, by names or patterns such as 'dev-*'; all by default")
      .option("--concurrency <number>", "how many of them at once", count, 4);
    return Object.assign(declared, {
      action(one: (...args: unknown[]) => unknown) {
        Reflect.deleteProperty(declared, "action");
        return declared.action((environment, { all, concurrency, ...flags }) => {
          if (all !== undefined && environment !== undefined) {
            declared.error(`error: name environment ${environment} behind --all, or leave --all out`);
          }
          if (all !== undefined) return load("../all/run", "runAll")(name, { all, concurrency, ...flags }, declared);
          if (environment === undefined) declared.error("error: missing required argument 'environment'");
          return one(environment, flags, declared);
        });
      },
    });
  };

  program
    .command("init")
    .description("write an environment file, and what a project needs beside it")
    .argument("[environment]", "its name; dev by default")
    .option("--yes", "take every default, and ask nothing")
    .option("--offline", "look nothing up in OCI and the database")
    .option("--local", "write the environment of npm start, against stand-ins on this machine")
    .option("--profile <name>", "profile of the OCI configuration file")
    .option("--region <region>", "home region of the tenancy")
    .option("--compartment <ocid>", "compartment of the identity domain to make")
    .option("--domain-name <name>", "name of the identity domain to make")
    .option("--existing-domain <domain>", "URL or OCID of an identity domain that exists")
    .option("--user-mail <mail>", "mail address of a first user")
    .option("--app-name <name>", "name of the application")
    .option("--api-url <url>", "a REST API to call as a proof")
    .option("--audience <audience>", "primary audience, a URL that ends in a slash")
    .option("--connect-string <string>", "connect string of the database")
    .option("--wallet <folder>", "folder of the wallet")
    .option("--user <name>", "database user to log in as")
    .option("--password-variable <name>", "environment variable that holds the password")
    .option("--schema <name>", "REST-enabled schema that holds the modules")
    .option("--module <name...>", "modules to protect")
    .option("--quiet", "print errors and what was asked for, nothing on the way")
    .option("--verbose", "print where an unexpected error came from")
    .addHelpText("after", "\nExample: npx ords-jwt init dev --offline")
    .exitOverride()
    .action(load("init"));

  severalCommand("register", "register JWT profile and privileges in the database", "dev --plan")
    .option(
      "--plan",
      "show what would change and write nothing; exit code 1 when something would, 4 when it is blocked",
    )
    .addOption(new Option("--json", "print the plan as JSON").conflicts("markdown"))
    .option("--markdown", "print the plan as Markdown, for a pull request")
    .option("--adopt", "take over a JWT profile or privileges that this stack did not make")
    .option("--expose", "leave public what would lose its privilege")
    .option("--outputs <file>", "read the value of the output `ords` from a file, not from the Terraform state")
    .option("--sample-api", "REST-enable the schema and publish the sample module first")
    .option("--no-preflight", "do not look at a token and the JWK URL before writing")
    // Commands of their own now: register says so.
    .addOption(new Option("--sql").hideHelp())
    .addOption(new Option("--undo").hideHelp())
    .addOption(new Option("--ords-version <version>").hideHelp())
    .addOption(new Option("--restore <file>").hideHelp())
    .action(load("register"));
  command("sql", "print a script that registers, for a DBA; needs no database", "dev > dev.sql")
    .option("--undo", "print the script that takes it back")
    .addOption(
      new Option(
        "--changelog",
        "print a changelog for Liquibase or a SQLcl project, with its rollback, in place of a script",
      ).conflicts("undo"),
    )
    .option("--ords-version <version>", "ORDS of the database, for example 24.2; ORDS_SECURITY by default")
    .option("--outputs <file>", "read the value of the output `ords` from a file, not from the Terraform state")
    .option("--adopt", "take over a JWT profile or privileges that this stack did not make")
    .option("--expose", "leave public what would lose its privilege")
    .option(
      "--sample-api",
      "REST-enable the schema and publish the sample module first; with --undo: remove the module",
    )
    .action(load("sql"));
  command(
    "restore",
    "run an undo script that register or unregister saved",
    "dev undo/dev-20261123T151352650Z.sql --plan",
  )
    .argument("<file>", "the script")
    .option(
      "--plan",
      "show what would change and write nothing; exit code 1 when something would, 4 when it is blocked",
    )
    .addOption(new Option("--json", "print the plan as JSON").conflicts("markdown"))
    .option("--markdown", "print the plan as Markdown, for a pull request")
    .option("--expose", "leave public what would lose its privilege")
    .action(load("restore"));
  command("unregister", "remove what register made; what it protected stays closed", "dev --plan")
    .option(
      "--plan",
      "show what would be removed and write nothing; exit code 1 when something would, 4 when it is blocked",
    )
    .addOption(new Option("--json", "print the plan as JSON").conflicts("markdown"))
    .option("--markdown", "print the plan as Markdown, for a pull request")
    .option("--expose", "delete privileges too without which something would be public")
    .option("--sample-api", "remove the sample module as well")
    .action(load("unregister"));
  command(
    "outputs",
    "print what a DBA needs to register, without secrets: for register --outputs",
    "dev > ords-dev.json",
  ).action(load("outputs"));
  severalCommand("diff", "show what a deploy would change in OCI and in the database", "dev --markdown")
    .addOption(new Option("--json", "print it as JSON").conflicts("markdown"))
    .option("--markdown", "print it as Markdown, for a pull request")
    .option("--html <file>", "write it as one page, too")
    .option("--allow-replace", "plan as if replacing or deleting the domain or an app were allowed")
    .option("--adopt", "plan as if what the stack did not make were taken over")
    .option("--expose", "plan as if what is protected now might become public")
    .action(load("diff"));
  severalCommand("map", "show who can call what, from both sides", "dev --html map.html")
    .option("--planned", "show it as it would be after a deploy, with what changes marked")
    .option("--unfold", "list in the text what is folded into counts otherwise")
    .option("--html <file>", "write it as one page, for a browser")
    .addOption(new Option("--mermaid", "print it as a Mermaid diagram, for a pull request or a wiki").conflicts("json"))
    .option("--json", "print it as JSON")
    .action(load("map"));
  severalCommand(
    "deploy",
    "look ahead, terraform apply, register, verify",
    "dev --url https://HOST/ords/hello/hello/me",
  )
    .option("--allow-replace", "carry out a plan that replaces or deletes the domain or an app")
    .option("--adopt", "take over a JWT profile or privileges that this stack did not make")
    .option("--expose", "leave public what would lose its privilege")
    .option("--sample-api", "REST-enable the schema and publish the sample module first")
    .option("--url <url>", "the protected API to call at the end; apiUrl of the environment file by default")
    .option("--yes", "do not ask")
    .action(load("deploy"));
  severalCommand("destroy", "unregister, prepare what Terraform cannot delete, then terraform destroy", "dev")
    .option("--skip-ords", "leave the database alone")
    .option("--sample-api", "remove the sample module as well")
    .option("--expose", "delete privileges too without which something would be public")
    .option("--yes", "do not ask")
    .action(load("destroy"));
  anyCommand("list", "list the environments of this folder, and which are deployed")
    .option("--json", "print it as JSON")
    .action(load("list"));
  severalCommand("status", "say whether what is deployed is as the environment file says", "dev")
    .option("--json", "print it as JSON")
    .action(load("status"));
  anyCommand("check", "look at tools, credentials, database, network and proxy; nothing has to be deployed", "dev")
    .argument("[environment]", `${known}; tools and proxy alone where none is named`)
    .option("--json", "print the checks as JSON")
    .action(load("check"));
  severalCommand(
    "verify",
    "get a token, check its claims, call the API with and without it",
    "dev --url https://HOST/ords/hello/hello/me",
  )
    .option("--url <url>", "the protected API; apiUrl of the environment file by default")
    .option("--client <key>", "a client of the environment file that may use client credentials; the app by default")
    .option("--json", "print the checks as JSON")
    .option("--html <file>", "write the checks as one page, too")
    .action(load("verify"));
  command("doctor", "find out why the API refuses calls, and how to fix it", "dev")
    .option("--token <source>", "-: examine the token on standard input; one by client credentials by default")
    .option("--url <url>", "the API that answers 401; apiUrl of the environment file by default")
    .option("--json", "print the finding as JSON")
    .option("--html <file>", "write the finding as one page, too")
    .action(load("doctor"));
  command("postman", "write a Postman collection and environment", "dev")
    .option("--output <folder>", "folder for the two files", "postman")
    .option("--url <url>", "the protected API; apiUrl of the environment file by default")
    .option("--with-secret", "write the client secret too; it is left empty otherwise")
    .action(load("postman"));
  command("openapi", "print the schema's OpenAPI document with its OAuth 2.0 security", "dev --output api.yaml")
    .option("--url <url>", "any API of the schema; apiUrl of the environment file by default")
    .option("--file <file...>", "documents of the schema that were fetched otherwise, JSON or YAML")
    .option("--output <file>", "write it there; standard output by default")
    .addOption(new Option("--format <format>", "by the end of the file's name, else json").choices(["json", "yaml"]))
    .action(load("openapi"));
  command(
    "token",
    "print an access token: sign in with the browser or by a code, or by client credentials",
    "dev --header",
  )
    .addOption(
      new Option("--grant <grant>", "how to get it; device: by a code that is typed in on another device").choices(
        tokenGrants,
      ),
    )
    .option("--client <key>", "a client of the environment file that may use client credentials or codes")
    .option("--scope <name...>", "scopes, with or without the audience; all that the client may ask for by default")
    .option("--openid", "ask for openid too, which may change the token's audience")
    .option("--no-browser", "print the address to sign in at and open nothing")
    .option("--timeout <seconds>", "how long to wait for the sign-in", seconds, 300)
    .option("--no-cache", "neither use nor keep a token in .tokens")
    .option("--header", "print a header for curl: Authorization: Bearer ...")
    .addOption(
      new Option("--curl <url>", "print a line for a shell that calls this API with a token, and get none").conflicts([
        "header",
        "json",
        "logout",
      ]),
    )
    .option("--json", "print token and expiry as JSON")
    .option("--logout", "end the browser's session at the domain and forget kept tokens")
    .action(load("token"))
    .command("decode")
    .description("show what is in a token, read from standard input")
    .argument("[-]", "standard input", "-")
    .option("--environment <name>", "check the signature with the keys of this environment")
    .option("--json", "print as JSON")
    .exitOverride()
    .action(load("token", "decodeToken"));
  program
    .command("import")
    .description("write the environment file of a set-up that was made by hand; its first deploy takes it over")
    .argument("<name>", "of the new environment")
    .option("--domain <domain>", "the identity domain: its URL or OCID")
    .option("--app <app>", "the API's app: its display name, client id or id")
    .option("--connect-string <string>", "the database, as an oracledb connection names it")
    .option("--user <name>", "the database user")
    .option("--schema <name>", "the REST-enabled schema; that of the user by default")
    .option("--password-variable <name>", "the variable that holds the user's password; asked for by default")
    .option("--wallet <folder>", "folder with tnsnames.ora and ewallet.pem; none by default")
    .option("--wallet-password-variable <name>", "the variable that holds the password of the wallet")
    .option("--region <region>", "the tenancy's home region; that of the credentials by default")
    .option("--profile <name>", "profile of ~/.oci/config; DEFAULT by default")
    .addOption(new Option("--auth <type>", "how to sign in to OCI; ApiKey by default").choices(authenticationTypes))
    .option("--url <url>", "a protected API, for verify and doctor to call")
    .option("--own-domain", "have the stack own the domain too, and delete it on destroy")
    .option("--no-people", "leave out users, groups and the grants to them")
    .option("--json", "print the picture and what the file cannot say as JSON")
    .option("--quiet", "print errors and what was asked for, nothing on the way")
    .option("--verbose", "print where an unexpected error came from")
    .addHelpText(
      "after",
      "\nExample: npx ords-jwt import dev --domain https://idcs-0123.identity.oraclecloud.com:443 --app hello-api --user HELLO --connect-string dev_low --wallet wallet/dev",
    )
    .exitOverride()
    .action(load("import", "importEnvironment"));
  program.hook("preAction", (_program, command) => {
    const { quiet = false, verbose = false, environment } = command.opts();
    Object.assign(terminal, { quiet, verbose });
    // What is to be written has no environment yet.
    if (["import", "init"].includes(command.name())) return;
    const [argument] = command.registeredArguments;
    const name: string | undefined = environment ?? (argument?.name() === "environment" ? command.args[0] : undefined);
    if (name !== undefined) requireEnvironment(name);
    if (name !== undefined || command.opts().all !== undefined) takePasswordsOf(name);
  });
  return program.exitOverride();
}

/** Only we log in to a database: programs that we start, and what they start, do without the passwords of any. */
function takePasswordsOf(name: string | undefined): void {
  const { environment }: typeof import("../config/environments") = require("../config/environments");
  if (name !== undefined) {
    const { passwordVariable, walletPasswordVariable } = environment(name).database;
    takePasswords([passwordVariable, walletPasswordVariable]);
  }
  for (const other of environmentNames()) {
    if (other === name) continue;
    try {
      const { database } = environment(other);
      takePasswords([database.passwordVariable, database.walletPasswordVariable]);
    } catch (error) {
      // A fault in another's file is in nobody's way; it names no variable then.
      if (!(error instanceof Failure)) throw error;
    }
  }
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 50) throw new InvalidArgumentError("expected 1 to 50");
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 86_400) throw new InvalidArgumentError("expected 1 to 86400");
  return value;
}
