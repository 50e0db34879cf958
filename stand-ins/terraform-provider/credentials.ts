import { createPrivateKey, type KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "./errors";
import type { RetryRules } from "./oci-client";
import type { SigningKey } from "./signing";
import { isKnown, type ObjectValue, unknown } from "./values";

type Environment = Record<string, string | undefined>;

export interface ProviderSettings {
  key: SigningKey;
  retries: RetryRules;
  /** `scheme://host[:port]` of the Identity API. */
  identityEndpoint: string;
  /** PEM of the only authorities to trust, if the environment names one. */
  ca?: string;
  /** Defined tags, as `namespace.key`, that are taken as if they were not there. */
  ignoredTags: readonly string[];
}

const supported = [
  ...["auth", "config_file_profile", "disable_auto_retries", "fingerprint", "ignore_defined_tags"],
  ...[
    "private_key",
    "private_key_password",
    "private_key_path",
    "region",
    "retry_duration_seconds",
    "tenancy_ocid",
    "user_ocid",
  ],
];

/**
 * The provider block, completed by the environment (`TF_VAR_name`, `OCI_name`, `OCI_NAME`) and then by the OCI
 * configuration file: the order of the real provider.
 * @throws ConfigurationError when something is missing or not supported
 */
export function providerSettings(config: ObjectValue, environment: Environment = process.env): ProviderSettings {
  for (const [name, value] of Object.entries(config)) {
    if (value === unknown) throw new ConfigurationError(`${name} is not known yet: give it a value that is`, [name]);
    if (isKnown(value) && value !== false && !supported.includes(name)) {
      throw new ConfigurationError(`${name} is not supported by the local stand-in of this provider`, [name]);
    }
  }
  const given = (name: string) => {
    const value = config[name];
    return typeof value === "string" && value !== "" ? value : setting(environment, name);
  };
  const auth = given("auth") ?? "ApiKey";
  if (auth.toLowerCase() !== "apikey") {
    throw new ConfigurationError(
      `auth ${JSON.stringify(auth)} is not supported by the local stand-in: only ApiKey is`,
      ["auth"],
    );
  }

  const file = configFile(given("config_file_profile"), environment);
  const required = (name: string, inFile: string) => {
    const value = given(name) ?? file[inFile];
    if (value) return value;
    throw new ConfigurationError(
      `${name} is missing: set it in the provider block, as OCI_${name.toUpperCase()} or as ${inFile} in the OCI configuration file`,
      [name],
    );
  };
  const account = [
    ["tenancy_ocid", "tenancy"],
    ["user_ocid", "user"],
    ["fingerprint", "fingerprint"],
  ] as const;
  const keyId = account.map(([name, inFile]) => required(name, inFile)).join("/");
  const pem = given("private_key") ?? readKeyFile(required("private_key_path", "key_file"));
  const privateKey = parseKey(pem, given("private_key_password") ?? file.pass_phrase);
  const region = required("region", "region");
  const certificates = switchOf(environment, "custom_cert_location");
  return {
    key: { keyId, privateKey },
    retries: retryRules(config, environment),
    identityEndpoint:
      hostOverride(environment, "oci_identity.IdentityClient") ?? `https://identity.${region}.oci.oraclecloud.com`,
    ca: certificates && readFileSync(expandHome(certificates), "utf8"),
    ignoredTags: Array.isArray(config.ignore_defined_tags) ? config.ignore_defined_tags.map(String) : [],
  };
}

/** An argument of the provider block from the environment, under any of its names. */
function setting(environment: Environment, name: string): string | undefined {
  return firstOf(environment, [`TF_VAR_${name}`, `OCI_${name}`, `OCI_${name.toUpperCase()}`]);
}

/** A setting that the provider block does not have; its bare name counts too. */
function switchOf(environment: Environment, name: string): string | undefined {
  return firstOf(environment, [name, `TF_VAR_${name}`, `OCI_${name}`]);
}

function firstOf(environment: Environment, names: string[]): string | undefined {
  return names.map((key) => environment[key]).find((value) => value !== undefined && value !== "");
}

function retryRules(config: ObjectValue, environment: Environment): RetryRules {
  const flag = (name: string) => config[name] ?? setting(environment, name) === "true";
  const duration = config.retry_duration_seconds ?? setting(environment, "retry_duration_seconds");
  if (isKnown(duration) && !(Number(duration) >= 0)) {
    throw new ConfigurationError(`retry_duration_seconds is ${duration}: expected seconds, 0 or more`, [
      "retry_duration_seconds",
    ]);
  }
  return {
    disabled: flag("disable_auto_retries") === true,
    durationSeconds: isKnown(duration) ? Number(duration) : undefined,
    not409: switchOf(environment, "disable_409_retry") === "true",
  };
}

/** Entries are `client=endpoint`, separated by `;`. */
function hostOverride(environment: Environment, client: string): string | undefined {
  const text = switchOf(environment, "CLIENT_HOST_OVERRIDES");
  for (const entry of text?.split(";").filter(Boolean) ?? []) {
    const [name, endpoint, ...rest] = entry.split("=");
    if (!endpoint || rest.length > 0) {
      throw new Error(`invalid CLIENT_HOST_OVERRIDES entry ${JSON.stringify(entry)}: expected client=endpoint`);
    }
    if (name === client) return endpoint;
  }
  return undefined;
}

/** One profile of the OCI configuration file. Like Oracle's SDKs: `~/.oci/config` first, OCI_CONFIG_FILE if that does not exist. */
function configFile(profile: string | undefined, environment: Environment): Record<string, string> {
  const home = join(environment.HOME ?? homedir(), ".oci", "config");
  const path = existsSync(home) ? home : environment.OCI_CONFIG_FILE && expandHome(environment.OCI_CONFIG_FILE);
  if (!path) {
    if (profile === undefined) return {};
    throw new ConfigurationError(`profile ${profile}: neither ~/.oci/config nor OCI_CONFIG_FILE names a file`, [
      "config_file_profile",
    ]);
  }
  const profiles = parseProfiles(readFileSync(path, "utf8"), path);
  const chosen = profiles[profile ?? "DEFAULT"];
  if (!chosen && profile !== undefined) {
    throw new ConfigurationError(
      `${path} has no profile ${profile}: it has ${Object.keys(profiles).join(", ") || "none"}`,
      ["config_file_profile"],
    );
  }
  return { ...profiles.DEFAULT, ...chosen };
}

function parseProfiles(text: string, path: string): Record<string, Record<string, string>> {
  const profiles: Record<string, Record<string, string>> = {};
  let current: Record<string, string> | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const header = /^\[(.+)\]$/.exec(line)?.[1]?.trim();
    if (header) {
      current = profiles[header] ??= {};
      continue;
    }
    const [, key, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (!current || !key) throw new Error(`${path} line ${index + 1}: expected [profile] or key=value`);
    current[key] = value ?? "";
  }
  return profiles;
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(expandHome(path), "utf8");
  } catch (error) {
    throw new ConfigurationError(`cannot read the private key: ${(error as Error).message}`, ["private_key_path"]);
  }
}

function parseKey(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, passphrase });
  } catch (error) {
    throw new ConfigurationError(`the private key cannot be used: ${(error as Error).message}`, ["private_key"]);
  }
}

function expandHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
