import { defineEnvironment } from "ords-jwt";

/** The journey of `npm start`: everything it names is a stand-in on this machine, started by that command. */
export default defineEnvironment({
  region: "eu-frankfurt-1",
  domain: { compartmentOcid: "ocid1.compartment.oc1..local", displayName: "ords-local" },
  users: {
    alice: {
      userName: "alice@example.com",
      givenName: "Alice",
      familyName: "Smith",
      workEmail: "alice@example.com",
    },
  },
  app: {
    displayName: "hello-api",
    audience: "https://hello.example.com/",
    scopes: [
      {
        value: "hello.read",
        displayName: "Read greetings",
        description: "Call the Hello API",
        requiresConsent: true,
        modules: ["hello"],
      },
    ],
    grants: ["client_credentials", "authorization_code", "refresh_token"],
    allowTokenRefresh: true,
    redirectUris: ["https://oauth.pstmn.io/v1/callback"],
  },
  developerClient: {},
  database: {
    schema: "HELLO",
    passwordVariable: "ORDS_JWT_LOCAL_PASSWORD",
    // An alias of the tnsnames.ora that `npm start` writes, because the port is chosen by the system.
    connection: { user: "HELLO", connectString: "ords_jwt_local" },
  },
});
