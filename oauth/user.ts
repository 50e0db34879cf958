import type { Token } from "./token";

/**
 * What to say of a token whose user is none of those that the stack made: typically the browser is still signed in as
 * somebody else. undefined when there is nothing to say.
 */
export function strangerNote({ claims }: Token, users: readonly string[]): string | undefined {
  const { sub, sub_type } = claims;
  if (sub_type === "client" || sub === undefined || users.length === 0 || users.includes(sub)) return undefined;
  return `${sub} is not a user of this stack (${users.join(", ")}): to sign in as somebody else, end the browser's session with token --logout first`;
}
