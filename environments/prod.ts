import type { EnvironmentInput } from "./environment";

/** An example of what differs from dev: another license, several scopes, a bounded token age, a wallet. */
export const prod: EnvironmentInput = {
  region: "eu-frankfurt-1",
  compartmentOcid: "ocid1.compartment.oc1..prod",
  configFileProfile: "PROD",

  domain: {
    displayName: "ords-prod",
    description: "Tokens for the APIs of the production schemas",
    licenseType: "premium",
  },

  user: {
    userName: "ops@example.com",
    givenName: "Olivia",
    familyName: "Operator",
    workEmail: "ops@example.com",
  },

  app: {
    displayName: "orders-api-prod",
    audience: "https://orders.example.com/",
    scopes: [
      { value: "orders.read", displayName: "Read orders", protects: { modules: ["orders"] } },
      {
        value: "orders.refund",
        displayName: "Refund orders",
        description: "Give money back",
        // A pattern is relative to the schema's base path; /* covers everything below it.
        protects: { patterns: ["/refunds", "/refunds/*"] },
      },
    ],
    grants: ["client_credentials"],
  },

  jwtProfile: { allowedAgeSeconds: 3600 },

  database: {
    schema: "ORDERS",
    passwordVariable: "ORDS_JWT_PROD_PASSWORD",
    connection: { user: "ORDERS", connectString: "prod_low", configDir: "wallet/prod", walletLocation: "wallet/prod" },
  },
};
