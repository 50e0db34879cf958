import type { Line } from "./view";

/** What values say that do not speak for themselves, after the documentation of OCI and ORDS. */
const meanings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  all_url_schemes_allowed: { true: "redirect URIs may be http; for development" },
  allow_access_control: {
    false: "default: anyone in the domain may sign in",
    true: "only those may sign in who are granted access",
  },
  bypass_consent: { true: "users are never asked for consent" },
  requires_consent: { false: "users are not asked for consent", true: "users are asked for consent" },
  signing_cert_public_access: { false: "ORDS cannot fetch the keys" },
};

const seconds: readonly string[] = [
  "access_token_expiry",
  "refresh_token_expiry",
  "id_token_expiry",
  "allowedSkew",
  "allowedAge",
];

/** What whoever used a member of a list will notice when it goes. */
const losses: Readonly<Record<string, string>> = {
  allowed_grants: "no more tokens by it",
  allowed_operations: "refused from then on",
  allowed_scopes: "no more tokens for it",
  members: "no longer in the group",
  post_logout_redirect_uris: "signing out no longer leads there",
  redirect_uris: "sign-ins that return there will fail",
  scopes: "no more tokens for it",
};

export function meaningOf(name: string, value: string): string | undefined {
  return own(own(meanings, name) ?? {}, value);
}

/** A line with units, with what its values mean, and with what a removal takes away. */
export function withMeaning(line: Line): Line {
  const { name, removed, added } = line;
  const told = (text: string) => {
    if (seconds.includes(name) && /^\d+$/.test(text)) return `${text} seconds`;
    const meaning = meaningOf(name, text);
    return meaning ? `${text} (${meaning})` : text;
  };
  const loss = removed.length > 0 && line.isList ? own(losses, name) : undefined;
  return { ...line, removed: removed.map(told), added: added.map(told), ...(loss ? { loss } : {}) };
}

/** Names and values are others', and may be those of what every object has. */
function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
