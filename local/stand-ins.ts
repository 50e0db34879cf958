import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority } from "@ords-jwt/stand-ins/certificates";
import { type OciOptions, startOci } from "@ords-jwt/stand-ins/oci";
import { createDatabase, type OracleDatabaseOptions, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import { type GatewayRules, startOrds } from "@ords-jwt/stand-ins/ords";
import { rsaKeys } from "@ords-jwt/stand-ins/rsa-keys";
import schema from "../providers/oci/schema.json";
import { providerVersion } from "../providers/oci/version";

const root = join(__dirname, "..");

/** What a folder needs to look like the project. */
export const projectEntries = [
  "cdktf.json",
  "environments",
  "index.js",
  "main.ts",
  "node_modules",
  "package.json",
  "scripts",
];

export interface StandInOptions {
  /** `real` leaves Terraform to find oracle/oci by the caller's own CLI configuration. @default "stand-in" */
  readonly provider?: "stand-in" | "real";
  /** Links the project into the folder. @default true */
  readonly project?: boolean;
  /** How long the gateway keeps what it has read of the schema, in milliseconds. @default - as ORDS does, some seconds */
  readonly metadataCacheMillis?: number;
  /** What is to be otherwise with the stand-in of OCI. */
  readonly oci?: Partial<OciOptions>;
  /** The same with that of the database. */
  readonly database?: OracleDatabaseOptions;
}

/** All that a laptop does not have, running on loopback, and a folder in which to work against it. */
export interface StandIns {
  readonly oci: Awaited<ReturnType<typeof startOci>>;
  readonly database: Awaited<ReturnType<typeof startOracleDatabase>>;
  readonly ords: Awaited<ReturnType<typeof startOrds>>;
  /** Another gateway to the same database, with these readings of what is not known of ORDS. Whoever opens it closes it. */
  openGateway(rules: Partial<GatewayRules>): ReturnType<typeof startOrds>;
  /** The database user that owns the APIs of the environment `local`. */
  readonly user: { readonly name: string; readonly password: string };
  /** What a child process needs beside the caller's environment to reach the stand-ins and trust them; undefined: must not be set. */
  readonly variables: NodeJS.ProcessEnv;
  /** The caller's environment with `variables`. */
  readonly environment: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/**
 * Starts the stand-ins and fills `folder`, which must be empty: with links to the project, if wanted, so that commands run in it as
 * they do in the project but leave their state here, and with throw-away keys and certificates.
 */
export async function startStandIns(folder: string, options: StandInOptions = {}): Promise<StandIns> {
  for (const name of options.project === false ? [] : projectEntries) {
    symlinkSync(join(root, name), join(folder, name));
  }
  const authority = await createCertificateAuthority();
  const ca = join(folder, "ca.pem");
  writeFileSync(ca, authority.certPem);
  const tls = await authority.issue();

  const user = { name: "HELLO", password: password() };
  const gateway = { name: "ORDS_PUBLIC_USER", password: password(), roles: ["ORDS_ADMINISTRATOR_ROLE"] };
  const oci = await startOci({ tls, ...options.oci });
  const engine = createDatabase({ users: [{ ...user, connectThrough: true }, gateway] });
  const database = await startOracleDatabase(engine, options.database);
  const openGateway = (rules?: Partial<GatewayRules>) =>
    startOrds({
      tls,
      ca: authority.certPem,
      metadataCacheMillis: options.metadataCacheMillis,
      connection: { user: gateway.name, password: gateway.password, connectString: database.connectString },
      rules,
    });
  const ords = await openGateway();

  const variables: NodeJS.ProcessEnv = {
    ...ociCredentials(folder),
    ...tnsAlias(folder, database.connectString),
    TF_CLI_CONFIG_FILE: options.provider === "real" ? callersCliConfig() : await standInCliConfig(folder),
    // A plugin cache would give one provider's place to the other.
    TF_PLUGIN_CACHE_DIR: "",
    ORDS_JWT_LOCAL_PASSWORD: user.password,
    // Node, Go programs, and the real provider each have their own way to be told of a certificate authority.
    NODE_EXTRA_CA_CERTS: ca,
    SSL_CERT_FILE: ca,
    custom_cert_location: ca,
    CLIENT_HOST_OVERRIDES: `oci_identity.IdentityClient=${oci.url}`,
    NO_PROXY: "localhost,127.0.0.1",
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    CHECKPOINT_DISABLE: "1",
    // Keeps cdktf's spinner out of logs; CI alone would also turn colours on.
    CI: "1",
    ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }),
  };
  return {
    oci,
    database,
    ords,
    openGateway,
    user,
    variables,
    environment: { ...process.env, ...variables },
    async close() {
      await ords.close();
      await database.close();
      await oci.close();
    },
  };
}

async function standInCliConfig(folder: string): Promise<string> {
  // Many tests do without, and it takes a tenth of a second to load.
  const { installProvider } = await import("@ords-jwt/stand-ins/terraform-provider");
  const { cliConfigFile } = await installProvider(join(folder, "provider"), { schema, version: providerVersion });
  return cliConfigFile;
}

/** Terraform would look for it in the home folder, which is another one here. */
function callersCliConfig(): string | undefined {
  const file = process.env.TF_CLI_CONFIG_FILE ?? join(homedir(), ".terraformrc");
  return existsSync(file) ? file : undefined;
}

function password(): string {
  return randomBytes(12).toString("base64url");
}

/** An API key that no tenancy knows, under a home of its own so that the caller's real credentials are never used. */
function ociCredentials(folder: string): NodeJS.ProcessEnv {
  const home = join(folder, "home");
  mkdirSync(join(home, ".oci"), { recursive: true });
  const keyFile = join(home, ".oci", "key.pem");
  const configFile = join(home, ".oci", "config");
  const { privateKey, publicKey } = rsaKeys();
  const digest = createHash("md5")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
  const credentials = {
    user: "ocid1.user.oc1..local",
    fingerprint: digest.replace(/..(?=.)/g, "$&:"),
    tenancy: "ocid1.tenancy.oc1..local",
    region: "eu-frankfurt-1",
    key_file: keyFile,
  };
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  const lines = Object.entries(credentials).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(configFile, `[DEFAULT]\n${lines.join("")}`, { mode: 0o600 });
  return {
    HOME: home,
    OCI_CONFIG_FILE: configFile,
    // The real provider may look up the home folder without HOME; these come before any file.
    TF_VAR_user_ocid: credentials.user,
    TF_VAR_fingerprint: credentials.fingerprint,
    TF_VAR_tenancy_ocid: credentials.tenancy,
    TF_VAR_private_key_path: keyFile,
  };
}

/** The alias that `environments/local.ts` connects to. */
function tnsAlias(folder: string, connectString: string): NodeJS.ProcessEnv {
  const directory = join(folder, "tns");
  mkdirSync(directory);
  writeFileSync(join(directory, "tnsnames.ora"), `ords_jwt_local = ${connectString}\n`);
  return { TNS_ADMIN: directory };
}
