import { clientsWithoutRoles } from "../../ords/role-based-clients";
import { helloOutput } from "./hello";

const clients = {
  reports: { clientId: "r", public: false, grants: ["client_credentials"], redirectUris: [], scopes: [] },
  spa: { clientId: "s", public: true, grants: ["authorization_code"], redirectUris: [], scopes: [] },
};

test("with a role-based profile, clients that get tokens without a user are named; with a scope-based one, none", () => {
  const { profile } = helloOutput;
  expect(clientsWithoutRoles({ ...helloOutput, clients, profile: { ...profile, roleClaim: "/groups" } })).toEqual([
    expect.stringMatching(/^app\.grants has client_credentials, but the JWT profile is role-based: .*\/groups/),
    expect.stringMatching(/^clients\.reports\.grants has client_credentials/),
  ]);
  expect(clientsWithoutRoles({ ...helloOutput, clients })).toEqual([]);
});
