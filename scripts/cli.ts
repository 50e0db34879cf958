import { Command } from "commander";
import { environmentNames } from "../environments";
import { destroy } from "./destroy";
import { report } from "./failure";
import { register } from "./register";
import { unregister } from "./unregister";
import { token, verify } from "./verify";

/** Parses the command line, runs the command and sets the exit code. */
export async function main(argv: string[]): Promise<void> {
  // What we write to disk is nobody else's business.
  process.umask(0o077);
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function program(): Command {
  const program = new Command("ords-jwt")
    .description("Protect ORDS APIs with tokens of an OCI IAM identity domain.")
    .addHelpText(
      "after",
      "\nExit codes: 0 done or in sync, 1 differs or a check failed, 2 called wrongly, 3 something outside failed.",
    );
  const command = (name: string, summary: string) =>
    program
      .command(name)
      .description(summary)
      .argument("<environment>", `one of ${environmentNames.join(", ")}`)
      .exitOverride();

  command("register", "register JWT profile and privileges in the database")
    .option("--plan", "show what would change and write nothing; exit code 1 when something would")
    .option("--outputs <file>", "read the value of the output `ords` from a file, not from the Terraform state")
    .option("--sample-api", "REST-enable the schema and publish the sample module first")
    .option("--no-preflight", "do not look at a token and the JWK URL before writing")
    .action(register);
  command("unregister", "remove what register made; what it protected stays closed")
    .option("--sample-api", "remove the sample module first")
    .action(unregister);
  command("destroy", "unregister, prepare what Terraform cannot delete, then cdktf destroy")
    .option("--skip-ords", "leave the database alone")
    .option("--sample-api", "remove the sample module first")
    .option("--yes", "do not ask")
    .action(destroy);
  command("verify", "get a token, check its claims, call the API with and without it")
    .requiredOption("--url <url>", "the protected API, for example https://HOST/ords/hello/hello/me")
    .action(verify);
  command("token", "print an access token (client credentials)").action(token);
  return program.exitOverride();
}
