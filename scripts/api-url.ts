import { ConfigurationError, type Environment } from "../config/environment";
import { hasCredentials } from "../config/fields";

/**
 * The protected API to call: what the flag says, or the environment file.
 * @throws ConfigurationError when the flag is no URL
 */
export function apiUrl(flag: string | undefined, { apiUrl }: Environment): string | undefined {
  for (const [source, value] of [
    ["--url", flag],
    ["apiUrl", apiUrl],
  ] as const) {
    if (value !== undefined && hasCredentials(value)) {
      throw new ConfigurationError(
        `${source} has a user or password in it: leave them out, the call is made with a token`,
      );
    }
  }
  if (flag !== undefined && !/^https?:/.test(URL.canParse(flag) ? new URL(flag).protocol : "")) {
    throw new ConfigurationError(
      // As curl takes it, without a scheme, or with a password that cannot stand in a URL.
      `--url ${flag.includes("@") ? "(not shown: what stands before @ may be a password)" : flag} is not an http(s) URL: give for example https://HOST/ords/hello/hello/me`,
    );
  }
  return flag ?? apiUrl;
}
