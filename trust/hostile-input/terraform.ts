import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { outputs } from "../../scripts/commands/outputs";
import { postman } from "../../scripts/commands/postman";
import { viewOf } from "../../scripts/plan-view/build";
import { renderMarkdown } from "../../scripts/plan-view/markdown";
import { renderText } from "../../scripts/plan-view/text";
import type { Terminal } from "../../scripts/terminal/terminal";
import { terraformPlan } from "../../scripts/terraform/plan";
import { managedResources, stateInWords } from "../../scripts/terraform/state";
import { changedJson } from "./hostile";
import { type Bench, generated, type Source } from "./source";

/** What Terraform and the provider print. */
export function terraformSources({ deployed }: Bench): Source[] {
  const file = join(deployed.folder, "outputs.json");
  const prints = (work: (terminal: Terminal, index: number) => Promise<unknown>) => (text: string, index: number) => ({
    run(terminal: Terminal) {
      writeFileSync(file, text);
      return work(terminal, index);
    },
  });
  const printed = {
    ords: { value: deployed.outputs },
    client_secret: { sensitive: true, value: deployed.clientSecret },
    client_secret_batch: { sensitive: true, value: "idcscs-0123456789" },
  };
  /** Where a name could become that of a file. */
  const withPath = (path: string) => {
    const { client, developerClient } = deployed.outputs;
    const ords = {
      ...deployed.outputs,
      client: { ...client, clientId: path },
      developerClient: { ...developerClient, clientId: path },
      users: [path],
    };
    return JSON.stringify({ ...printed, ords: { value: ords } });
  };
  const exported = prints((terminal) =>
    postman("local", { output: "postman", url: "https://api.example.com/x" }, terminal),
  );
  return [
    generated(
      "terraform output",
      4,
      changedJson(printed),
      prints(async (terminal, index) =>
        index % 2
          ? outputs("local", {}, terminal)
          : postman("local", { output: "postman", url: "https://api.example.com/x" }, terminal),
      ),
    ),
    {
      name: "terraform output with a path",
      share: 0,
      cases: () =>
        ["../../outside/escaped", "../escaped", "/../outside/escaped", "escaped"].map((path, index) => ({
          what: `terraform output with ${path}`,
          size: withPath(path).length,
          ...exported(withPath(path), index),
        })),
    },
    generated(
      "terraform plan",
      3,
      changedJson(plan(deployed.outputs)),
      prints(async (terminal, index) => {
        const terraform = await terraformPlan("local");
        const view = viewOf({ stack: "local", terraform, ords: undefined }, { region: "eu-frankfurt-1" });
        if (index % 2) terminal.print(renderText(view, terminal));
        else terminal.log(renderMarkdown(view));
      }),
    ),
    generated(
      "terraform state",
      2,
      changedJson(state),
      prints(async (terminal, index) => {
        if (index % 2) terminal.log(await stateInWords("local"));
        else
          for (const { address, type, tainted, values } of await managedResources("local"))
            terminal.log(`${address} ${type} ${tainted} ${values.id}`);
      }),
    ),
  ];
}

/** As `terraform show -json` prints a plan. */
function plan(ords: unknown) {
  const nothing = { after_unknown: {}, before_sensitive: false, after_sensitive: false };
  const app = { address: "oci_identity_domains_app.App", mode: "managed", type: "oci_identity_domains_app" };
  return {
    format_version: "1.2",
    resource_changes: [
      {
        ...app,
        change: {
          ...nothing,
          actions: ["update"],
          before: { display_name: "old", description: "before", scopes: [{ value: "a" }], client_secret: "idcscs-1" },
          after: {
            display_name: "new",
            description: "after",
            scopes: [{ value: "a" }, { value: "b" }],
            client_secret: "idcscs-2",
          },
          after_unknown: { id: true, scopes: [{}, { fqs: true }] },
        },
      },
      {
        ...app,
        address: "oci_identity_domains_user.User-alice",
        type: "oci_identity_domains_user",
        change: {
          ...nothing,
          actions: ["create"],
          importing: { id: "x" },
          before: null,
          after: { user_name: "alice" },
        },
      },
    ],
    output_changes: {
      ords: {
        ...nothing,
        actions: ["update"],
        before: null,
        after: ords,
        after_unknown: { client: { clientId: true } },
      },
    },
    configuration: {
      root_module: { resources: [{ address: app.address, expressions: { description: { constant_value: "" } } }] },
    },
  };
}

/** As `terraform state pull` prints it. */
const state = {
  version: 4,
  outputs: {},
  resources: [
    {
      mode: "managed",
      type: "oci_identity_domain",
      name: "Domain",
      instances: [{ attributes: { id: "ocid1.domain", url: "https://idcs-1.identity.oraclecloud.com:443" } }],
    },
    {
      mode: "managed",
      type: "oci_identity_domains_app",
      name: "App",
      instances: [{ index_key: "app", status: "tainted", attributes: { id: "app", client_secret: "idcscs-1" } }],
    },
    { mode: "data", type: "x", name: "y", instances: [{ attributes: {} }] },
  ],
};
