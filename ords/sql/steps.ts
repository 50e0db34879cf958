import { block, type Fragment, fragment, raise, when } from "./fragment";
import { setNote } from "./session-notes";

/** A part of a script that is one block. */
export interface Step {
  /** In a few words: `define privileges hello.read to hello.write`. */
  readonly purpose: string;
  readonly work: readonly Fragment[];
}

const note = "'ORDS_JWT'";
const transaction = "DBMS_TRANSACTION.LOCAL_TRANSACTION_ID";
/** It has a name once it has changed something, or is asked to have one. */
const nameTransaction = [`l_run := ${transaction}(TRUE);`];

/**
 * Blocks that run in this order, in one transaction, or not at all. SQL*Plus stops at an error; a tool that goes on, or that commits
 * each block, runs the next ones too: each leaves a note of its number and of the transaction, and the next one wants to find it.
 */
export function blocksOfSteps(stack: string, steps: readonly Step[]): string[][] {
  return steps.map(({ work }, index) =>
    block(stack, [...(index === 0 ? [] : [expectStep(index)]), ...work, leaveStep(index + 1)]),
  );
}

/** Nothing done by anybody is in the transaction that begins here. */
export function beginTransaction(): Fragment {
  return fragment(
    ["l_run"],
    [
      ...setNote(note),
      ...when("l_run IS NOT NULL", raise("'commit or roll back your own work first'")),
      "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
      ...nameTransaction,
    ],
  );
}

/** For a transaction that the tool began. */
export function joinTransaction(): Fragment {
  return fragment(["l_run"], [...setNote(note), ...nameTransaction]);
}

/** After the last step: leaves nothing to commit when one of them was not done. */
export function rollBackUnlessDone(steps: number): string[] {
  return block("", [
    fragment(
      [],
      [
        ...when(isNotAt(steps, transaction), [
          "ROLLBACK;",
          ...raise("'not all steps were done:'", "' what they did was rolled back'"),
        ]),
        ...setNote(note),
      ],
    ),
  ]);
}

function expectStep(number: number): Fragment {
  return fragment(
    ["l_run"],
    when(
      isNotAt(number, "l_run"),
      raise(
        `'step ${number} was not done in this transaction:'`,
        "' run the whole script, with AUTOCOMMIT off;'",
        "' this step changed nothing'",
      ),
    ),
  );
}

/** The transaction in which the step began: one that ended meanwhile is not the next one's. */
function leaveStep(number: number): Fragment {
  return fragment(["l_run"], setNote(note, `'${number} ' || l_run`));
}

function isNotAt(number: number, run: string): string {
  return `NVL(SYS_CONTEXT('CLIENTCONTEXT', ${note}), '-')\n  <> '${number} ' || ${run}`;
}
