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
    "a profile description that leaves no room for the ownership marker",
    { profile: { description: "x".repeat(3980) } },
    /with the ownership marker of the stack/,
  ],
  ["an issuer of 4001 bytes", { profile: { issuer: "x".repeat(4001) } }, /issuer.*at most 4000/],
  ["a schema of 129 bytes", { schema: "X".repeat(129) }, /schema.*at most 128/],
  ["a schema in quotes", { schema: '"Hello"' }, /double quote/],
  ["a scope with a space", { privilege: { name: "a b" } }, /white space/],
  ["a pattern without slash", { privilege: { patterns: ["x/*"] } }, /pattern "x\/\*".*never matches/],
  ["a NUL", { privilege: { label: "a\0b" } }, /holds a NUL or half a character/],
  ["half a character", { privilege: { label: "\ud83d" } }, /holds a NUL or half a character/],
  ["a skew above 60", { profile: { allowedSkew: 61 } }, /at most 60/],
  [
    "a role claim that is not a JSON Pointer",
    { profile: { roleClaim: "/a~b" }, privilege: { roles: ["r"] } },
    /not a JSON Pointer/,
  ],
  [
    "a role-based profile with a scope that names no role",
    { profile: { roleClaim: "/groups" } },
    /every validated token would be let in/,
  ],
  ["roles with a scope-based profile", { privilege: { roles: ["r"] } }, /the JWT profile is scope-based/],
  ["an audience that lost its slash", { profile: { audience: "https://hello.example.com" } }, /use "https:.*\.com\/"/],
  ["a scope that protects nothing", { privilege: { modules: [] } }, /"hello.read" protects nothing/],
  ["a scope named like a privilege of ORDS", { privilege: { name: "oracle.dbtools.x" } }, /a privilege of ORDS/],
  [
    "a scope that is not ASCII",
    { privilege: { name: "Grüße" } },
    /"Grüße" is not a scope: allowed are printable ASCII/,
  ],
  ["a scope with the audience in it", { privilege: { name: "https://hello.example.com/r" } }, /name it without, "r"/],
  ["an issuer that is empty", { profile: { issuer: "" } }, /issuer is empty/],
  ["a JWK URL by http", { profile: { jwkUrl: "http://x/jwk" } }, /must be an https URL/],
  ["a skew of half a second", { profile: { allowedSkew: 0.5 } }, /allowed skew is 0.5 seconds/],
  ["an age of zero", { profile: { allowedAge: 0 } }, /allowed age is 0 seconds/],
])("%s is refused before a database sees it", (_what, changes, message) => {
  expect(() => desiredWith(changes)).toThrow(OutputError);
  expect(() => desiredWith(changes)).toThrow(message);
});

test.each([
  ["/ords/hello/x", "leave out /ords and the base path"],
  ["/ords", "leave out /ords and the base path"],
  ["x/*", 'use "/x/*"'],
  ["*", 'use "/*"'],
  ["/", 'use "/*"'],
  ["/shop/emp/:id", 'use "/shop/emp/*"'],
  ["/shop/:emp/x", 'use "/shop/*"'],
  ["/:any", 'use "/*"'],
  ["/shop/{id}", 'use "/shop/*"'],
  ["/shop/{id}/*", 'use "/shop/*"'],
  ["/x*", 'use "/x" and "/x/*"'],
  ["/x/*/y", 'use "/x/*"'],
  ["/x/**", 'use "/x/*"'],
  ["/x/*.json", 'use "/x/*"'],
  ["/x/*/", 'use "/x/*"'],
  ["//x", 'use "/x"'],
  ["/x//y/*", 'use "/x/y/*"'],
  ["/x/", 'use "/x" and "/x/*"'],
  ["/%78/y", 'use "/x/y"'],
  ["/a%20b/c", 'use "/*"'],
  ["/a%2Fb", 'use "/a/b"'],
  ["/x/%zz", 'use "/x/*"'],
  ["/x/../y", 'use "/y"'],
  ["/x/./y", 'use "/x/y"'],
  ["/x?y=1", 'use "/*"'],
  ["/x#y", 'use "/*"'],
  ["/x;v=1", 'use "/*"'],
  ["/x/Grüße", 'use "/x/*"'],
  ["/a b", 'use "/*"'],
  [" /x", 'use "/x"'],
])("the pattern %j is refused with the one that is meant", (pattern, advice) => {
  const make = () => desiredWith({ privilege: { patterns: [pattern] } });
  expect(make).toThrow(`pattern ${JSON.stringify(pattern)} of scope "hello.read" `);
  expect(make).toThrow(advice);
});

test.each(["/x", "/x/*", "/*", "/a-b/c_d.e/~f", "/it's/(1)/a+b@c=d,e!$&", "/x..y"])(
  "the pattern %j is taken",
  (pattern) => {
    expect(desiredWith({ privilege: { patterns: [pattern] } }).privileges[0]?.patterns).toEqual([pattern]);
  },
);

test("everything that is wrong is said at once", () => {
  const make = () =>
    desiredWith({
      profile: { audience: "https://hello.example.com", jwkUrl: "http://x", allowedSkew: 0 },
      privilege: { name: "oracle.x", modules: [], patterns: ["/ords/hello/*", "/x/:id"], roles: ["r"] },
    });
  expect(make).toThrow(
    /does not end in a slash[\s\S]*https URL[\s\S]*skew is 0[\s\S]*of ORDS itself[\s\S]*\/ords\/hello[\s\S]*"\/x\/:id"[\s\S]*scope-based/,
  );
});

test("the audience of another issuer is whatever its tokens say", () => {
  const profile = { issuer: "https://login.partner.example/", jwkUrl: "https://login.partner.example/keys" };
  expect(desiredWith({ profile: { ...profile, audience: "6f1c" } }).profile.audience).toBe("6f1c");
});

test("a value that is known only after apply passes, and no other", () => {
  const output = { ...helloOutput, profile: { ...helloOutput.profile, audience: "later", jwkUrl: "later" } };
  expect(desiredState(output, (value) => value === "later").profile.audience).toBe("later");
  expect(() => desiredState(output, (value) => value === "other")).toThrow(OutputError);
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
  expect(() => twice("hello.read")).toThrow(/scope "hello.read" is declared twice/);
});
