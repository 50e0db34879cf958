import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { appDetails, Cloud, domainDetails, tenancyId, userDetails, userId } from "../../testing/oci";

let cloud: Cloud;
let folder: string;
beforeAll(async () => {
  cloud = await Cloud.start();
  folder = await mkdtemp(join(tmpdir(), "oci-sdk-"));
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

test("Oracle's TypeScript SDK takes a domain from creation to deletion", async () => {
  const [domain, apps] = [domainDetails(), [appDetails({ active: true }), appDetails({ active: true })]];
  const { fingerprint } = cloud.signer;
  const privateKey = cloud.signer.privateKey.export({ type: "pkcs8", format: "pem" });
  const report = await runSdk({
    ...{ url: cloud.server.url, tenancyId, userId, fingerprint, privateKey },
    ...{ domain, apps, user: userDetails("alice@example.com") },
  });
  expect(report).toEqual({
    domains: [domain.displayName],
    activeApps: apps.map(({ displayName }) => displayName),
    deleteActiveApp: { statusCode: 400, serviceCode: "None" },
    deactivateWithActiveApps: { statusCode: 412, serviceCode: "PreConditionFailed" },
    patched: false,
    changed: [false, false],
    getDeletedApp: { statusCode: 404, serviceCode: "None" },
    getDeletedDomain: { statusCode: 404, serviceCode: "NotAuthorizedOrNotFound" },
  });
  expect(cloud.server.domains()).toEqual([]);
});

async function runSdk(input: object): Promise<unknown> {
  const ca = join(folder, "ca.pem");
  await writeFile(ca, cloud.certPem);
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "sdk-lifecycle.ts")], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
  });
  child.stdin.end(JSON.stringify(input));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output === "") throw new Error(errors);
  return JSON.parse(output);
}
