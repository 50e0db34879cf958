import type { EnvironmentInput } from "../../config/environment";
import { parseEnvironment } from "../../config/environment";
import local from "../../environments/local";
import { Oci } from "../../scripts/oci/client";
import { adoptOrphans, forgetOrphans } from "../../scripts/terraform/orphans";
import { sweep } from "../../scripts/terraform/sweep";
import { inPlace } from "../scripts/in-place";
import { rich, Stack } from "./lifecycle";

/** The OCI of the test stops Terraform after it has done what it was asked for, so that the state does not learn of it. */
function openToKills() {
  const state: { at?: string; kill: () => void } = { kill: () => {} };
  const stack = Stack.open({
    faults({ method, path }) {
      if (`${method} ${path}` !== state.at) return undefined;
      state.at = undefined;
      state.kill();
      return "no-reply";
    },
  });
  return { state, stack };
}

async function killedApply(stack: Stack, state: ReturnType<typeof openToKills>["state"], at: string): Promise<void> {
  state.at = at;
  // One thing at a time: killed in the middle of writing its state, Terraform would leave none.
  const { kill, ended } = stack.start(["apply", "-auto-approve", "-input=false", "-parallelism=1"]);
  state.kill = kill;
  expect((await ended).code).toBe(-1);
}

const oci = () => new Oci({ region: "eu-frankfurt-1" }, () => {});

const whereOf = (input: EnvironmentInput) => {
  const { domain, existingDomain } = parseEnvironment("local", input);
  return { domain, existingDomain };
};

test("what killed applies made is taken over by the next one, shown as that, and nothing is there twice", async () => {
  const opened = openToKills();
  const stack = await opened.stack;
  try {
    await stack.synthesize(rich).ok("init", "-no-color", "-input=false");
    const where = whereOf(rich);
    const adopt = () => inPlace(stack.place(), () => adoptOrphans("local", where, oci()));
    for (const at of ["POST /20160918/domains", "POST /admin/v1/Groups", "POST /admin/v1/Grants"]) {
      await killedApply(stack, opened.state, at);
      expect(await adopt()).toEqual([]);
    }
    const { resource_changes = [] } = await stack.plan();
    const imported = resource_changes.filter(({ change }) => "importing" in change).map(({ address }) => address);
    // Terraform chooses the order, and notes what it took over only with the next change: more than the grant may be left.
    expect(imported).toContainEqual(expect.stringMatching(/^oci_identity_domains_grant\./));
    await stack.apply();
    await inPlace(stack.place(), async () => forgetOrphans("local"));
    expect(await stack.changes()).toEqual({});
    const domain = stack.domain();
    expect([domain.users().length, domain.groups().length, domain.apps().length]).toEqual([3, 2, 4]);
  } finally {
    await stack.close();
  }
});

test("an orphan that nothing declares is named, and destroy deletes it from a domain that the stack does not own", async () => {
  const opened = openToKills();
  const stack = await opened.stack;
  try {
    const compartmentId = "ocid1.compartment.oc1..test";
    const theirs = {
      compartmentId,
      displayName: "theirs",
      description: "x",
      homeRegion: "eu-frankfurt-1",
      licenseType: "free",
    };
    await stack.byHand("POST", "/20160918/domains", theirs);
    await stack.settled();
    const { body } = await stack.byHand("GET", "/admin/v1/Settings/Settings");
    await stack.byHand("PUT", "/admin/v1/Settings/Settings", { ...(body as object), signingCertPublicAccess: true });
    const { domain: _, ...rest } = local;
    const input: EnvironmentInput = { ...rest, existingDomain: { domainUrl: stack.domain().url } };
    await stack.synthesize(input).ok("init", "-no-color", "-input=false");
    const users = stack.domain().users().length;
    await killedApply(stack, opened.state, "POST /admin/v1/Apps");
    expect(stack.domain().apps()).toHaveLength(1);

    stack.synthesize({ ...input, app: { ...local.app, displayName: "another" } });
    const notes = await inPlace(stack.place(), () => adoptOrphans("local", whereOf(input), oci()));
    expect(notes).toEqual([
      expect.stringMatching(/^app hello-api.* \(\w+\) carries the tag of this stack, and neither/),
    ]);

    await inPlace(stack.place(), () => sweep("local", whereOf(input), oci(), () => {}));
    await stack.ok("destroy", "-no-color", "-auto-approve", "-input=false");
    const domain = stack.domain();
    expect([domain.apps(), domain.groups(), domain.users().length]).toEqual([[], [], users]);
  } finally {
    await stack.close();
  }
});
