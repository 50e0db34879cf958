import { randomUUID } from "node:crypto";

/** All that an environment file of a new project says. */
export interface Answers {
  readonly name: string;
  readonly profile: string;
  readonly hasSecurityToken: boolean;
  readonly region: string;
  /** Of the domain to be made; or the URL or OCID of one that exists. */
  readonly domain: { readonly compartmentOcid: string; readonly displayName: string } | { readonly existing: string };
  /** Mail address of a person to be made a user; empty for nobody. */
  readonly userMail: string;
  readonly appName: string;
  readonly audience: string;
  readonly modules: readonly string[];
  readonly schema: string;
  readonly user: string;
  readonly connectString: string;
  /** Folder of the wallet; empty for none. */
  readonly wallet: string;
  readonly passwordVariable: string;
  /** Empty for none. */
  readonly apiUrl: string;
}

const text = (value: string) => JSON.stringify(value);

/** The text of an environment file. */
export function environmentFile(answers: Answers): string {
  const { profile, hasSecurityToken, region, appName, audience, modules, schema, user, connectString, wallet } =
    answers;
  const authentication = `{${hasSecurityToken ? ' type: "SecurityToken",' : ""} configFileProfile: ${text(profile)} }`;
  const connection = [
    `user: ${text(user)}`,
    `connectString: ${text(connectString)}`,
    ...(wallet ? [`configDir: ${text(wallet)}`, `walletLocation: ${text(wallet)}`] : []),
  ];
  return `import { defineEnvironment } from "ords-jwt";

// Your editor knows every entry, with its default; docs/environment.md of the package lists them. No secret belongs in this file.
export default defineEnvironment({
  // The tenancy's home region: identity domains are managed only there.
  region: ${text(region)},
  authentication: ${authentication},

${domainEntry(answers)}
${usersEntry(answers)}  app: {
    displayName: ${text(appName)},
    // What tokens are for. It need not lead anywhere, and ends in a slash: audience + scope is what a client asks for.
    audience: ${text(audience)},
    // Each scope becomes one ORDS privilege of its name, which protects its modules and patterns.
    scopes: [
${modules
  .map(
    (module) => `      {
        value: ${text(scopeOf(module))},
        displayName: ${text(`Call ${module}`)},
        modules: [${text(module)}],
      },
`,
  )
  .join("")}    ],
    // client_credentials for programs, authorization_code for people.
    grants: ["client_credentials", "authorization_code"],
    // Postman's; add those of your own clients, which are compared exactly.
    redirectUris: ["https://oauth.pstmn.io/v1/callback"],
  },

  // Lets people get a token in the browser of their own machine. Leave it out in production: it takes plain http redirects.
  developerClient: {},

${answers.apiUrl ? `  // Called by verify and doctor.\n  apiUrl: ${text(answers.apiUrl)},\n\n` : ""}  database: {
    // The REST-enabled schema that holds the modules.
    schema: ${text(schema)},
    // Name of the variable that holds the password; without it the password is asked for.
    passwordVariable: ${text(answers.passwordVariable)},
    // Attributes of an oracledb connection.
    connection: {
${connection.map((line) => `      ${line},\n`).join("")}    },
  },
});
`;
}

function domainEntry({ domain }: Answers): string {
  if ("existing" in domain) {
    const key = domain.existing.startsWith("ocid1.") ? "domainOcid" : "domainUrl";
    return `  // It is read, never changed or destroyed. Its signing certificate must be public.\n  existingDomain: { ${key}: ${text(domain.existing)} },\n`;
  }
  return `  // The identity domain to make. For one that exists: existingDomain: { domainUrl: "https://idcs-..." }
  domain: {
    compartmentOcid: ${text(domain.compartmentOcid)},
    displayName: ${text(domain.displayName)},
  },
`;
}

function usersEntry({ userMail }: Answers): string {
  if (!userMail) return "";
  const [given = "", family = given] = userMail.split("@")[0]?.split(/[._]/).map(capital) ?? [];
  return `  // A person who may sign in; the domain mails an activation link. Correct the names.
  users: {
    first: {
      userName: ${text(userMail)},
      givenName: ${text(given)},
      familyName: ${text(family)},
      workEmail: ${text(userMail)},
    },
  },

`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A scope for a module; names of modules may hold what scopes may not. */
function scopeOf(module: string): string {
  return `${module.replace(/[^\w.-]+/g, "_")}.access`;
}

/** What a project needs beside its environments, by path. */
export const projectFiles = (): Record<string, string> => ({
  "cdktf.json": `${JSON.stringify(
    {
      language: "typescript",
      app: "node --require ords-jwt/typescript main.ts",
      projectId: randomUUID(),
      sendCrashReports: "false",
      terraformProviders: [],
      terraformModules: [],
    },
    null,
    2,
  )}\n`,
  "main.ts": `import { App } from "cdktf";
import { addEnvironments } from "ords-jwt";

// Every file in environments/ is a stack of its name. (terraform init compares versions; no synth has to ask for them.)
const app = new App({ skipValidation: true });
addEnvironments(app);
app.synth();
`,
  ".gitignore": `node_modules/
cdktf.out/
# Holds the client secret: keep it private, or set a backend.
state/
# Undo scripts, tokens, and what may hold secrets.
undo/
.tokens/
postman/
wallet/
`,
});
