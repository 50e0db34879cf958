import { readFileSync } from "node:fs";
import { desiredState } from "../../../ords/plan/desired";
import { planUnregister } from "../../../ords/plan/plan";
import { blocksOf, failedCall } from "../../../ords/sql/blocks";
import type { Call } from "../../../ords/sql/calls";
import { literal } from "../../../ords/sql/literal";
import { registerScript, unregisterScript } from "../../../ords/sql/standalone";
import { undoScript } from "../../../ords/sql/undo";
import { VersionError } from "../../../ords/version";
import { helloOutput, registered } from "../hello";
import { statementsOf } from "../sqlplus";
import { acceptedForms, statementForms } from "./forms";

const desired = desiredState({
  ...helloOutput,
  privileges: helloOutput.privileges.map((privilege) => ({
    ...privilege,
    label: "Grüße & 'more'",
    description: `a\n/\nCOMMIT;\n${"long ".repeat(700)}`,
  })),
});

const byRoles = { ...desired, profile: { ...desired.profile, roleClaim: "/groups" } };

describe("a script", () => {
  const text = registerScript(desired);

  test("is printable ASCII in short lines, and no line of it comes from a value", () => {
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text.split("\n").filter((line) => line === "COMMIT;")).toHaveLength(1);
    const blocks = statementsOf(text).filter(({ kind }) => kind === "block");
    expect(text.split("\n").filter((line) => line === "/")).toHaveLength(blocks.length);
    expect(text).toContain("UNISTR('Gr\\00FC\\00DFe & ''more''')");
  });

  test("turns substitution off before anything else, ends on errors with a rollback, and commits once, last", () => {
    expect(text.split("\n")[0]).toBe("SET DEFINE OFF");
    expect(text).toContain("WHENEVER SQLERROR EXIT FAILURE ROLLBACK");
    for (const each of [text, unregisterScript("test", "HELLO")]) {
      const lines = each.split("\n");
      expect(lines).toContain("SET AUTOCOMMIT OFF");
      expect(lines.indexOf("SET AUTOCOMMIT OFF")).toBeLessThan(lines.indexOf("BEGIN"));
    }
    const statements = statementsOf(text).filter(({ kind }) => kind !== "command");
    const commit = statements.findIndex(({ text }) => text === "COMMIT");
    expect(statements.slice(0, commit).map(({ kind }) => kind)).toEqual(Array(commit).fill("block"));
    expect(statements.slice(commit + 1).map(({ text }) => text.slice(0, 7))).toEqual(["SELECT ", "SELECT ", "SELECT "]);
    expect(text.split("\n").filter((line) => /-$/.test(line))).toEqual([]);
  });

  test("says what each call is for", () => {
    for (const purpose of ["create the JWT profile of schema HELLO", "define privilege hello.read"]) {
      expect(text).toContain(`-- ${purpose}`);
    }
  });

  test("calls the package of the version that it is for", () => {
    expect(registerScript(desired, { ordsVersion: "24.2" })).toContain(" OAUTH.CREATE_JWT_PROFILE(");
    expect(text).toContain(" ORDS_SECURITY.CREATE_JWT_PROFILE(");
    expect(unregisterScript("test", "HELLO", { ordsVersion: "24.2" })).toContain("OAUTH.DELETE_JWT_PROFILE;");
    expect(() => registerScript(desired, { ordsVersion: "23.2" })).toThrow(VersionError);
    expect(() => registerScript(byRoles, { ordsVersion: "24.4" })).toThrow(/25.1 or later/);
    expect(registerScript(byRoles, { ordsVersion: "25.1" })).toContain("p_role_claim_name");
  });
});

test("a script for many privileges is made of blocks with at most 50 of them, and lists within the 1,000 values that SQL takes", () => {
  const privileges = Array.from({ length: 1200 }, (_, index) => ({
    ...helloOutput.privileges[0]!,
    ...{ name: `p${index}`, modules: [`m${index}`], patterns: [`/p${index}/*`] },
  }));
  const blocks = statementsOf(registerScript(desiredState({ ...helloOutput, privileges }))).filter(
    ({ kind }) => kind === "block",
  );
  const defined = blocks.map(({ text }) => text.match(/ORDS\.DEFINE_PRIVILEGE/g)?.length ?? 0);
  expect(defined.reduce((sum, count) => sum + count)).toBe(1200);
  expect(Math.max(...defined)).toBe(50);
  expect(Math.max(...blocks.map(({ text }) => text.split("\n").length))).toBeLessThanOrEqual(1100);
  const lists = blocks.flatMap(({ text }) => text.match(/ IN \(\s*'[^)]*\)/g) ?? []);
  expect(lists).toHaveLength(4 * 24);
  for (const list of lists) expect(list.split(",")).toHaveLength(50);
});

test.each([
  ["register", registerScript(desired, { sampleApi: true })],
  ["register, by roles and for an older ORDS", registerScript(byRoles, { ordsVersion: "25.1", adopt: true })],
  ["unregister", unregisterScript("test", "HELLO", { sampleApi: true })],
  ["unregister that exposes", unregisterScript("test", "HELLO", { expose: true, ordsVersion: "24.2" })],
  ["undo of an administrator", undoScript(planUnregister("test", { ...registered, user: "ADMIN" }))],
])("a script to %s says each step before it, and what is there now at its end, 80 columns wide", (_what, text) => {
  const statements = statementsOf(text);
  const steps = statements.filter(({ kind }) => kind === "block").length - 1;
  const prompts = statements.flatMap(({ text }, index) =>
    text.startsWith("PROMPT step") ? [`${text.slice(7).split(":")[0]}, ${statements[index + 1]?.kind}`] : [],
  );
  expect(prompts).toEqual(Array.from({ length: steps }, (_, index) => `step ${index + 1} of ${steps}, block`));
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text.split("\n").filter((line) => /^(PROMPT|SET|--).*-$/.test(line))).toEqual([]);
  expect(text.trimEnd()).toMatch(/PROMPT Public in HELLO now[^;]*;$/);
});

test("a public grammar of PL/SQL has accepted the form of every statement of every script (else: npm run grammar)", () => {
  expect([...statementForms().keys()].sort()).toEqual(readFileSync(acceptedForms, "utf8").trim().split("\n"));
});

test("a property of Liquibase in a value is none in a script", () => {
  expect(literal("a${b}c$")).toBe("'a$' ||\n  '{b}c$'");
});

test.each([
  [null, "NULL"],
  ["", "NULL"],
  [0, "0"],
  ["it's", "'it''s'"],
  ["a&b", "'a&b'"],
  ["a\\b", "'a\\b'"],
  ["ü\\", "UNISTR('\\00FC\\\\')"],
  ["😀", "UNISTR('\\D83D\\DE00')"],
  ["a\nb", "UNISTR('a\\000Ab')"],
])("the literal of %j is %s", (value, expected) => {
  expect(literal(value)).toBe(expected);
});

describe("blocks", () => {
  const call = (name: string, values: string[]): Call => ({
    purpose: `define ${name}`,
    procedure: "ORDS.DEFINE_PRIVILEGE",
    parameters: { p_privilege_name: name, p_patterns: values },
  });

  test("hold a bounded number of binds and bytes, and every call once and in order", () => {
    const calls = Array.from({ length: 300 }, (_, index) => call(`p${index}`, ["/x", "y".repeat(index * 10)]));
    const short = Array.from({ length: 1_000 }, (_, index) => call(`q${index}`, ["/x"]));
    expect(blocksOf(short).map((block) => block.calls.length)).toEqual([500, 500]);
    const blocks = blocksOf(calls);
    expect(blocks.flatMap((block) => block.calls)).toEqual(calls);
    for (const { plsql, binds } of blocks) {
      expect(Object.keys(binds).length).toBeLessThanOrEqual(1_000);
      expect(Object.values(binds).map(String).join("").length).toBeLessThanOrEqual(32_000);
      expect(plsql.length).toBeLessThan(100_000);
      expect(new Set(plsql.match(/:\w+/g))).toEqual(new Set(Object.keys(binds).map((name) => `:${name}`)));
      expect(plsql).not.toMatch(/COMMIT/);
    }
  });

  test("never split a call, however large", () => {
    const large = call(
      "large",
      Array.from({ length: 2000 }, (_, index) => `/${index}`),
    );
    expect(blocksOf([call("a", []), large, call("b", [])]).map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
  });

  test("know which call stands on a line", () => {
    const [block] = blocksOf([call("a", ["/1"]), call("b", ["/2"]), call("c", [])]);
    const line = block!.plsql.split("\n").findIndex((text) => text.includes(":p_patterns_2_1")) + 1;
    expect(
      failedCall(block!, `ORA-20101: no\nORA-06512: at "ORDS_METADATA.ORDS", line 1\nORA-06512: at line ${line}`)
        ?.purpose,
    ).toBe("define b");
    expect(failedCall(block!, `ORA-06550: line 2, column 3:\nPLS-00201: no`)?.purpose).toBe("define a");
    expect(failedCall(block!, "NJS-500: gone")).toBeUndefined();
  });

  test("keep values out of the text", () => {
    const value = "'); DROP TABLE t; --";
    const [block] = blocksOf([call(value, [value])]);
    expect(block!.plsql).not.toContain("DROP");
    expect(Object.values(block!.binds)).toEqual([value, value]);
  });
});
