import { pathToFileURL } from "node:url";
import type { ApplyOptions, Outcome } from "../../ords/database/apply";
import { isInSync, type Plan } from "../../ords/plan/entries";
import { PlanError, requireAllowed } from "../../ords/plan/refusals";
import { cannotRestore } from "../../ords/sql/undo";
import { viewOf } from "../plan-view/build";
import { planJson } from "../plan-view/json";
import { renderMarkdown } from "../plan-view/markdown";
import { renderText } from "../plan-view/text";
import { alarmsOf, countsOf, isAsReviewed, type Planned, verdictOf } from "../plan-view/verdict";
import { saveUndo } from "../undo-file";
import type { Terminal } from "./terminal";

export interface PlanFlags {
  /** Show what would be done and write nothing. */
  readonly plan?: boolean;
  /** Print the plan as JSON. */
  readonly json?: boolean;
  /** Print the plan as Markdown. */
  readonly markdown?: boolean;
  /** Take over what the stack did not make. */
  readonly adopt?: boolean;
  /** Leave public what is protected now. */
  readonly expose?: boolean;
}

/** Shows a run as the flags ask. Standard output has the plan; for programs, what else there is to say goes to standard error. */
export class PlanOutput {
  private plan: Plan | undefined;
  private undo: string | undefined;

  constructor(
    private readonly stack: string,
    private readonly flags: PlanFlags,
    private readonly terminal: Terminal,
    /** What was shown and agreed to already. */
    private readonly reviewed?: Plan,
  ) {}

  say(line: string): void {
    if (this.terminal.quiet) return;
    if (this.flags.json || this.flags.markdown) this.terminal.error(line);
    else this.terminal.print(line);
  }

  /** What a run needs to be watched and to be held to the flags. */
  run(signal: AbortSignal): ApplyOptions {
    const { adopt, expose, plan: dryRun } = this.flags;
    return {
      adopt,
      expose,
      dryRun,
      signal,
      show: (plan) => {
        this.plan = plan;
        this.show({ stack: this.stack, ords: plan, refusal: refusalOf(plan, this.flags) });
      },
      save: (undo, plan) => {
        this.undo = saveUndo(plan.stack, undo);
        const url = pathToFileURL(this.undo).href;
        this.say(`undo script: ${this.terminal.link?.({ what: this.undo, url }) ?? this.undo}`);
        for (const what of cannotRestore(plan)) this.say(`  it cannot bring back ${what}`);
      },
      onProgress: (done, total) => {
        if (done < total || total > 100) this.say(`written ${done} of ${total}`);
      },
    };
  }

  /** Gives the result for a program once it is known how the run ended; also for one that failed after its plan was made. */
  async finish(run: () => Promise<Outcome>): Promise<Outcome> {
    let written = false;
    try {
      const outcome = await run();
      written = outcome.written;
      return outcome;
    } catch (error) {
      // There is not even a plan.
      if (error instanceof PlanError && !this.plan) this.show({ stack: this.stack, ords: undefined, refusal: error });
      throw error;
    } finally {
      if (this.flags.json && this.plan) {
        const { stack, plan: ords, undo = null } = this;
        const verdict = verdictOf({ stack, ords, refusal: refusalOf(ords, this.flags) });
        this.terminal.json({ ...planJson(ords), verdict, written, undo });
      }
    }
  }

  private show(planned: Planned): void {
    const { json, markdown, plan } = this.flags;
    const { quiet, verbose } = this.terminal;
    this.terminal.summary = [...alarmsOf(verdictOf(planned)), ...countsOf(planned)].join("; ");
    if (json) {
      if (!planned.ords) this.terminal.json({ stack: this.stack, verdict: verdictOf(planned) });
    } else if (markdown) {
      this.terminal.log(renderMarkdown(viewOf(planned, { verbose })));
    } else if (this.reviewed && planned.ords && isInSync(planned.ords)) {
      // Nothing is left to do of what was agreed to.
    } else if (this.reviewed && planned.ords && isAsReviewed(planned.ords, this.reviewed)) {
      this.say("the schema is as it was when the plan was shown");
    } else if (plan || !quiet) {
      this.terminal.print(renderText(viewOf(planned, { verbose }), this.terminal));
    }
  }
}

function refusalOf(plan: Plan, allowed: PlanFlags): PlanError | undefined {
  try {
    requireAllowed(plan, allowed);
    return undefined;
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
}
