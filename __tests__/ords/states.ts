import fc from "fast-check";
import type { Desired, Module, Privilege, Profile } from "../../ords/model";
import type { OrdsOutput } from "../../ords/output";
import { ownershipMarker } from "../../ords/ownership";
import { desiredState } from "../../ords/plan/desired";
import { anyCodePoint } from "../any-character";
import { moduleNames, schema } from "./database";
import { helloOutput } from "./hello";

/** Text that quoting has to get right. */
const nasty = [
  "plain",
  "it's 100% 'quoted'",
  "'||(SELECT 1 FROM dual)||'",
  "'); ORDS.DELETE_PRIVILEGE('p1'); --",
  "line one\nline two\r\n/\nCOMMIT;\n",
  "&define &&twice :bind ? {b}",
  "back\\slash \\0041 \\",
  "Ü and back\\slash \\0041 \\",
  "Grüße aus Köln €, 漢字, 😀",
  "-- comment /* and */ another -",
  "q'[x]' \"double\" \t tab",
  "x".repeat(4000),
];
const text = fc.oneof(fc.constantFrom(...nasty), fc.string({ minLength: 1, maxLength: 60, unit: anyCodePoint })).filter(
  // NUL and half a character are refused before the database; an empty string is NULL there.
  (value) => !/\0|\p{Surrogate}/u.test(value) && value.trim() !== "",
);
const shortText = text.filter((value) => Buffer.byteLength(value) <= 255);

/** The last one is none that a stack may ask for. */
const names = ["p1", "p2", "p3", "it's.quoted", "p&5", "Grüße"];
const patterns = ["/x", "/x/*", "/y/*", "/z'z/*"];
const roles = ["clerk", "boss's"];
const things = [
  ...moduleNames.slice(0, 3).map((name) => `module ${name}`),
  ...patterns.map((name) => `pattern ${name}`),
];

/** Gives each privilege what falls to it of modules and patterns. */
function dealt(owners: readonly number[], index: number) {
  const mine = things.filter((_, thing) => owners[thing] === index);
  const ofKind = (kind: string) =>
    mine.filter((thing) => thing.startsWith(kind)).map((thing) => thing.slice(kind.length));
  return { modules: ofKind("module "), patterns: ofKind("pattern ") };
}

const owners = fc.array(fc.integer({ min: 0, max: names.length }), {
  minLength: things.length,
  maxLength: things.length,
});

/** What a stack may ask for. */
export const desireds: fc.Arbitrary<Desired> = fc
  .record({
    chosen: fc.subarray(names.slice(0, -1), { minLength: 1 }),
    owners,
    byRoles: fc.boolean(),
    label: shortText,
    description: fc.option(text),
    issuer: fc.constantFrom("https://identity.oraclecloud.com/", "urn:it's:here"),
    skew: fc.constantFrom(null, 1, 60),
    age: fc.constantFrom(null, 3600),
  })
  .map(({ chosen, owners, byRoles, label, description, issuer, skew, age }) => {
    const output: OrdsOutput = {
      ...helloOutput,
      schema,
      profile: {
        ...helloOutput.profile,
        issuer,
        allowedSkew: skew,
        allowedAge: age,
        roleClaim: byRoles ? "/groups" : null,
      },
      privileges: chosen.map((name) => ({
        name,
        label,
        description,
        roles: byRoles ? roles.slice(0, 1 + (name.length % 2)) : [],
        ...dealt(owners, names.indexOf(name)),
      })),
    };
    return output;
  })
  .map((output) => ({
    ...output,
    privileges: output.privileges.filter(({ modules, patterns }) => modules.length + patterns.length > 0),
  }))
  .filter(({ privileges }) => privileges.length > 0)
  .map((output) => desiredState(output));

/** What may be in the schema: things of the stack, of other stacks and of hands. */
export const founds: fc.Arbitrary<{ privileges: Privilege[]; profile: Profile | null }> = fc.record({
  privileges: fc
    .record({
      chosen: fc.subarray(names),
      owners,
      comments: fc.array(fc.constantFrom(ownershipMarker("test"), ownershipMarker("test2"), "by hand", null), {
        minLength: names.length,
        maxLength: names.length,
      }),
      label: fc.option(shortText),
      description: fc.option(text),
      withRole: fc.boolean(),
    })
    .map(({ chosen, owners, comments, label, description, withRole }) =>
      chosen.map((name) => {
        const index = names.indexOf(name);
        return {
          name,
          label,
          description,
          comments: comments[index] ?? null,
          roles: withRole ? roles : [],
          ...dealt(owners, index),
        };
      }),
    ),
  profile: fc.option(
    fc.record({
      issuer: fc.constantFrom("https://identity.oraclecloud.com/", "urn:old"),
      audience: fc.constantFrom(helloOutput.profile.audience, "old"),
      jwkUrl: fc.constantFrom(helloOutput.profile.jwkUrl, "https://old.example.com/jwk"),
      description: fc.option(fc.oneof(text, fc.constant(`Tokens of x (${ownershipMarker("test")})`))),
      allowedSkew: fc.constantFrom(null, 0, 5),
      allowedAge: fc.constantFrom(null, 0, 60),
      roleClaim: fc.constantFrom(null, "/old"),
    }),
  ),
});

/** Modules below one another, for what protects what. */
export const openModules: readonly Module[] = [
  { name: "root", basePath: "/", templates: ["me", ":any/me"] },
  { name: "hello", basePath: "/hello/", templates: [".", "me", "v1/:id"] },
  { name: "hello.v1", basePath: "/hello/v1/", templates: ["me", ":id/"] },
  { name: "shop", basePath: "/shop/", templates: ["emp", "emp/:id", "dept/"] },
].map((each) => ({ ...each, comments: null }));

/** Patterns of both forms, and some that have neither. */
export const openPatterns: readonly string[] = [
  ...["/*", "/hello", "/hello/*", "/hello/me", "/hello/me/*", "/hello/v1/*", "/hello/v1/me", "/hel/*"],
  ...["/shop/emp", "/shop/emp/*", "/shop/dept", "/shop/dept/*", "/me"],
  ...["/shop/emp/:id", "/shop/{id}", "/shop*", "/shop/*/x", "/shop/**", "/hello//me", "/hello/%6de", "/hello/me/"],
];

/** Paths that lead to one of the modules, or nearly. */
export const callablePaths: readonly string[] = [
  ...["", "/hello", "/hello/v1", "/shop", "/shop/emp", "/shop/dept", "/other"].flatMap((start) => [
    ...["", "/", "/me", "/me/", "/7", "/7/", "/7/me", "/7/x"].map((end) => start + end),
  ]),
].filter((path) => path !== "");
