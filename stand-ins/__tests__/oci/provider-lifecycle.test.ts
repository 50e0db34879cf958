import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, Cloud } from "../../testing/oci";

/** One request of the real Terraform provider, and what the answer that satisfied it looked like. */
interface Step {
  phase: string;
  method: string;
  /** With `{domain}`, `{user}` and so on in the place of ids. */
  path: string;
  body?: unknown;
  status: number;
  /** Names of the members of the answer. */
  members?: string[];
}

const steps: Step[] = readFileSync(join(__dirname, "fixtures/provider-lifecycle.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

const kinds: Record<string, string> = {
  Users: "user",
  Apps: "app",
  Groups: "group",
  AppRoles: "appRole",
  Grants: "grant",
};

let cloud: Cloud;
beforeAll(async () => {
  cloud = await Cloud.start({ addsRecoveryEmail: true });
});
afterAll(() => cloud.close());

test("answers a whole lifecycle of the Terraform provider as it needs it", async () => {
  const ids: Record<string, string> = {};
  const lastSeen = new Map<string, unknown>();
  const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (whole, name) => ids[name] ?? whole);

  for (const [index, step] of steps.entries()) {
    const where = `step ${index}, ${step.phase}: ${step.method} ${step.path}`;
    const path = fill(step.path);
    const base = path.startsWith("/20160918") ? cloud.server.url : (ids.url as string);
    const body = step.body === undefined ? undefined : JSON.parse(fill(JSON.stringify(step.body)));
    const answer = await cloud.call(step.method, base + path, body);
    if (answer.status !== step.status) throw new Error(`${where}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const missing = step.members?.filter((name) => !(name in answer.body));
    if (missing?.length) throw new Error(`${where}: the answer has no ${missing.join(", ")}`);

    if (answer.status === 202) {
      ids.workRequest = answer.headers["opc-work-request-id"] as string;
      const work = await cloud.finished(answer);
      ids.domain ??= (work.resources as [{ identifier: string }])[0].identifier;
    }
    if (answer.status === 200 && path === `/20160918/domains/${ids.domain}`) ids.url = answer.body.url;
    const created = kinds[path.replace(/^\/admin\/v1\/(\w+).*/, "$1")];
    if (answer.status === 201 && created) ids[created] = answer.body.id;
    if (step.method === "POST" || step.method === "PUT") expectEcho(body, answer);
    // A plan is empty when the provider reads what the last answer told it.
    const [withoutQuery, query] = path.split("?");
    const key = answer.status === 201 ? [`${withoutQuery}/${answer.body.id}`, query].filter(Boolean).join("?") : path;
    const seen = lastSeen.get(key);
    if (step.method === "GET" && answer.status === 200 && seen) expect(answer.body).toEqual(seen);
    if (answer.body) lastSeen.set(key, answer.body);
    if (answer.status === 202) lastSeen.delete(`/20160918/domains/${ids.domain}`);
  }
  expect(cloud.server.domains()).toEqual([]);
});

/** What was configured comes back; what a client may not set does not have to. */
function expectEcho(sent: Record<string, unknown> | undefined, { status, body }: Answer): void {
  if (!sent || status === 202) return;
  const settable = ["active", "audience", "clientType", "displayName", "redirectUris", "schemas", "userName", "name"];
  for (const name of settable.filter((candidate) => candidate in sent)) {
    expect(body).toMatchObject({ [name]: sent[name] });
  }
}
