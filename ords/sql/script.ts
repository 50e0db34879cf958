import type { Packages } from "../model";
import { closingQueries } from "./closing-queries";
import { type Fragment, fragment, raise, when } from "./fragment";
import { commentLines, inComment, literal, prompt } from "./literal";
import { beginTransaction, blocksOfSteps, joinTransaction, rollBackUnlessDone, type Step } from "./steps";
import { viewsOf } from "./views";

/** What a script is about, for its head and for its check of the login. */
export interface ScriptHead {
  readonly title: string;
  /** Further lines of comment. */
  readonly notes: readonly string[];
  readonly stack: string;
  readonly schema: string;
  /** Whether it runs as an administrator, for any schema. */
  readonly packages: Packages;
  /** Further checks of the first step, before anything is changed. */
  readonly checks?: readonly Fragment[];
}

const first = "SET DEFINE OFF";
const titleStart = "-- ords-jwt: ";
/** Commands of SQL*Plus, at the head of every script: a login script may have turned AUTOCOMMIT on, which commits block by block. */
const commands = [
  first,
  "SET AUTOCOMMIT OFF",
  "WHENEVER SQLERROR EXIT FAILURE ROLLBACK",
  "WHENEVER OSERROR EXIT FAILURE ROLLBACK",
];

/** What frames the blocks of every script. */
export const frame = { first, commands, titleLine: (title: string) => titleStart + inComment(title) };

/** A script for SQLcl, SQL*Plus and SQL Developer: all of it happens, or nothing. It ends with what the schema holds then. */
export function script(head: ScriptHead, steps: readonly Step[]): string {
  const { stack, schema, packages } = head;
  const all = [firstStep(head, beginTransaction()), ...steps];
  const blocks = blocksOfSteps(stack, all);
  return [
    first,
    frame.titleLine(head.title),
    ...head.notes.flatMap((note) => commentLines(note)),
    ...commentLines(
      "Commit or roll back your own work first: the script is one transaction, and an error rolls all of it back.",
    ),
    ...commands.slice(1),
    "",
    ...all.flatMap(({ purpose }, index) => [
      prompt(`step ${index + 1} of ${all.length}: ${purpose}`),
      ...blocks[index]!,
      "/",
      "",
    ]),
    prompt("commit, if all steps were done"),
    ...rollBackUnlessDone(all.length),
    "/",
    "COMMIT;",
    "",
    ...closingQueries(schema, viewsOf(packages)),
    "",
  ].join("\n");
}

/** The same as a change set with its rollback, for Liquibase and SQLcl projects: they begin the transaction and commit it. */
export function changelog([head, steps]: [ScriptHead, readonly Step[]], undo: [ScriptHead, readonly Step[]]): string {
  const blocksOf = ([each, rest]: [ScriptHead, readonly Step[]]) =>
    blocksOfSteps(each.stack, [firstStep(each, joinTransaction()), ...rest]).flatMap((block) =>
      // A comment might begin with a word that Liquibase takes for its own.
      [...block, "/"].flatMap((lines) => lines.split("\n")).filter((line) => !/^\s*--/.test(line)),
    );
  const attributes = [
    "dbms:oracle",
    "runOnChange:true",
    "stripComments:false",
    "endDelimiter:/",
    "rollbackEndDelimiter:/",
  ];
  return [
    "--liquibase formatted sql",
    "",
    frame.titleLine(head.title),
    `--changeset ords-jwt:register-${head.stack} ${attributes.join(" ")}`,
    ...blocksOf([head, steps]),
    ...blocksOf(undo).map((line) => `--rollback ${line}`),
    "",
  ].join("\n");
}

function firstStep(head: ScriptHead, begin: Fragment): Step {
  const { schema, packages, checks = [] } = head;
  return {
    purpose: "check what it runs on",
    work: [begin, ...(packages.schema === undefined ? [loginCheck(schema)] : []), ...checks],
  };
}

/** The packages work on the schema of the login. */
function loginCheck(schema: string): Fragment {
  return fragment(
    [],
    when(`USER <> ${literal(schema)}`, raise(`'log in as ' || ${literal(schema)}`, "', not as ' || USER")),
  );
}
