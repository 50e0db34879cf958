import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { createCertificateAuthority } from "../../certificates";
import { installProvider } from "../../terraform-provider/install";
import { Workspace } from "../../testing/terraform";
import { domain } from "./configuration";
import { ociProvider, providerSchema } from "./oci-provider";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "tfp-")));
const room = join(__dirname, "../../terraform-provider");
const started: ChildProcess[] = [];
let cliConfigFile: string;
let launcher: string;

function launchers(): string[] {
  const entries = readdirSync(join(folder, "mirror"), { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).sort();
}

beforeAll(async () => {
  ({ cliConfigFile } = await installProvider(folder, ociProvider));
  [launcher = ""] = launchers();
});

afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const pluginEnvironment = { TF_PLUGIN_MAGIC_COOKIE: cookie, PLUGIN_PROTOCOL_VERSIONS: "5,6", TMPDIR: folder };

function start(environment: NodeJS.ProcessEnv = {}, command = launcher, args: string[] = []) {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...pluginEnvironment, ...environment } });
  started.push(child);
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return {
    child,
    line: new Promise<string[]>((resolve) =>
      child.stdout.once("data", (chunk) => resolve(String(chunk).trim().split("|"))),
    ),
    ended: new Promise<{ code: number | null; stderr: string }>((resolve) => {
      child.once("close", (code) => resolve({ code, stderr }));
    }),
  };
}

/** A client of the process without TLS, which is how a process without PLUGIN_CLIENT_CERT is spoken to. */
function call(socket: string, file: string, service: string, method: string): Promise<Record<string, unknown>> {
  const options = { keepCase: true, longs: Number, enums: String, defaults: true };
  const definition = loadSync(join(room, file), options)[service] as grpc.ServiceDefinition;
  const Client = grpc.makeClientConstructor(definition, service);
  const client = new Client(`unix:${socket}`, grpc.credentials.createInsecure());
  return new Promise((resolve, reject) => {
    client[method]?.({}, (error: Error | null, reply: Record<string, unknown>) => {
      client.close();
      if (error) reject(error);
      else resolve(reply);
    });
  });
}

test("explains itself to someone who starts it by hand", async () => {
  const { ended } = start({ TF_PLUGIN_MAGIC_COOKIE: "" });
  expect(await ended).toEqual({ code: 1, stderr: expect.stringMatching(/^this is a Terraform provider: .*\n$/) });
});

test("refuses a Terraform that does not speak protocol 5", async () => {
  const { ended } = start({ PLUGIN_PROTOCOL_VERSIONS: "6" });
  expect(await ended).toEqual({
    code: 1,
    stderr: expect.stringContaining("speaks plugin protocol 5, Terraform offers 6"),
  });
});

test("hands over its certificate when Terraform brings one, and refuses a client without", async () => {
  const authority = await createCertificateAuthority();
  const { line } = start({ PLUGIN_CLIENT_CERT: authority.certPem });
  const [core, protocol, network, socket = "", kind, certificate = "", ...more] = await line;
  expect([core, protocol, network, kind, more]).toEqual(["1", "5", "unix", "grpc", []]);
  expect(certificate).not.toContain("=");
  const parsed = new X509Certificate(Buffer.from(certificate, "base64"));
  expect([parsed.ca, parsed.subjectAltName]).toEqual([true, "DNS:localhost"]);
  expect(parsed.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  await expect(call(socket, "tfplugin5.proto", "tfplugin5.Provider", "GetSchema")).rejects.toThrow("UNAVAILABLE");
});

test("tells its schema as the schema file has it", async () => {
  const { line } = start();
  const [, , , socket = ""] = await line;
  const reply = await call(socket, "tfplugin5.proto", "tfplugin5.Provider", "GetSchema");
  const { resource_schemas, data_source_schemas, server_capabilities } = reply as Record<
    string,
    Record<string, unknown>
  >;
  expect(Object.keys(resource_schemas ?? {})).toEqual(Object.keys(providerSchema.schemas.resource_schemas));
  expect(Object.keys(data_source_schemas ?? {})).toEqual(Object.keys(providerSchema.schemas.data_source_schemas));
  expect(server_capabilities).toMatchObject({ get_provider_schema_optional: true });
});

test("ends on Shutdown and takes its socket along", async () => {
  const { line, ended } = start();
  const [, , , socket = ""] = await line;
  expect(existsSync(socket)).toBe(true);
  await call(socket, "grpc_controller.proto", "plugin.GRPCController", "Shutdown");
  expect(await ended).toEqual({ code: 0, stderr: "" });
  expect(existsSync(dirname(socket))).toBe(false);
});

test("leaves Ctrl-C to Terraform and ends on SIGTERM", async () => {
  const { child, line, ended } = start();
  const [, , , socket = ""] = await line;
  child.kill("SIGINT");
  await call(socket, "tfplugin5.proto", "tfplugin5.Provider", "Stop");
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
  expect(existsSync(dirname(socket))).toBe(false);
});

test("ends when the process that started it was killed", async () => {
  const { child, line } = start({}, "sh", ["-c", `'${launcher}' & wait`]);
  const [, , , socket = ""] = await line;
  child.kill("SIGKILL");
  while (existsSync(dirname(socket))) await new Promise((resolve) => setTimeout(resolve, 50));
});

test("keeps the launcher as it is when it is installed again, for the sake of lock files", async () => {
  const before = readFileSync(launcher, "utf8");
  await installProvider(folder, ociProvider);
  expect(await readFile(launcher, "utf8")).toBe(before);
  expect(launcher).toContain(`/${providerSchema.address}/8.28.0/`);
});

test("is there for whatever platform Terraform was built for, each with the same launcher", () => {
  const platforms = launchers().map((file) => basename(dirname(file)));
  expect(platforms).toEqual(["darwin_amd64", "darwin_arm64", "linux_386", "linux_amd64", "linux_arm", "linux_arm64"]);
  expect(new Set(launchers().map((file) => readFileSync(file, "utf8"))).size).toBe(1);
});

describe("in Terraform", () => {
  const keyPem = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
  let workspace: Workspace;

  beforeAll(async () => {
    writeFileSync(join(folder, "key.pem"), keyPem);
    const environment = {
      PATH: process.env.PATH,
      HOME: folder,
      TF_CLI_CONFIG_FILE: cliConfigFile,
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
      TF_VAR_tenancy_ocid: "t",
      TF_VAR_user_ocid: "u",
      TF_VAR_fingerprint: "f",
      TF_VAR_private_key_path: join(folder, "key.pem"),
      TF_VAR_region: "eu-frankfurt-1",
      // Nothing listens there.
      CLIENT_HOST_OVERRIDES: "oci_identity.IdentityClient=http://127.0.0.1:1",
    };
    workspace = new Workspace(folder, environment);
    workspace.write(domain());
    await workspace.ok("init", "-no-color");
  });

  test("plans without any call, with and without TLS, and prints no warning", async () => {
    for (const more of [{}, { TF_DISABLE_PLUGIN_TLS: "1" }]) {
      const { code, stdout, stderr } = await workspace.run(["plan", "-no-color", "-input=false"], more);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("Plan: 1 to add");
      expect(stdout).not.toContain("Warning");
    }
  });

  test("refuses to work for a Terraform run that means the real provider", async () => {
    const other = join(folder, "other.rc");
    writeFileSync(other, await readFile(cliConfigFile));
    for (const file of [other, undefined]) {
      const { code, stderr } = await workspace.run(["plan", "-no-color", "-input=false"], { TF_CLI_CONFIG_FILE: file });
      expect(code).toBe(1);
      expect(stderr).toContain("this is the local stand-in of the OCI provider");
    }
  });

  test("points at the argument that is wrong", async () => {
    const wrong = domain({ domainMore: 'timeouts {\n    create = "soon"\n  }' }).replace(
      "\nprovider",
      "\n# here\nprovider",
    );
    workspace.write(wrong);
    const { code, stderr } = await workspace.run(["validate", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: invalid timeout \\?"soon\\?"/);
    expect(stderr).toMatch(/create = "soon"/);
  });

  test("installs no other provider", async () => {
    workspace.write('terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n');
    const { code, stderr } = await workspace.run(["init", "-no-color", "-input=false"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("hashicorp/aws")]);
  });
});
