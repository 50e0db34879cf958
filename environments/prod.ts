import { defineEnvironment } from "ords-jwt";

/** An example of what differs from dev: protection, tags, another license, several scopes and clients, a wallet. */
export default defineEnvironment({
  region: "eu-frankfurt-1",
  authentication: { configFileProfile: "PROD" },
  // Terraform refuses any plan that would destroy or replace the domain or the app.
  protected: true,
  tags: { team: "orders", "cost-center": "4711" },

  domain: {
    compartmentOcid: "ocid1.compartment.oc1..prod",
    displayName: "ords-prod",
    description: "Tokens for the APIs of the production schemas",
    licenseType: "premium",
  },

  users: {
    operator: {
      userName: "ops@example.com",
      givenName: "Olivia",
      familyName: "Operator",
      workEmail: "ops@example.com",
    },
  },

  app: {
    displayName: "orders-api-prod",
    audience: "https://orders.example.com/",
    accessTokenExpirySeconds: 900,
    scopes: [
      { value: "orders.read", displayName: "Read orders", modules: ["orders"] },
      {
        value: "orders.refund",
        displayName: "Refund orders",
        description: "Give money back",
        // A pattern is relative to the schema's base path; /* covers everything below it.
        patterns: ["/refunds", "/refunds/*"],
      },
    ],
    grants: ["client_credentials"],
  },

  clients: {
    // May read, and nothing else.
    reports: { displayName: "orders-reports-prod", grants: ["client_credentials"], scopes: ["orders.read"] },
  },

  jwtProfile: { allowedAgeSeconds: 900 },

  database: {
    schema: "ORDERS",
    passwordVariable: "ORDS_JWT_PROD_PASSWORD",
    connection: { user: "ORDERS", connectString: "prod_low", configDir: "wallet/prod", walletLocation: "wallet/prod" },
  },
});
