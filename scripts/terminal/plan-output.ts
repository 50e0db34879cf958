import type { ApplyOptions, Outcome } from "../../ords/database/apply";
import type { Plan } from "../../ords/plan/entries";
import { cannotRestore } from "../../ords/sql/undo";
import { saveUndo } from "../undo-file";
import { verbosity } from "./progress";
import { planJson, renderPlan, renderPlanMarkdown } from "./render";

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
  readonly say: (line: string) => void;
  private plan: Plan | undefined;
  private undo: string | undefined;

  constructor(private readonly flags: PlanFlags) {
    const say = flags.json || flags.markdown ? console.error : console.log;
    this.say = (line) => {
      if (!verbosity.quiet) say(line);
    };
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
        if (this.flags.markdown) console.log(renderPlanMarkdown(plan));
        else if (!this.flags.json) console.log(renderPlan(plan));
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

  /** Prints the JSON once it is known how the run ended; also for one that failed after its plan was made. */
  async finish(run: () => Promise<Outcome>): Promise<Outcome> {
    let written = false;
    try {
      const outcome = await run();
      written = outcome.written;
      return outcome;
    } finally {
      if (this.flags.json && this.plan) {
        console.log(JSON.stringify({ ...planJson(this.plan), written, undo: this.undo ?? null }, null, 2));
      }
    }
  }
}
