import { createInterface } from "node:readline";
import { ConfigurationError } from "../../config/configuration-error";
import { OutsideError } from "../terminal/failure";
import type { Terminal } from "../terminal/terminal";

/** An answer to choose, and what is said about it. */
export interface Choice {
  readonly value: string;
  /** @default - the value speaks for itself */
  readonly about?: string;
}

export interface Question {
  /** The flag that answers it, without dashes. */
  readonly flag: string;
  readonly text: string;
  /** The answer of who gives none; empty where nothing is an answer too. @default - there must be one */
  readonly standard?: string;
  /** What is known; another answer is possible. @default - nothing */
  readonly choices?: readonly Choice[];
  /** What is wrong with an answer, in words; undefined for a right one. */
  readonly problem?: (answer: string) => string | undefined;
}

/** Asks a person at the terminal what no flag says. */
export class Questions {
  readonly #missing: string[] = [];
  #hasStandards = false;

  /** @param yes takes every default */
  constructor(
    private readonly flags: Readonly<Record<string, unknown>>,
    private readonly yes: boolean,
    private readonly terminal: Terminal,
  ) {}

  /**
   * The answer: of the flag, the default, or the person; empty where nobody can be asked, which {@link requireAll} then says.
   * @throws ConfigurationError when the flag's answer is wrong, OutsideError when the person gives none
   */
  async ask(question: Question): Promise<string> {
    const { flag, standard, problem = () => undefined } = question;
    const given = this.flags[camelCase(flag)];
    if (given !== undefined) {
      const answer = [given].flat().join(",");
      // Not the answer itself, which may hold a password.
      const wrong = problem(answer);
      if (wrong) throw new ConfigurationError(`--${flag}: ${wrong}`);
      return answer;
    }
    if (this.yes && standard !== undefined) return standard;
    if (this.yes || !this.terminal.stdin.isTTY) {
      if (standard !== undefined) this.#hasStandards = true;
      this.#missing.push(`--${flag}`);
      return standard ?? "";
    }
    for (;;) {
      const answer = chosen(question, await this.#line(prompt(question))) || (standard ?? "");
      const wrong = answer === "" && standard !== "" ? "is needed" : problem(answer);
      if (!wrong) return answer;
      this.terminal.error(`  ${wrong}`);
    }
  }

  /** @throws ConfigurationError naming the flags of every question that nobody answered */
  requireAll(): void {
    if (this.#missing.length === 0) return;
    const why = this.yes ? "these have no default" : "there is no terminal to ask at";
    const more = this.#hasStandards ? "; --yes takes the defaults of those that have one" : "";
    throw new ConfigurationError(`${why}: add ${this.#missing.join(", ")}${more}. Nothing was written`);
  }

  #line(text: string): Promise<string> {
    const { stdin, stderr } = this.terminal;
    const reader = createInterface({ input: stdin, output: stderr });
    return new Promise((resolve, reject) => {
      reader.once("line", (line) => {
        resolve(line.trim());
        reader.close();
      });
      reader.once("SIGINT", () => reader.close());
      reader.once("close", () => reject(new OutsideError("the questions were not answered: nothing was written")));
      stderr.write(text);
    });
  }
}

function prompt({ flag, text, standard, choices = [] }: Question): string {
  const lines = choices.map(
    ({ value, about }, index) => `  ${String(index + 1).padStart(2)}  ${value}${about ? `  ${about}` : ""}\n`,
  );
  const hint = standard === undefined ? "" : ` [${standard || "none"}]`;
  return `${text} (--${flag})\n${lines.join("")}${hint}: `;
}

/** An answer by number stands for the choice, also in a list with commas. */
function chosen({ choices = [] }: Question, answer: string): string {
  const parts = answer.split(",").map((part) => part.trim());
  return parts.map((part) => (/^\d+$/.test(part) ? (choices[Number(part) - 1]?.value ?? part) : part)).join(",");
}

function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
