import { z } from "zod";

// It would compile each schema with the first object that it checks: of use for thousands, and 6 ms of each command before.
z.config({ jitless: true });

export const text = z.string().min(1, "must not be empty");

export const list = z.array(text).default([]);

export const ocid = z.string().startsWith("ocid1.", "must be an OCID (ocid1...)");

/** Not the value: whoever writes a password here by mistake must not see it printed. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable: letters, digits and _");

export const domainUrl = z
  .url({ protocol: /^https$/, error: "must be an https URL" })
  .refine(
    (url) => URL.canParse(url) && new URL(url).pathname === "/" && new URL(url).search === "" && !hasCredentials(url),
    {
      error: "must be the domain's own URL without a path, as its page in the console shows it",
    },
  );

/** A user's name and password in a URL would be printed wherever the URL is. */
export function hasCredentials(url: string): boolean {
  return URL.canParse(url) && new URL(url).username + new URL(url).password !== "";
}
