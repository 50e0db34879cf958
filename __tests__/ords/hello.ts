import type { Actual, Module } from "../../ords/model";
import type { OrdsOutput } from "../../ords/output";
import { desiredState } from "../../ords/plan/desired";

/** One stack, one scope, one module: what most tests start from. */
export const helloOutput: OrdsOutput = {
  version: 1,
  stack: "test",
  schema: "HELLO",
  profile: {
    issuer: "https://identity.oraclecloud.com/",
    audience: "https://hello.example.com/",
    jwkUrl: "https://idcs.example.com:443/admin/v1/SigningCert/jwk",
    description: "Tokens of the application hello-api",
  },
  privileges: [
    { name: "hello.read", label: "Read greetings", description: null, roles: [], modules: ["hello"], patterns: [] },
  ],
  client: {
    clientId: "c",
    domainUrl: "https://idcs.example.com:443",
    tokenEndpoint: "https://idcs.example.com:443/oauth2/v1/token",
    authorizationEndpoint: "https://idcs.example.com:443/oauth2/v1/authorize",
    redirectUris: [],
    grants: ["client_credentials"],
    scopes: ["https://hello.example.com/hello.read"],
  },
  users: [],
};

export const desired = desiredState(helloOutput);

/** A module as a developer publishes it. */
export function module(name: string): Module {
  return { name, basePath: `/${name}/`, comments: null, templates: ["me"] };
}

/** A REST-enabled schema with the module and nothing registered. */
export const untouched: Actual = {
  ordsVersion: "26.3.0.r0001",
  schema: "HELLO",
  user: "HELLO",
  basePath: "hello",
  profile: null,
  privileges: [],
  modules: [module("hello")],
  roles: [],
};

/** The same after a register. */
export const registered: Actual = { ...untouched, profile: desired.profile, privileges: desired.privileges };
