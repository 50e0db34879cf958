import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../../config/configuration-error";
import { environment } from "../../config/environments";
import { inFolder, withFileErrors, writePrivateFile } from "../../private-folder";
import { apiUrl } from "../api-url";
import { postmanFiles } from "../postman";
import type { Terminal } from "../terminal/terminal";
import { readOutputs } from "../terraform/outputs";

export interface PostmanFlags {
  /** Folder for the two files. @default "postman" */
  readonly output: string;
  /** The protected API. @default - `apiUrl` of the environment */
  readonly url?: string;
  /** Write the client secret into the environment file. @default false */
  readonly withSecret?: boolean;
}

/** Writes a Postman collection and environment in which nothing has to be filled in but the secret. */
export async function postman(
  name: string,
  { output, url, withSecret }: PostmanFlags,
  terminal: Terminal,
): Promise<void> {
  const api = apiUrl(url, environment(name));
  if (!api) throw new ConfigurationError(`which API to call? give --url, or set apiUrl in environments/${name}.ts`);
  const { ords, clientSecret } = await readOutputs(name, terminal, { plain: false });
  const { collection, environment: variables } = postmanFiles(ords, api, withSecret ? clientSecret : undefined);
  const files = { [`${name}.postman_collection.json`]: collection, [`${name}.postman_environment.json`]: variables };
  withFileErrors(output, () => mkdirSync(output, { recursive: true, mode: 0o700 }));
  inFolder(output, "name the folder that is meant with --output", (folder) => {
    for (const [file, content] of Object.entries(files)) {
      writePrivateFile(join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
      terminal.log(`written: ${join(output, file)}`);
    }
  });
  terminal.log(
    withSecret
      ? "the environment file holds the client secret: keep it to yourself"
      : `fill in client_secret of the environment in Postman; it is an output of the stack: terraform -chdir=cdktf.out/stacks/${name} output -raw client_secret`,
  );
}
