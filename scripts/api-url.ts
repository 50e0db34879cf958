import { ConfigurationError } from "../config/configuration-error";
import type { Environment } from "../config/environment";
import { hasCredentials } from "../config/fields";

/**
 * The protected API to call: what the flag says, or the environment file.
 * @throws ConfigurationError when the flag is no URL
 */
export function apiUrl(flag: string | undefined, { apiUrl }: Environment): string | undefined {
  if (flag !== undefined) requireUrl("--url", flag);
  if (apiUrl !== undefined) requireUrl("apiUrl", apiUrl);
  return flag ?? apiUrl;
}

/** @throws ConfigurationError when it is no http(s) URL, or holds a user or password */
export function requireUrl(source: string, value: string): void {
  if (hasCredentials(value)) {
    throw new ConfigurationError(
      `${source} has a user or password in it: leave them out, the call is made with a token`,
    );
  }
  if (/^https?:/.test(URL.canParse(value) ? new URL(value).protocol : "")) return;
  // As curl takes it, without a scheme, or with a password that cannot stand in a URL.
  const shown = value.includes("@") ? "(not shown: what stands before @ may be a password)" : value;
  throw new ConfigurationError(
    `${source} ${shown} is not an http(s) URL: give for example https://HOST/ords/hello/hello/me`,
  );
}
