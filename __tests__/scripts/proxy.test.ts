import { join } from "node:path";
import { ConnectProxy } from "../oauth/connect-proxy";
import { Deployed } from "./deployed";

const root = join(__dirname, "../..");

// That a process takes the proxy from its environment, for all that it calls, only a process can show.
let at: Deployed;
let proxy: ConnectProxy;
beforeAll(async () => {
  at = await Deployed.start();
  await at.register();
  proxy = await ConnectProxy.start();
});
afterAll(async () => {
  await proxy.close();
  await at.close();
});
beforeEach(() => {
  proxy.connects.length = 0;
});

/** HTTP_PROXY is for plain HTTP, and not for what is asked here. */
const environment = () => ({ HTTPS_PROXY: `http://me:PASS@${proxy.host}`, HTTP_PROXY: "", NO_PROXY: "" });
const hostOf = (url: string) => new URL(url).host;
const targets = () => [...new Set(proxy.connects.map(({ target }) => target))].sort();

test("a command reaches the domain, OCI and the API through the proxy, and never shows its password", async () => {
  const { stdout, stderr } = await at.runProcess(["doctor", "local", "--json", "--url", at.apiUrl], {
    env: environment(),
  });
  expect(JSON.parse(stdout).unseen).toEqual([]);
  const { oci, ords } = at.standIns;
  expect(targets()).toEqual([at.outputs.client.domainUrl, oci.url, ords.url].map(hostOf).sort());
  expect(new Set(proxy.connects.map(({ authorization }) => authorization))).toEqual(
    new Set([`Basic ${Buffer.from("me:PASS").toString("base64")}`]),
  );
  expect(stdout + stderr).not.toMatch(/PASS/);
});

test("so does the hook that Terraform runs", async () => {
  const env = {
    ...environment(),
    APP_ID: at.appId,
    IDCS_ENDPOINT: at.outputs.client.domainUrl,
    OCI_REGION: "eu-frankfurt-1",
    ORDS_JWT_OCI_AUTH: "ApiKey",
    ORDS_JWT_OCI_PROFILE: "DEFAULT",
  };
  const hook = ["-e", "require('ords-jwt/deactivate')", "app"];
  const { code, stdout, stderr } = await at.execute(process.execPath, hook, { env });
  expect([code, stdout, stderr]).toEqual([0, `app ${at.appId} is inactive\n`, ""]);
  expect(targets()).toEqual([hostOf(at.outputs.client.domainUrl)]);
});

test("a proxy that refuses is named as the reason", async () => {
  const gone = await ConnectProxy.start();
  const { host } = gone;
  await gone.close();
  const env = { ...environment(), HTTPS_PROXY: `http://me:PASS@${host}` };
  const { code, stderr } = await at.runProcess(["token", "local", "--grant", "client_credentials", "--no-cache"], {
    env,
  });
  expect(stderr).toMatch(
    /^error: https:\S+\/oauth2\/v1\/token cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:\d+$/m,
  );
  expect([code, stderr]).toEqual([3, expect.not.stringMatching(/PASS/)]);
});

test("what a library still says when the command is over hides secrets, too", async () => {
  const late = join(root, "trust/leaks/fail-late.cjs");
  const args = ["--require", late, "scripts/ords-jwt.js", "--version"];
  const env = { CI_JOB_TOKEN: "Ci-Job-Token-4711", FAIL_LATE: "says" };
  const { stderr } = await at.execute(process.execPath, args, { env });
  expect(stderr).toMatch(/^cannot go on with .*TypeError: cannot go on/s);
  expect(stderr).not.toMatch(/Job-Token-4711/);
});
