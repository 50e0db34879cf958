import { defineEnvironment } from "ords-jwt";

/** An example: replace the region, the OCID, the names and the connection by your own, then `npx cdktf deploy dev`. */
export default defineEnvironment({
  // The tenancy's home region: identity domains can be made nowhere else.
  region: "eu-frankfurt-1",
  // Profile of ~/.oci/config; leave out for DEFAULT.
  authentication: { configFileProfile: "DEFAULT" },

  domain: {
    compartmentOcid: "ocid1.compartment.oc1..dev",
    displayName: "ords-dev",
    description: "Tokens for the APIs of the dev schemas",
  },

  users: {
    alice: {
      userName: "alice@example.com",
      givenName: "Alice",
      familyName: "Smith",
      workEmail: "alice@example.com",
    },
  },
  groups: { testers: { displayName: "API testers", members: ["alice"] } },

  app: {
    displayName: "hello-api-dev",
    // Ends in a slash: audience + scope is what a client asks for.
    audience: "https://hello.dev.example.com/",
    scopes: [
      {
        // One ORDS privilege of this name will protect these modules.
        value: "hello.read",
        displayName: "Read greetings",
        description: "Call the Hello API",
        modules: ["hello"],
      },
    ],
    grants: ["client_credentials", "authorization_code"],
    // Postman's own OAuth helper.
    redirectUris: ["https://oauth.pstmn.io/v1/callback"],
    grantedTo: ["testers"],
  },

  // Lets people get a token in the browser of their own machine.
  developerClient: {},

  // Called by `verify` and `doctor`.
  apiUrl: "https://adb.eu-frankfurt-1.oraclecloudapps.com/ords/hello/hello/me",

  database: {
    schema: "HELLO",
    passwordVariable: "ORDS_JWT_DEV_PASSWORD",
    connection: {
      user: "HELLO",
      connectString: "tcps://adb.eu-frankfurt-1.oraclecloud.com:1521/dev_low.adb.oraclecloud.com",
    },
  },
});
