import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { STAND_IN_KEYS } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  process.env.STAND_IN_KEYS = folder;
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env.STAND_IN_KEYS = STAND_IN_KEYS;
  rmSync(folder, { recursive: true });
});

/** As a new process has it. */
async function load(): Promise<typeof import("../certificates")> {
  jest.resetModules();
  return import("../certificates");
}

test("processes share authorities, by the order in which they ask for them, until half a day has gone", async () => {
  const first = await load();
  const [one, two] = [await first.createCertificateAuthority(), await first.createCertificateAuthority()];
  const [server, other] = [await one.issue(), await one.issue(["example.com", "::1"])];
  await two.issue();
  expect(new X509Certificate(one.certPem).subject).not.toBe(new X509Certificate(two.certPem).subject);
  expect(other.cert).not.toBe(server.cert);

  const second = await load();
  const again = await second.createCertificateAuthority();
  expect(again.certPem).toBe(one.certPem);
  expect(await again.issue()).toEqual(server);
  const made = new X509Certificate((await again.issue(["example.org"])).cert);
  expect(made.verify(new X509Certificate(one.certPem).publicKey)).toBe(true);
  expect(made.checkHost("example.org")).toBe("example.org");
  expect(readdirSync(folder).sort()).toEqual(["authority-1.json", "authority-2.json"]);

  jest.spyOn(Date, "now").mockReturnValue(Date.now() + 13 * 60 * 60 * 1000);
  const late = await second.createCertificateAuthority();
  expect(late.certPem).not.toBe(two.certPem);
  const issued = new X509Certificate((await late.issue()).cert);
  expect(issued.verify(new X509Certificate(late.certPem).publicKey)).toBe(true);
});

test("without a folder an authority is its own, and nothing is kept", async () => {
  delete process.env.STAND_IN_KEYS;
  const authorities = [];
  for (let process = 0; process < 2; process++) authorities.push(await (await load()).createCertificateAuthority());
  for (const authority of authorities) await authority.issue();
  expect(authorities[0]?.certPem).not.toBe(authorities[1]?.certPem);
  expect(readdirSync(folder)).toEqual([]);
});
