import { type OrdsOutput, OutputError } from "../../ords/output";
import { desiredState } from "../../ords/plan/desired";
import { helloOutput } from "./hello";

type Changes = {
  profile?: Partial<OrdsOutput["profile"]>;
  privilege?: Partial<OrdsOutput["privileges"][number]>;
  schema?: string;
};

function desiredWith({ profile, privilege, schema = "HELLO" }: Changes) {
  return desiredState({
    ...helloOutput,
    schema,
    profile: { ...helloOutput.profile, ...profile },
    privileges: helloOutput.privileges.map((each) => ({ ...each, ...privilege })),
  });
}

test.each<[string, Changes, RegExp]>([
  ["a scope of 256 bytes", { privilege: { name: "x".repeat(256) } }, /has 256 bytes, at most 255/],
  ["a scope of 128 characters with two bytes each", { privilege: { name: "ü".repeat(128) } }, /has 256 bytes/],
  ["a label of 256 bytes", { privilege: { label: "x".repeat(256) } }, /label of scope "hello.read".*at most 255/],
  ["a description of 4001 bytes", { privilege: { description: "x".repeat(4001) } }, /4001 bytes, at most 4000/],
  [
    "a profile description that leaves no room for the mark",
    { profile: { description: "x".repeat(3980) } },
    /with the mark of the stack/,
  ],
  ["an issuer of 4001 bytes", { profile: { issuer: "x".repeat(4001) } }, /issuer.*at most 4000/],
  ["a schema of 129 bytes", { schema: "X".repeat(129) }, /schema.*at most 128/],
  ["a schema in quotes", { schema: '"Hello"' }, /double quote/],
  ["a scope with a space", { privilege: { name: "a b" } }, /white space/],
  ["a pattern without slash", { privilege: { patterns: ["x/*"] } }, /pattern "x\/\*".*never matches/],
  ["a NUL", { privilege: { label: "a\0b" } }, /no character/],
  ["half a character", { privilege: { label: "\ud83d" } }, /no character/],
  ["a skew above 60", { profile: { allowedSkew: 61 } }, /at most 60/],
  [
    "a role claim that is no JSON pointer",
    { profile: { roleClaim: "/a~b" }, privilege: { roles: ["r"] } },
    /no JSON pointer/,
  ],
  [
    "a profile by roles with a scope that names none",
    { profile: { roleClaim: "/groups" } },
    /every validated token would be let in/,
  ],
  ["roles with a profile by scopes", { privilege: { roles: ["r"] } }, /goes by scopes/],
])("%s is refused before a database sees it", (_what, changes, message) => {
  expect(() => desiredWith(changes)).toThrow(OutputError);
  expect(() => desiredWith(changes)).toThrow(message);
});

test("what just fits is taken, and an empty description is none", () => {
  const { privileges, profile } = desiredWith({
    profile: { roleClaim: "/a~1b/~0" },
    privilege: { name: "x".repeat(255), description: "", roles: ["r"] },
  });
  expect(privileges[0]).toMatchObject({ name: "x".repeat(255), description: null });
  expect(profile.roleClaim).toBe("/a~1b/~0");
});

test("what one scope names twice counts once, as in the database", () => {
  const { privileges } = desiredWith({
    profile: { roleClaim: "/groups" },
    privilege: { roles: ["r", "r"], modules: ["hello", "hello"], patterns: ["/x", "/x"] },
  });
  expect(privileges[0]).toMatchObject({ roles: ["r"], modules: ["hello"], patterns: ["/x"] });
});

test("two scopes may not claim one module or pattern, nor have one name", () => {
  const [hello] = helloOutput.privileges as [OrdsOutput["privileges"][number]];
  const twice = (name: string, things = { modules: [] as string[], patterns: ["/x"] }) =>
    desiredState({
      ...helloOutput,
      privileges: [
        { ...hello, ...things },
        { ...hello, name, ...things },
      ],
    });
  expect(() => twice("other")).toThrow(/pattern "\/x" belongs to the scopes "hello.read" and "other"/);
  expect(() => twice("other", { modules: ["hello"], patterns: [] })).toThrow(
    /module "hello" belongs to the scopes "hello.read" and "other"/,
  );
  expect(() => twice("hello.read")).toThrow(/scope "hello.read" is named twice/);
});
