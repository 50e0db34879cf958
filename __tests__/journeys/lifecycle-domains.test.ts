import type { JsonObject } from "@ords-jwt/stand-ins/testing/terraform";
import local from "../../environments/local";
import { Stack } from "./lifecycle";

const { domain, developerClient, ...withoutDomain } = local;

test("through the endpoint of another region no domain is made, and the home region is named", async () => {
  const stack = await Stack.open({ homeRegion: "eu-frankfurt-1", region: "uk-london-1" });
  await expect(stack.deploy(local)).rejects.toThrow(/403-NotAllowed, .*eu-frankfurt-1/);
  expect(stack.bench.oci.domains()).toEqual([]);
  await stack.close();
});

describe("a domain that exists", () => {
  let stack: Stack;
  let settings: JsonObject;
  beforeAll(async () => {
    stack = await Stack.open();
    await stack.byHand("POST", "/20160918/domains", {
      compartmentId: "ocid1.compartment.oc1..test",
      displayName: "theirs",
      description: "Somebody else's",
      homeRegion: "eu-frankfurt-1",
      licenseType: "free",
    });
    await stack.settled();
    settings = (await stack.byHand("GET", "/admin/v1/Settings/Settings")).body as JsonObject;
  });
  afterAll(() => stack.close());

  const found = {
    "by OCID": () => ({ domainOcid: stack.domain().id }),
    "by URL": () => ({ domainUrl: stack.domain().url }),
  };
  const input = (how: keyof typeof found) => ({ ...withoutDomain, existingDomain: found[how]() });

  /** The domain and all that is in it. */
  async function everything() {
    const { id } = stack.domain();
    const paths = ["Settings/Settings", "Apps", "Users", "Groups", "Grants"].map((path) => `/admin/v1/${path}`);
    return Promise.all(
      [`/20160918/domains/${id}`, ...paths].map(async (path) => (await stack.byHand("GET", path)).body),
    );
  }

  test.each(["by OCID", "by URL"] as const)(
    "%s fails a plan while its certificate is not public, with the command that mends it",
    async (how) => {
      stack.synthesize(input(how));
      await stack.ok("init", "-no-color", "-input=false");
      const { code, stderr } = await stack.run(["plan", "-no-color", "-input=false"]);
      expect(code).toBe(1);
      // On one line, to be copied.
      expect(stderr).toMatch(
        new RegExp(`^ +oci identity-domains setting patch --endpoint ${stack.domain().url} .*"value":true}]'$`, "m"),
      );
    },
  );

  test.each(["by OCID", "by URL"] as const)("%s is used and left exactly as it was", async (how) => {
    await stack.byHand("PUT", "/admin/v1/Settings/Settings", { ...settings, signingCertPublicAccess: true });
    const before = await everything();
    stack.synthesize(input(how));
    await stack.apply();
    expect(stack.domain().apps()).toHaveLength(1);
    expect(await stack.changes()).toEqual({});
    await stack.ok("destroy", "-no-color", "-auto-approve");
    expect(await everything()).toEqual(before);
  });
});
