import type { ApplyOptions, Outcome } from "../../ords/database/apply";
import type { Plan } from "../../ords/plan/entries";
import { PlanError, requireAllowed } from "../../ords/plan/refusals";
import { cannotRestore } from "../../ords/sql/undo";
import { saveUndo } from "../undo-file";
import { planJson, renderBlocked, renderBlockedMarkdown, renderPlan, renderPlanMarkdown } from "./render";
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
    private readonly flags: PlanFlags,
    private readonly terminal: Terminal,
  ) {}

  say(line: string): void {
    if (this.terminal.quiet) return;
    if (this.flags.json || this.flags.markdown) this.terminal.error(line);
    else this.terminal.log(line);
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
        const refusal = refusalOf(plan, this.flags);
        if (this.flags.markdown) this.terminal.log(renderPlanMarkdown(plan, refusal));
        else if (!this.flags.json) this.terminal.log(renderPlan(plan, refusal));
      },
      save: (undo, plan) => {
        this.undo = saveUndo(plan.stack, undo);
        this.say(`undo script: ${this.undo}`);
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
      if (error instanceof PlanError && !this.plan) this.showBlocked(error.message);
      throw error;
    } finally {
      if (this.flags.json && this.plan) {
        this.terminal.json({ ...planJson(this.plan), written, undo: this.undo ?? null });
      }
    }
  }

  /** There is not even a plan. */
  private showBlocked(refusal: string): void {
    if (this.flags.markdown) this.terminal.log(renderBlockedMarkdown(refusal));
    else if (!this.flags.json) this.terminal.log(renderBlocked(refusal));
  }
}

function refusalOf(plan: Plan, allowed: PlanFlags): string | undefined {
  try {
    requireAllowed(plan, allowed);
    return undefined;
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
}
