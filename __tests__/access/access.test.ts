import { accessOfAll } from "../../access/all";
import { accessMap, type BothSides } from "../../access/build";
import { compared } from "../../access/compare";
import { graphOf } from "../../access/graph";
import { graphOfAll } from "../../access/graph-of-all";
import type { AccessMap, Client, FindingKind } from "../../access/model";
import type { Actual, Privilege, Served } from "../../ords/model";
import { desiredState } from "../../ords/plan/desired";
import { accessMermaid, accessMermaidOfAll } from "../../scripts/mermaid";
import { accessPage } from "../../scripts/pages/access";
import { accessPageOfAll } from "../../scripts/pages/access-of-all";
import { pageOf } from "../../scripts/pages/page";
import { renderAccess } from "../../scripts/terminal/render-access";
import { renderAccessOfAll } from "../../scripts/terminal/render-access-of-all";
import { beginRun, remember } from "../../scripts/terminal/secrets";
import { desired, helloOutput, module, registered } from "../ords/hello";

const [helloRead] = desired.privileges as [Privilege];
const foreign: Privilege = { ...helloRead, name: "by.hand", comments: "made by a DBA", modules: ["other"] };
const served: Served = {
  methods: new Map([["hello", new Map([["me", ["POST", "GET"]]])]]),
  unpublished: new Set(),
  objects: [],
};
const app: Client = {
  key: "app",
  name: "hello-api",
  clientId: "c",
  isOurs: true,
  isPublic: false,
  isActive: true,
  grants: ["client_credentials", "authorization_code"],
  scopes: ["hello.read"],
  users: "anyone",
};

type Sides = Partial<Omit<BothSides, "actual" | "domain">> & {
  readonly actual?: Partial<Actual>;
  readonly domain?: Partial<BothSides["domain"]>;
};

function mapOf({ actual, domain, ...rest }: Sides = {}): AccessMap {
  return accessMap({
    stack: "test",
    served,
    tokens: desired.profile,
    users: [],
    ...rest,
    actual: { ...registered, ...actual },
    domain: { scopes: ["hello.read"], clients: [app], groups: [], ...domain },
  });
}

const found = ({ findings }: AccessMap, kind: FindingKind) =>
  findings.filter((each) => each.kind === kind).map(({ what, why }) => `${what}: ${why}`);
const callers = ({ locks }: AccessMap, name = "hello.read") => locks.find((lock) => lock.name === name)?.callers;
const role = { roleClaim: "/iam_groups", profile: { ...desired.profile, roleClaim: "/iam_groups" } };
const reader = { ...helloRead, roles: ["readers"] };
const readers = { kind: "group" as const, name: "readers", members: ["alice"] };
const byRoles = (domain: Sides["domain"], users: string[] = []) =>
  mapOf({ users, actual: { profile: role.profile, privileges: [reader] }, domain });

test("a way leads from users and the client itself by grants to scope, privilege, module, template and methods", () => {
  const map = mapOf();
  expect(map.findings).toEqual([]);
  expect(map.locks).toEqual([
    {
      name: "hello.read",
      owner: "this stack",
      roles: [],
      reach: "callers",
      callers: [
        { who: undefined, client: "hello-api", clientKey: "app", grants: ["client_credentials"] },
        { who: "anyone", client: "hello-api", clientKey: "app", grants: ["authorization_code"] },
      ],
      resources: [
        {
          kind: "module",
          name: "hello",
          path: "/hello/",
          endpoints: [{ path: "/hello/me", methods: ["GET", "POST"], exposure: "closed" }],
          total: 1,
          isPublished: true,
        },
      ],
    },
  ]);
});

describe("what is public", () => {
  test("is every module without a privilege, and every template that no pattern matches for certain", () => {
    const parts = { ...module("parts"), templates: ["a", "b"] };
    const privileges = [{ ...helloRead, patterns: ["/parts/a", "/parts/a/*"] }];
    const map = mapOf({ actual: { modules: [module("hello"), module("open"), parts], privileges } });
    expect(found(map, "public")).toEqual([
      "module open (/open/): no privilege: anyone may call it",
      "module parts (/parts/): protected in part; anyone may call /parts/b",
    ]);
  });

  test("is an AutoREST object without authentication, unless a pattern covers it", () => {
    const objects = [
      { name: "EMP", path: "/emp/", isProtected: false },
      { name: "DEPT", path: "/dept/", isProtected: false },
      { name: "PAY", path: "/pay/", isProtected: true },
      { name: "LOG", path: "/log/", isProtected: undefined },
    ];
    const map = mapOf({
      served: { ...served, objects },
      actual: { privileges: [{ ...helloRead, patterns: ["/dept/*"] }] },
    });
    expect(found(map, "public")).toEqual([expect.stringMatching(/^AutoREST object EMP \(\/emp\/\): enabled without/)]);
    expect(found(map, "unknown")).toEqual([expect.stringMatching(/^AutoREST object LOG .*is not shown$/)]);
    const unread = mapOf({ served: { ...served, objects: { unread: "ORA-00942" } } });
    expect(unread.unseen[0]).toBe("objects enabled for AutoREST, which may be public (ORA-00942)");
  });

  test("is not what is not published, which nobody can call", () => {
    const actual = { modules: [module("hello"), module("open")] };
    const map = mapOf({ actual, served: { ...served, unpublished: new Set(["open"]) } });
    expect(found(map, "public")).toEqual([]);
    expect(found(map, "closed")).toEqual([expect.stringMatching(/^module open .*not published.*public once it is$/)]);
  });
});

describe("closed to everyone is", () => {
  test.each([
    ["a scope that no app has", { scopes: [], clients: [] }, /no active app of the domain has the scope hello.read/],
    ["a scope that no client may ask for", { clients: [{ ...app, scopes: [] }] }, /no client may ask for the scope/],
    ["a client that is not active", { clients: [{ ...app, isActive: false }] }, /client hello-api is not active/],
    [
      "a client without a grant",
      { clients: [{ ...app, grants: ["refresh_token"] }] },
      /no grant that gives it a token/,
    ],
    [
      "a public client that can only be itself",
      { clients: [{ ...app, isPublic: true, grants: ["client_credentials"] }] },
      /no grant/,
    ],
    [
      "a client granted to nobody",
      { clients: [{ ...app, grants: ["authorization_code"], users: [] }] },
      /granted to nobody/,
    ],
    [
      "a client granted to an empty group",
      { clients: [{ ...app, grants: ["authorization_code"], users: [{ ...readers, members: [] }] }] },
      /groups without a member/,
    ],
  ])("%s", (_, domain, why) => {
    const map = mapOf({ domain });
    expect(found(map, "closed")).toEqual([expect.stringMatching(why)]);
    expect(callers(map)).toEqual([]);
  });

  test("a privilege whose profile was deleted", () => {
    const map = mapOf({ actual: { profile: null } });
    expect(found(map, "closed")).toEqual([
      "privilege hello.read: schema HELLO has no JWT profile: ORDS takes no token, unless ORDS has one for the whole pool",
    ]);
  });

  test("a privilege whose roles no user has, and a user without a role", () => {
    const map = byRoles({ groups: [{ ...readers, members: [] }] }, ["alice"]);
    expect(found(map, "closed")).toEqual([
      expect.stringMatching(/^privilege hello.read: no user who may sign in is in a group called readers/),
      expect.stringMatching(/^user alice: has none of the roles/),
    ]);
    expect(found(byRoles({ groups: [readers] }, ["alice", "bob"]), "closed")).toEqual([
      expect.stringMatching(/^user bob: has none of the roles/),
    ]);
  });
});

test("roles let in their group alone, with those who may sign in, and never a client for itself", () => {
  expect(callers(byRoles({ groups: [readers] }))).toMatchObject([{ who: readers, grants: ["authorization_code"] }]);
  const staff = { kind: "group" as const, name: "staff", members: ["alice", "carol"] };
  const group = { ...readers, members: ["alice", "bob"] };
  const limited = byRoles({ groups: [group], clients: [{ ...app, users: [staff] }] });
  expect(callers(limited)).toMatchObject([{ who: { name: "readers", members: ["alice"] } }]);
});

describe("what somebody else has", () => {
  test("stands out: privileges, the profile, and clients that open something", () => {
    const client = { ...app, key: "x", clientId: "x", name: "batch", isOurs: false };
    const profile = { ...desired.profile, description: "by hand" };
    const privileges = [helloRead, foreign, { ...foreign, name: "theirs", comments: "managed by ords-jwt, stack b" }];
    const modules = [module("hello"), module("other")];
    const map = mapOf({ domain: { clients: [app, client] }, actual: { privileges, profile, modules } });
    expect(found(map, "foreign")).toEqual([
      expect.stringMatching(/^JWT profile of schema HELLO: not made by this stack/),
      expect.stringMatching(/^privilege by.hand: made by somebody else; protects module other/),
      expect.stringMatching(/^privilege theirs: made by stack b; protects module other/),
      "client batch (x): not of this stack, and may call what privilege hello.read protects",
    ]);
    expect(found(map, "closed")).toEqual([]);
  });

  test("is no noise where ORDS made it and nothing is behind it", () => {
    const soda = { ...foreign, name: "oracle.soda", comments: null, modules: [], patterns: ["/soda/*"], roles: ["r"] };
    const map = mapOf({ actual: { privileges: [helloRead, soda] } });
    expect([map.findings, map.ordsOwn, map.locks.length]).toEqual([[], ["oracle.soda"], 1]);
    const before = mapOf({ actual: { privileges: [helloRead, { ...soda, patterns: ["/hello/*"] }] } });
    expect(found(before, "foreign")).toEqual([
      expect.stringMatching(/^privilege oracle.soda: made by ORDS itself; protects/),
    ]);
  });
});

describe("what cannot be told is not claimed", () => {
  test("of a domain that was not read, nothing is closed", () => {
    const map = mapOf({ domain: { unread: "401", clients: [], scopes: [] } });
    expect([found(map, "closed"), map.locks[0]?.reach]).toEqual([[], "unknown"]);
    expect(map.unseen[0]).toMatch(/^the identity domain \(401\)/);
  });

  test("a profile for other tokens, and a module that two privileges claim", () => {
    const other = mapOf({ actual: { profile: { ...desired.profile, audience: "https://other/" } } });
    expect(found(other, "unknown")).toEqual([expect.stringMatching(/other tokens.*audience https:\/\/other\//)]);
    const shared = mapOf({ actual: { privileges: [helloRead, { ...foreign, modules: ["hello"] }] } });
    expect(found(shared, "unknown")).toEqual([
      "module hello: claimed by privileges by.hand, hello.read: whether a token needs one of them or all is not documented",
    ]);
  });

  test("roles below a profile by scopes, and a pattern in no documented form", () => {
    const map = mapOf({ actual: { privileges: [{ ...reader, patterns: ["/x/:id"] }] } });
    expect(found(map, "unknown")).toEqual([
      expect.stringMatching(/^pattern \/x\/:id of privilege hello.read: not one of the two/),
      expect.stringMatching(/^privilege hello.read: names roles \(readers\)/),
    ]);
  });
});

test("what is of no use is named: a scope without a privilege, a privilege of nothing, a client that opens nothing", () => {
  const idle = { ...app, key: "idle", name: "idle", scopes: ["more"] };
  const empty = { ...helloRead, name: "empty", modules: [] };
  const domain = {
    scopes: ["hello.read", "more", "empty"],
    clients: [{ ...app, scopes: ["hello.read", "empty"] }, idle],
  };
  expect(found(mapOf({ domain, actual: { privileges: [helloRead, empty] } }), "idle")).toEqual([
    "privilege empty: names no module that exists and no pattern: it protects nothing",
    "client idle: its tokens open nothing: no privilege is called more",
    "scope more: the schema has no privilege of this name: it opens nothing",
  ]);
});

describe("a plan", () => {
  const modules = [module("hello"), module("legacy")];
  const now = mapOf({ actual: { modules } });
  const then = mapOf({
    actual: { modules, privileges: [{ ...helloRead, name: "legacy.use", modules: ["legacy"] }] },
    domain: { scopes: ["legacy.use"], clients: [{ ...app, scopes: ["legacy.use"] }] },
  });

  test("marks what comes, goes and changes, and keeps what goes", () => {
    const map = compared(now, then);
    expect(map.locks.map(({ name, change }) => [name, change])).toEqual([
      ["legacy.use", "added"],
      ["hello.read", "removed"],
    ]);
    expect(map.open.map(({ name, change }) => [name, change])).toEqual([
      ["hello", "added"],
      ["legacy", "removed"],
    ]);
    expect(map.clients[0]?.change).toBe("changed");
    const turned = mapOf({
      actual: { modules },
      domain: { clients: [{ ...app, grants: [...app.grants].reverse() }] },
    });
    expect(JSON.stringify(compared(now, turned))).not.toContain('"change"');
  });

  test("is a box for what will be, with dotted lines from what was", () => {
    const { nodes, edges } = graphOf(compared(now, then), { who: String, grant: String });
    expect(nodes.find(({ id }) => id === "resource module legacy (/legacy/)")?.mark).toBeUndefined();
    expect(edges.filter(({ change }) => change === "removed")).toMatchObject([
      { from: "client app", to: "lock hello.read" },
      { from: "lock hello.read", to: "resource module hello (/hello/)" },
      { from: "lock \0open", to: "resource module legacy (/legacy/)" },
    ]);
    expect(nodes.find(({ id }) => id === "resource module hello (/hello/)")?.mark).toBe("public");
  });
});

describe("pages and diagrams", () => {
  const nasty = `</title><script>alert(1)</script>"'\`#;|]]) end\u202e`;
  const hostile = () =>
    mapOf({
      actual: { modules: [module("hello"), { ...module(nasty), basePath: `/${nasty}/` }] },
      domain: { clients: [{ ...app, name: nasty, users: [{ kind: "user", name: nasty }] }] },
    });

  test("hold text of others as text", () => {
    for (const page of [accessPage(hostile()), accessPageOfAll(accessOfAll([hostile(), mapOf({ stack: nasty })]))]) {
      const text = pageOf(page, new Date(0));
      expect(text).not.toContain("<script>alert");
      expect(text).not.toContain("\u202e");
      expect(text.match(/<script>/g)).toHaveLength(1);
    }
    const labels = accessMermaid(hostile())
      .split("\n")
      .flatMap((line) => /\["(.*)"\]|\(\["(.*)"\]\)/.exec(line)?.slice(1) ?? []);
    expect(labels.join("")).toMatch(/script/);
  });

  test("a diagram is of the few forms that every Mermaid reads", () => {
    const diagrams = [hostile(), mapOf(), mapOf({ actual: { profile: null } })].map(accessMermaid);
    for (const diagram of [...diagrams, accessMermaidOfAll(accessOfAll([hostile(), mapOf({ stack: nasty })]))]) {
      const [open, first, ...lines] = diagram.split("\n");
      expect([open, first, lines.pop()]).toEqual(["```mermaid", "flowchart LR", "```"]);
      const label = String.raw`"(?:[\p{L}\p{N} .,:\/()_@+-]|#\d+;|<br\/>)+"`;
      const forms = [
        String.raw`n\d+(?:\(\[${label}\]\)|\[${label}\]|\{\{${label}\}\}|\[\/${label}\/\])`,
        String.raw`n\d+ (?:-->|==>|-\.->) n\d+`,
        String.raw`class n\d+ \w+`,
        String.raw`classDef \w+ [\w:#,-]+`,
      ];
      const form = new RegExp(`^  (?:${forms.join("|")})$`, "u");
      expect(lines.filter((line) => !form.test(line))).toEqual([]);
    }
  });

  test("show no secret that the run knows, however it is written there", () => {
    beginRun({});
    remember("s3cret<&>value");
    const page = pageOf(accessPage(mapOf({ domain: { clients: [{ ...app, name: "s3cret<&>value" }] } })), new Date(0));
    beginRun({});
    expect(page).toContain("(hidden)");
    expect(page).not.toMatch(/s3cret/);
  });

  test("with 1,000 modules stay legible: folded, with counts", () => {
    const names = Array.from({ length: 1000 }, (_, index) => `m${index}`);
    const map = mapOf({
      actual: {
        modules: [module("hello"), ...names.map(module)],
        privileges: [{ ...helloRead, modules: names.slice(0, 500) }],
      },
    });
    const text = renderAccess(map);
    expect(text.split("\n").length).toBeLessThan(60);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).toMatch(/PUBLIC 501/);
    expect(text).toMatch(/\.\.\. and 494 more \(--unfold lists them\)/);
    expect(renderAccess(map, true)).toContain("module m999 (/m999/)");
    expect(graphOf(map, { who: String, grant: String }).nodes.length).toBeLessThan(30);
    expect(pageOf(accessPage(map), new Date(0))).toContain("module m999 (/m999/)");
  });
});

describe("one map of several stacks", () => {
  const domainUrl = "https://idcs-1.identity.oraclecloud.com:443";
  const tokensFor = (audience: string) => ({ ...desired.profile, audience });
  const of = (stack: string, clients: Client[], sides: Sides = {}) => {
    const { profile, privileges } = desiredState({ ...helloOutput, stack });
    const tokens = sides.tokens ?? { ...profile, audience: `https://${stack}/` };
    const actual = {
      privileges,
      profile: { ...profile, ...tokens, description: profile.description },
      ...sides.actual,
    };
    return mapOf({ stack, domainUrl, tokens, ...sides, actual, domain: { clients } });
  };
  const batch: Client = { ...app, key: "b", clientId: "b", name: "batch", isOurs: false };
  const severalOf = (maps: AccessMap[]) =>
    accessOfAll(maps).clients.map(({ name, madeBy, tokens }) => ({
      name,
      madeBy,
      tokens: tokens.map(({ audience, uses }) => [audience, ...uses.map(({ stack, opens }) => `${stack}: ${opens}`)]),
    }));

  test("names the clients that may use several APIs, whoever made them, with a token for each audience", () => {
    const ofDev = { ...app, key: "d", clientId: "c" };
    const maps = [of("dev", [app, batch]), of("api", [{ ...app, clientId: "a" }, { ...ofDev, isOurs: false }, batch])];
    const tokens = [
      ["https://api/", "api: hello.read"],
      ["https://dev/", "dev: hello.read"],
    ];
    expect(severalOf(maps)).toEqual([
      { name: "batch", madeBy: null, tokens },
      { name: "hello-api", madeBy: "dev", tokens },
    ]);
    const text = renderAccessOfAll(accessOfAll(maps)).replace(/\n\W*/g, " ");
    expect(text).toContain("a token is for one audience: whoever calls several APIs gets a token for each audience");
    expect(text).toMatch(/batch \(b\) of idcs-1.*, made by none of these stacks: 2 tokens/);
    expect(text).toMatch(/hello-api \(c\) of idcs-1.*, made by stack dev: 2 tokens/);
  });

  test("says where one token is for several", () => {
    const tokens = tokensFor("https://all/");
    const all = accessOfAll([of("a", [batch], { tokens }), of("b", [batch], { tokens })]);
    expect(all.clients[0]?.tokens).toMatchObject([
      { audience: "https://all/", uses: [{ stack: "a" }, { stack: "b" }] },
    ]);
    expect(renderAccessOfAll(all)).toContain("for https://all/ (one token for 2 stacks): a by hello.read, opens");
  });

  test.each<[string, AccessMap[]]>([
    ["in another domain", [of("a", [app]), of("b", [app], { domainUrl: "https://idcs-2:443" })]],
    ["that is not made yet", ["a", "b"].map((stack) => of(stack, [{ ...app, clientId: null }]))],
    ["of a stack that is not deployed", ["a", "b"].map((stack) => of(stack, [app], { domainUrl: undefined }))],
    ["that is not active", ["a", "b"].map((stack) => of(stack, [{ ...batch, isActive: false }]))],
    ["without a grant", ["a", "b"].map((stack) => of(stack, [{ ...batch, grants: ["refresh_token"] }]))],
    ["without a scope there", [of("a", [batch]), of("b", [{ ...batch, scopes: [] }])]],
    ["that goes", ["a", "b"].map((stack) => of(stack, [{ ...batch, change: "removed" }]))],
  ])("a client %s is none of several", (_what, maps) => {
    expect(severalOf(maps)).toEqual([]);
    expect(renderAccessOfAll(accessOfAll(maps))).toContain("no client is known that may use several of these APIs");
  });

  test("what a client may that is not made yet is not known", () => {
    const { unseen } = accessOfAll([of("a", [{ ...app, clientId: null }]), of("b", [app])]);
    expect(unseen).toContainEqual({ what: expect.stringMatching(/which other APIs a client may use/), stacks: ["a"] });
    expect(unseen).toContainEqual({ what: expect.stringMatching(/proxy or gateway/), stacks: ["a", "b"] });
  });

  test("a client that is known there and opens nothing is said to open nothing that is known", () => {
    const closed = of("b", [batch], { actual: { profile: null } });
    const text = renderAccessOfAll(accessOfAll([of("a", [batch]), closed])).replace(/\n\W*/g, " ");
    expect(text).toContain("b by hello.read, is not known to open anything");
  });

  test("what stands out in several is said once, the worst first", () => {
    const maps = ["a", "b"].map((stack) => of(stack, [batch]));
    const open = of("c", [app], { actual: { modules: [module("hello"), module("open")] } });
    expect(accessOfAll([...maps, open]).findings.map(({ kind, stacks }) => [kind, stacks])).toEqual([
      ["public", ["c"]],
      ["foreign", ["a", "b"]],
    ]);
  });

  test("is drawn from clients to the stacks that they reach; who is public is joined by one box", () => {
    const open = of("c", [batch], { actual: { modules: [module("hello"), module("open")] } });
    const { nodes, edges } = graphOfAll(accessOfAll([of("a", [app]), of("b", [batch]), open]), {
      who: String,
      grant: String,
    });
    const to = (from: RegExp) => edges.filter((edge) => from.test(edge.from)).map((edge) => edge.to);
    expect(to(/^client .* b$/)).toEqual(["lock b", "lock c"]);
    expect(to(/^client .* c$/)).toEqual(["lock a"]);
    expect(to(/^lock \0open/)).toEqual(["resource c"]);
    expect(nodes.find(({ id }) => id === "resource c")?.mark).toBe("public");
    expect(nodes.find(({ id }) => id === "lock a")?.lines).toEqual(["a", "https://a/", "1 privilege"]);
    expect(nodes.find(({ lines }) => lines[0] === "batch")?.mark).toBe("foreign");
  });

  test("a plan of several marks the stacks and clients that change, and draws nothing that goes", () => {
    const before = of("a", [{ ...app, clientId: "a" }, batch], { actual: { profile: null, privileges: [] } });
    const [then, idle] = [of("a", [{ ...app, clientId: "a" }]), of("b", [{ ...app, clientId: "b" }])];
    const planned = accessOfAll([compared(before, then), compared(idle, idle)]);
    const { nodes, edges } = graphOfAll(planned, { who: String, grant: String });
    const change = (id: RegExp) => nodes.filter((node) => id.test(node.id)).map((node) => node.change);
    expect([change(/^lock a$/), change(/^lock b$/), change(/ b$/)]).toEqual([
      ["added"],
      [undefined],
      [undefined, undefined, undefined],
    ]);
    expect(edges.filter((edge) => edge.to === "lock a").map((edge) => edge.change)).toEqual(["added"]);
    expect(nodes.map(({ lines }) => lines[0])).not.toContain("batch");
    expect(renderAccessOfAll(planned)).toMatch(/\+ scope and privilege hello\.read/);
  });

  test("what is only perhaps open is not drawn as public", () => {
    const half = { ...module("half"), templates: ["a"] };
    const perhaps = (stack: string) =>
      of(stack, [app], {
        actual: { modules: [half], privileges: [{ ...helloRead, modules: [], patterns: ["/half/a"] }] },
      });
    const { nodes, edges } = graphOfAll(accessOfAll([perhaps("a")]), { who: String, grant: String });
    expect(nodes.filter(({ id }) => /\0open|^resource a/.test(id)).map(({ mark }) => mark)).toEqual([
      "unknown",
      "unknown",
    ]);
    expect(edges.filter(({ isPublic }) => isPublic)).toEqual([]);
  });

  test("of 200 stays legible, and all of it is in the page", () => {
    const names = Array.from({ length: 200 }, (_, index) => `api-${index}`);
    const all = accessOfAll(names.map((stack) => of(stack, [{ ...app, clientId: stack }, batch])));
    const text = renderAccessOfAll(all);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text.split("\n").length).toBeLessThan(250);
    expect(text).toMatch(/\.\.\. and 180 more stacks \(--unfold lists them\)/);
    expect(renderAccessOfAll(all, true)).toContain("stack api-199");
    expect(graphOfAll(all, { who: String, grant: String }).nodes.length).toBeLessThan(60);
    expect(pageOf(accessPageOfAll(all), new Date(0))).toContain("api-199: hello.read");
  });
});
