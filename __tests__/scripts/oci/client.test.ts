import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rsaKeys } from "@ords-jwt/stand-ins/rsa-keys";
import { OciError } from "oci-common";
import { Oci, ociMessage } from "../../../scripts/oci/client";
import { hideWarningsOfErrors } from "../../../scripts/oci/sdk-warnings";
import { listening } from "../../listening";

const refusal = (status: number, message: string) =>
  new OciError(
    status,
    "NotAuthorizedOrNotFound",
    message,
    "id",
    "Identity",
    "ListDomains",
    "now",
    "https://x",
    "https://x",
  );

const needed = { verb: "manage", compartmentOcid: "ocid1.compartment.oc1..x" } as const;

test.each([401, 403, 404])("a refusal by %d names the policy that is missing", (status) => {
  const error = refusal(status, "Authorization failed");
  expect(ociMessage(error, needed)).toBe(
    `${status} Authorization failed; it takes a policy such as: allow group <group> to manage domains in compartment id ocid1.compartment.oc1..x`,
  );
});

test("what no policy would mend is told without one", () => {
  expect(ociMessage(refusal(500, "out of order"), needed)).toBe("500 out of order");
  expect(ociMessage(new Error("no configuration file"), needed)).toBe("no configuration file");
});

test("what cannot be reached is told with the reason below fetch, any other error by its own message", async () => {
  const error = await fetch("http://127.0.0.1:1/").catch((thrown) => thrown);
  expect(ociMessage(error, needed)).toMatch(/^cannot be reached: (connect ECONNREFUSED 127\.0\.0\.1:1|bad port)$/);
  expect(ociMessage(new Error("no credentials", { cause: new Error("inner") }), needed)).toBe("no credentials");
});

describe("a service that answers what it should not", () => {
  const before = process.env;
  const folder = mkdtempSync(join(tmpdir(), "oci-client-"));
  beforeAll(() => {
    const { privateKey } = rsaKeys();
    const [key, config] = [join(folder, "key.pem"), join(folder, "config")];
    writeFileSync(key, privateKey.export({ type: "pkcs8", format: "pem" }));
    const lines = ["user=u", "fingerprint=f", "tenancy=t", "region=eu-frankfurt-1", `key_file=${key}`];
    writeFileSync(config, ["[DEFAULT]", ...lines].join("\n"));
    process.env = { ...before, OCI_CONFIG_FILE: config };
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  const tag = { key: "k", value: "v" };
  const app = (oci: Oci, url: string) => oci.app(url, "client");

  /** What comes of it, how often it was asked, and what the SDK printed. */
  async function asked(listener: RequestListener, call: (oci: Oci, url: string) => Promise<unknown> = app) {
    const printed: string[] = [];
    jest.spyOn(console, "warn").mockImplementation((text) => printed.push(String(text)));
    let times = 0;
    const server = createServer((request, response) => {
      times++;
      listener(request, response);
    });
    await listening(server);
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    process.env.CLIENT_HOST_OVERRIDES = `oci_identity.IdentityClient=${url}`;
    try {
      const outcome = await call(new Oci({ region: "eu-frankfurt-1" }, () => {}), url).catch(ociMessage);
      return { outcome, times, printed: printed.join("") };
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  test("without end is left, and not asked again", async () => {
    const endless: RequestListener = (_request, response) => {
      const more = () => {
        while (response.writable && response.write(" ".repeat(100_000)));
      };
      response.on("drain", more);
      more();
    };
    expect(await asked(endless)).toMatchObject({
      outcome: expect.stringMatching(/ answered with more than 20000000 bytes$/),
      times: 1,
    });
  });

  test("with a redirect is not followed", async () => {
    const redirect: RequestListener = (_request, response) =>
      response.writeHead(302, { location: "/elsewhere" }).end("moved");
    expect(await asked(redirect)).toMatchObject({ outcome: "302 moved", times: 1 });
  });

  test.each<[string, RequestListener, (oci: Oci, url: string) => Promise<unknown>]>([
    [
      "domains",
      (_request, response) => response.writeHead(200, { "opc-next-page": "more" }).end("[]"),
      (oci) => oci.taggedDomains("c", tag),
    ],
    [
      "Apps",
      (_request, response) => response.end(JSON.stringify({ totalResults: 1e9, Resources: [{ id: "x" }] })),
      (oci, url) => oci.tagged(url, "Apps", tag),
    ],
  ])("with pages of %s without end is left", async (what, listener, call) => {
    expect(await asked(listener, call)).toMatchObject({
      outcome: expect.stringMatching(new RegExp(`^the list of ${what} .*has no end$`)),
      times: 200,
    });
  });

  test.each([
    '{"Resources":{}}',
    '{"Resources":[null]}',
    '{"Resources":["x"]}',
    '{"Resources":[[]]}',
    '{"Resources":null}',
    '{"totalResults":"1"}',
    '{"totalResults":1e999}',
    "[]",
    "null",
    "7",
  ])("with %s in place of a list is told so", async (answer) => {
    expect(await asked((_request, response) => response.end(answer))).toMatchObject({
      outcome: expect.stringMatching(/^the list of Apps of http:\S+ has not the form of one$/),
      times: 1,
    });
  });

  test("with more on a page than was asked for is read to its end", async () => {
    const Resources = Array.from({ length: 200_000 }, () => ({}));
    const count = async (oci: Oci, url: string) => (await oci.list(url, "Apps", {})).length;
    expect(await asked((_request, response) => response.end(JSON.stringify({ Resources })), count)).toMatchObject({
      outcome: 200_000,
      times: 1,
    });
  });

  test("with an error of blanks and control characters prints one line of it", async () => {
    const detail = `${" ".repeat(50_000)}\u001b[2J${" \n".repeat(50_000)}no`;
    const error: RequestListener = (_request, response) => response.writeHead(400).end(JSON.stringify({ detail }));
    const shown = await asked(error);
    expect(shown.outcome).toMatch(/^400 [^\p{Cc}]{0,30}$/u);
    expect(shown.printed).not.toContain("\u001b");
  });

  test("gets what people called something as they called it", async () => {
    const seen: string[] = [];
    const name = 'R&D #1 + "50%" / \u00fc?';
    const listener: RequestListener = (request, response) => {
      const { pathname, searchParams } = new URL(String(request.url), "http://localhost");
      seen.push(searchParams.get("filter") ?? pathname);
      response.end("{}");
    };
    await asked(listener, (oci, url) => oci.having(url, "Groups", `displayName eq ${JSON.stringify(name)}`));
    await asked(listener, (oci, url) => oci.repeat("GET", url, "Groups", "a/b?c"));
    expect(seen).toEqual([`displayName eq ${JSON.stringify(name)}`, "/admin/v1/Groups/a%2Fb%3Fc"]);
  });
});

test("of what Oracle's SDK warns of, a retry is left, and nothing that says nothing", () => {
  const lines: string[] = [];
  const quieter = { warn: (line: string) => lines.push(line) } as unknown as Console;
  hideWarningsOfErrors(quieter);
  quieter.warn("Request cannot be retried. Not Retrying. Exception occurred : Error");
  quieter.warn("Request failed with Exception : [object Object]\nRetrying request -> Total Attempts : 1");
  quieter.warn("Request failed with Exception : Error: reset\nRetrying request -> Total Attempts : 2");
  expect(lines).toEqual([
    "Retrying request -> Total Attempts : 1",
    "Request failed with Exception : Error: reset\nRetrying request -> Total Attempts : 2",
  ]);
});
