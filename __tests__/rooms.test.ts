import { join } from "node:path";
import { circles, forbidden, importsIn } from "./imports";

/** By room, the rooms that it may import from. A room in a folder of another is a room of its own. */
const bindings = "@cdktf/provider-oci";
/** What the package exports, to its own repository as to others. */
const ordsJwt = "ords-jwt";
const standIns = "@ords-jwt/stand-ins";
const ords = ["ords", "ords/plan", "ords/sql", "ords/database"];
const product = [
  "errors.ts",
  "encoding.ts",
  "private-folder.ts",
  "secret-forms.ts",
  "control-characters.ts",
  "config",
  "constructs",
  ...ords,
  "access",
  "oauth",
  "doctor",
  "scripts",
];
const rooms: Record<string, readonly string[]> = {
  "errors.ts": [],
  "encoding.ts": ["errors.ts"],
  "private-folder.ts": ["errors.ts"],
  "secret-forms.ts": [],
  "control-characters.ts": [],
  environments: [ordsJwt],
  config: ["errors.ts"],
  "index.ts": ["config", "constructs", bindings],
  "main.ts": [ordsJwt],
  constructs: ["errors.ts", "config", "ords", bindings],
  ords: ["errors.ts"],
  "ords/plan": ["errors.ts", "ords"],
  "ords/sql": ["errors.ts", "ords", "ords/plan"],
  "ords/database": ["errors.ts", "ords", "ords/plan", "ords/sql"],
  access: ["ords", "ords/plan"],
  oauth: ["errors.ts", "encoding.ts", "private-folder.ts", "secret-forms.ts", "control-characters.ts"],
  doctor: ["errors.ts", "oauth", ...ords],
  scripts: [
    "errors.ts",
    "encoding.ts",
    "private-folder.ts",
    "secret-forms.ts",
    "control-characters.ts",
    "config",
    "access",
    "oauth",
    "doctor",
    ...ords,
  ],
  "providers/oci": [],
  "stand-ins": [],
  "stand-ins/__tests__": ["stand-ins", bindings],
  local: ["errors.ts", "config", "scripts", ...ords, "providers/oci", bindings, standIns],
  bench: [...product, "local", "providers/oci", "__tests__", "docs", standIns],
  trust: [...product, "environments", "local", "__tests__", "docs", standIns],
  docs: product,
  __tests__: [
    "main.ts",
    "index.ts",
    ordsJwt,
    "environments",
    ...product,
    "providers/oci",
    bindings,
    "local",
    "docs",
    "trust",
    "bench",
    standIns,
  ],
  [bindings]: [],
  [ordsJwt]: [],
  [standIns]: [],
};

const imports = importsIn(join(__dirname, ".."));

test("rooms import in one direction, and see the stand-ins through their exports only", () => {
  expect(forbidden(imports, rooms)).toEqual([]);
});

test("no import goes in a circle, not even of types", () => {
  // What compiles SQL is recursive, as SQL is.
  const straight = new Map([...imports].filter(([file]) => !/^(stand-ins\/oracle-database|__tests__)\//.test(file)));
  expect(circles(straight)).toEqual([]);
});

test("an import against the direction is found, of a room, of a floor, past the exports and from no room", () => {
  const wrong = {
    "oauth/token.ts": "ords/output.ts",
    "ords/plan/plan.ts": "ords/sql/calls.ts",
    "scripts/cli.ts": "@ords-jwt/stand-ins/oci",
    "__tests__/a.test.ts": "stand-ins/oci/server.ts",
    "stand-ins/oci/server.ts": "errors.ts",
  };
  const right = { "ords/sql/calls.ts": "ords/plan/plan.ts", "local/start.ts": "@ords-jwt/stand-ins/oci" };
  const graph = new Map(Object.entries({ ...wrong, ...right }).map(([file, target]) => [file, [target, "node:fs"]]));
  expect(forbidden(graph, rooms)).toEqual(Object.entries(wrong).map(([file, target]) => `${file} -> ${target}`));
  expect(forbidden(new Map([["elsewhere/a.ts", []]]), rooms)).toEqual(["elsewhere/a.ts: in no room"]);
});

test("a circle is found whole, and what leads to it or away from it is not in it", () => {
  const graph = new Map([
    ["start", ["a"]],
    ["a", ["b"]],
    ["b", ["c", "end"]],
    ["c", ["a"]],
    ["end", []],
  ]);
  expect(circles(graph)).toEqual(["a", "b", "c"]);
});
