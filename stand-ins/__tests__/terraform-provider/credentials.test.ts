import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import { join } from "node:path";
import { providerSettings } from "../../terraform-provider/credentials";
import { unknown } from "../../terraform-provider/values";

const folder = mkdtempSync(join(os.tmpdir(), "credentials-"));
const pem = generateKeyPairSync("rsa", { modulusLength: 1024 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const keyFile = join(folder, "key.pem");
const configFile = join(folder, "config");
// No configuration file of the person who runs the tests.
const HOME = folder;

beforeAll(() => {
  writeFileSync(keyFile, pem);
  const common = `# keys\n[DEFAULT]\ntenancy = t-file\nuser=u-file\nfingerprint=f-file\nkey_file=${keyFile}\nregion=eu-frankfurt-1\n`;
  writeFileSync(configFile, `${common}\n[OTHER]\nuser=u-other\nregion=uk-london-1\n`);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const config = { tenancy_ocid: "t", user_ocid: "u", fingerprint: "f", private_key: pem, region: "eu-frankfurt-1" };

test("takes everything from the provider block", () => {
  const settings = providerSettings(config, { HOME });
  expect(settings.key.keyId).toBe("t/u/f");
  expect(settings.identityEndpoint).toBe("https://identity.eu-frankfurt-1.oci.oraclecloud.com");
  expect(settings.retries).toEqual({ disabled: false, durationSeconds: undefined, not409: false });
});

test("completes the block from the environment and then from the configuration file", () => {
  const environment = { HOME, TF_VAR_tenancy_ocid: "t-var", OCI_USER_OCID: "u-env", OCI_CONFIG_FILE: configFile };
  expect(providerSettings({}, environment).key.keyId).toBe("t-var/u-env/f-file");
  expect(providerSettings({ user_ocid: "u-block" }, environment).key.keyId).toBe("t-var/u-block/f-file");
  expect(providerSettings({}, { ...environment, OCI_tenancy_ocid: "t-lower" }).key.keyId).toBe("t-var/u-env/f-file");
});

test("reads the profile that the block names, on top of DEFAULT", () => {
  const settings = providerSettings({ config_file_profile: "OTHER" }, { HOME, OCI_CONFIG_FILE: configFile });
  expect(settings.key.keyId).toBe("t-file/u-other/f-file");
  expect(settings.identityEndpoint).toContain("uk-london-1");
});

test("refuses a profile that the file does not have", () => {
  const read = () => providerSettings({ config_file_profile: "NONE" }, { HOME, OCI_CONFIG_FILE: configFile });
  expect(read).toThrow("has no profile NONE: it has DEFAULT, OTHER");
});

test.each(["tenancy_ocid", "user_ocid", "fingerprint", "region"])("refuses to start without %s", (name) => {
  expect(() => providerSettings({ ...config, [name]: null }, { HOME })).toThrow(
    `${name} is missing: set it in the provider block`,
  );
});

test("names the attribute that is wrong", () => {
  const path = (more: object) => {
    try {
      providerSettings({ ...config, ...more }, { HOME });
    } catch (error) {
      return (error as { path: unknown }).path;
    }
    throw new Error("nothing was refused");
  };
  expect(path({ private_key: "nonsense" })).toEqual(["private_key"]);
  expect(path({ private_key: null, private_key_path: "/nowhere" })).toEqual(["private_key_path"]);
  expect(path({ auth: "InstancePrincipal" })).toEqual(["auth"]);
  expect(path({ retries_config_file: "x" })).toEqual(["retries_config_file"]);
  expect(path({ region: unknown })).toEqual(["region"]);
  expect(path({ retry_duration_seconds: -1 })).toEqual(["retry_duration_seconds"]);
});

test("finds the Identity API under CLIENT_HOST_OVERRIDES", () => {
  const overrides = "oci_vault.VaultsClient=http://127.0.0.1:1;oci_identity.IdentityClient=http://127.0.0.1:2";
  for (const name of ["CLIENT_HOST_OVERRIDES", "TF_VAR_CLIENT_HOST_OVERRIDES", "OCI_CLIENT_HOST_OVERRIDES"]) {
    expect(providerSettings(config, { HOME, [name]: overrides }).identityEndpoint).toBe("http://127.0.0.1:2");
  }
  const broken = { HOME, CLIENT_HOST_OVERRIDES: "oci_identity.IdentityClient=http://a=b" };
  expect(() => providerSettings(config, broken)).toThrow("expected client=endpoint");
});

test("reads the retry settings from the block or the environment", () => {
  const block = { ...config, disable_auto_retries: true, retry_duration_seconds: 5 };
  expect(providerSettings(block, { HOME }).retries).toMatchObject({ disabled: true, durationSeconds: 5 });
  const environment = {
    TF_VAR_disable_auto_retries: "true",
    OCI_retry_duration_seconds: "7",
    disable_409_retry: "true",
  };
  expect(providerSettings(config, environment).retries).toEqual({ disabled: true, durationSeconds: 7, not409: true });
});
