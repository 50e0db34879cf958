import type { OrdsOutput } from "./output";

/** Clients that a role-based profile can never let in: a token by client credentials names no user, and so no roles. */
export function clientsWithoutRoles({ profile, client, clients }: OrdsOutput): string[] {
  const { roleClaim } = profile;
  if (!roleClaim) return [];
  const all = {
    app: client,
    ...Object.fromEntries(Object.entries(clients ?? {}).map(([k, v]) => [`clients.${k}`, v])),
  };
  return Object.entries(all)
    .filter(([, { grants }]) => grants.includes("client_credentials"))
    .map(
      ([where]) =>
        `${where}.grants has client_credentials, but the JWT profile is role-based: such a token names no user, so ${roleClaim} holds no roles and ORDS answers 401`,
    );
}
