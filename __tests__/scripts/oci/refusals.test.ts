import { Oci } from "../../../scripts/oci/client";
import { reasonsOf } from "../../../scripts/oci/refusals";
import { Deployed } from "../deployed";

let at: Deployed;
let oci: Oci;
const before = process.env;
beforeAll(async () => {
  at = await Deployed.start();
  process.env = { ...before, ...at.standIns.environment };
  oci = new Oci({ region: "eu-frankfurt-1" }, () => {});
});
afterAll(async () => {
  process.env = before;
  await at.close();
});

/** As the provider reports what a domain refuses, and cdktf prints it. */
function printed(request: string, address: string): string {
  const [method, path] = request.split(" ");
  const { domainUrl } = at.outputs.client;
  return [
    "local  Error: 400-BadErrorResponse, ",
    `local  Request Target: ${method} ${domainUrl}/admin/v1/${path} `,
    "local  Operation Name: Some ",
    `local    with ${address} (X/Resource),`,
  ].join("\n");
}

test("a delete that was refused is repeated, and the domain's words are shown", async () => {
  const text = printed(`DELETE Apps/${at.appId}?forceDelete=true`, "oci_identity_domains_app.App_1");
  expect(await reasonsOf(text, [], oci)).toEqual([
    expect.stringMatching(
      new RegExp(`^the domain refused DELETE Apps/${at.appId} \\(oci_identity_domains_app.App_1\\): 400 .*active`, "i"),
    ),
  ]);
});

test("of what would be made, what has its name or audience already is named, and nothing is made", async () => {
  const address = "oci_identity_domains_app.App_2";
  const attributes = [
    { path: "audience", after: '"https://hello.example.com/"' },
    { path: "display_name", after: '"another-name"' },
  ];
  const apps = () => oci.having(at.outputs.client.domainUrl, "Apps", "active eq true");
  const had = await apps();
  const text = `${printed("POST Apps", address)}\n${printed("POST Users", "oci_identity_domains_user.X_1")}`;
  expect(await reasonsOf(text, [{ address, attributes }], oci)).toEqual([
    `the domain refused POST Apps (${address}): Apps/${at.appId} has the audience "https://hello.example.com/" too`,
    expect.stringMatching(/^the domain refused POST Users .*: its reason is only in the provider's log/),
  ]);
  expect(await apps()).toEqual(had);
});

test("an error of another kind asks nothing", async () => {
  expect(await reasonsOf("Error: 404-NotAuthorizedOrNotFound, no such domain", [], oci)).toEqual([]);
});
