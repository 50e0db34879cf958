import { transformSync } from "@swc/core";
import fc from "fast-check";
import { defineEnvironment } from "../../../config/define-environment";
import type { EnvironmentInput } from "../../../config/environment";
import { environmentFile } from "../../../scripts/import/environment-file";
import { anyCharacter } from "../../any-character";
import { app, group, said, schema, tags, user } from "./found";

/** What a file exports by default, loaded as TypeScript. */
function load(text: string): unknown {
  const options = { parser: { syntax: "typescript" } } as const;
  const { code } = transformSync(text, { jsc: { ...options, target: "es2022" }, module: { type: "commonjs" } });
  const module = { exports: {} as { default?: unknown } };
  new Function("module", "exports", "require", code)(module, module.exports, () => ({ defineEnvironment }));
  return module.exports.default;
}

/** Texts that would mean something in TypeScript, in a comment or to a terminal. */
const nasty = fc.oneof(
  fc.constantFrom(
    "a \"b\" 'c' `d`",
    "${process.exit(1)}",
    "*/ process.exit(1) /*",
    "// \n process.exit(1)",
    "\u2028process.exit(1)\u2029",
    "\u202egnirts",
    "\\",
    "\\u0041",
    "\ud800",
    "\0\r\n\t",
    "__proto__",
    "constructor",
    "</script>",
    "😀",
  ),
  fc.string({ unit: anyCharacter, minLength: 1 }),
);
const text = nasty.filter((value) => value !== "");
const lists = fc.array(text, { maxLength: 4 });

test("whatever others wrote, the file is read back as what was found", () => {
  const input: fc.Arbitrary<EnvironmentInput> = fc.record({
    region: text,
    tags: fc.dictionary(text, text),
    existingDomain: fc.record({ domainUrl: text }),
    users: fc.dictionary(
      text,
      fc.record({ userName: text, givenName: text, familyName: text, workEmail: text, activationMail: fc.boolean() }),
    ),
    groups: fc.dictionary(text, fc.record({ displayName: text, members: lists })),
    app: fc.record({
      displayName: text,
      audience: text,
      grants: fc.constant(["client_credentials" as const]),
      redirectUris: lists,
      accessTokenExpirySeconds: fc.nat(),
      scopes: fc.array(
        fc.record({
          value: text,
          displayName: text,
          modules: lists,
          privilege: fc.oneof(fc.constant(false as const), fc.record({ label: text, description: fc.string() })),
        }),
      ),
      grantedTo: lists,
    }),
    database: fc.record({ schema: text, connection: fc.record({ user: text, connectString: text }) }),
    imports: fc.record({ app: text, users: fc.dictionary(text, text) }),
  });
  fc.assert(
    fc.property(input, (said) => {
      const file = environmentFile(said);
      expect(load(file)).toEqual(said);
      // Nothing that ends a line or turns what a reader sees, but what is ours.
      expect(file.replaceAll("\n", "")).not.toMatch(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029\ud800-\udfff]/u);
    }),
    { numRuns: 100 },
  );
});

test("what was found comes back through the file, with names that were chosen to break it", () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const scopes = [{ value: "hello.read", displayName: one, description: other }];
      const alice = user({ userName: one, name: { givenName: other, familyName: one } });
      const privileges = schema.privileges.map((privilege) => ({ ...privilege, label: one, description: other }));
      const { input } = said({
        app: app({ displayName: one.slice(0, 100), description: other, scopes, ...tags({ [one]: other }) }),
        users: [alice],
        groups: [group({ displayName: one.slice(0, 100) }, [alice])],
        grants: [{ id: one, grantMechanism: "ADMINISTRATOR_TO_GROUP", grantee: { type: "Group", value: "g1" } }],
        schema: { ...schema, privileges },
      });
      expect(load(environmentFile(input))).toEqual(input);
    }),
    { numRuns: 100 },
  );
});

test("a comment tells the reader what an entry is for, and only ours is a comment", () => {
  const { input } = said({ app: app({ displayName: "x */ // y" }) });
  const file = environmentFile(input);
  expect(file).toContain(
    '  // What is taken over by the first deploy. Delete this entry when that is done.\n  imports: {\n    app: "a1",\n  },',
  );
  expect(file.match(/^\s*\/\/.*$/gm)?.join("\n")).not.toContain("x */");
});
