import type { EnvironmentInput } from "./environment";

/** An example: replace what is in angle brackets or obviously made up, then `npx cdktf deploy dev`. */
export const dev: EnvironmentInput = {
  // The tenancy's home region: identity domains can be made nowhere else.
  region: "eu-frankfurt-1",
  compartmentOcid: "ocid1.compartment.oc1..dev",
  // Profile of ~/.oci/config; leave out for DEFAULT.
  configFileProfile: "DEFAULT",

  domain: { displayName: "ords-dev", description: "Tokens for the APIs of the dev schemas" },

  user: {
    userName: "alice@example.com",
    givenName: "Alice",
    familyName: "Smith",
    workEmail: "alice@example.com",
  },

  app: {
    displayName: "hello-api-dev",
    // Ends in a slash: audience + scope is what a client asks for.
    audience: "https://hello.dev.example.com/",
    scopes: [
      {
        value: "hello.read",
        displayName: "Read greetings",
        description: "Call the Hello API",
        // One ORDS privilege with this scope's name protects these modules.
        protects: { modules: ["hello"] },
      },
    ],
    grants: ["client_credentials", "authorization_code"],
    redirectUris: ["https://oauth.pstmn.io/v1/callback"],
  },

  database: {
    schema: "HELLO",
    passwordVariable: "ORDS_JWT_DEV_PASSWORD",
    connection: {
      user: "HELLO",
      connectString: "tcps://adb.eu-frankfurt-1.oraclecloud.com:1521/dev_low.adb.oraclecloud.com",
    },
  },
};
