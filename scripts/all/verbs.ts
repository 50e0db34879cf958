import type { Environment } from "../../config/environment";
import { deploy } from "../commands/deploy";
import { destroy } from "../commands/destroy";
import { diff } from "../commands/diff";
import { register } from "../commands/register";
import { status } from "../commands/status";
import { lackingSecret, verify } from "../commands/verify";
import type { Terminal } from "../terminal/terminal";

/** Flags of a command for one environment, with what commands for several tell it. */
export interface Told {
  /** All stacks are synthesized already. */
  readonly synthesized?: boolean;
  /** Whoever else uses the domain goes with it. */
  readonly together?: ReadonlySet<string>;
  readonly yes?: boolean;
  readonly skipOrds?: boolean;
  readonly plan?: boolean;
  readonly markdown?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each command knows its own
  readonly [flag: string]: any;
}

/** A command that is carried out for several environments. */
export interface Verb {
  readonly run: (name: string, flags: Told, terminal: Terminal) => Promise<void>;
  /** What a good end is called. */
  readonly done: (flags: Told) => string;
  /** What exit code 1 is called. */
  readonly failed: string;
  readonly synthesizes: boolean;
  readonly asksDatabase: (flags: Told, target: Environment) => boolean;
  /** Who goes before, of those that share a domain. @default - none: nobody depends on anybody */
  readonly first?: "owner" | "sharing";
  /** What is shown before anybody is asked. */
  readonly review?: Verb;
  /** Flags that are about one environment. */
  readonly ofOne: readonly string[];
}

const always = () => true;
const review: Verb = {
  run: diff,
  done: () => "in sync",
  failed: "differs",
  synthesizes: true,
  asksDatabase: always,
  ofOne: ["html"],
};

export const verbs: Readonly<Record<string, Verb>> = {
  diff: review,
  status: { ...review, run: status },
  deploy: {
    run: (name, flags, terminal) => deploy(name, { ...flags, onlyLeft: true }, terminal),
    done: () => "deployed",
    failed: "failed",
    synthesizes: true,
    asksDatabase: always,
    first: "owner",
    review,
    ofOne: ["url"],
  },
  register: {
    run: (name, flags, terminal) => register(name, { ...flags, preflight: flags.preflight ?? true }, terminal),
    done: ({ plan }) => (plan ? "in sync" : "registered"),
    failed: "differs",
    synthesizes: false,
    asksDatabase: always,
    ofOne: ["outputs"],
  },
  verify: {
    run: (name, { client, json }, terminal) => verify(name, { client, json }, terminal),
    done: () => "verified",
    failed: "failed",
    synthesizes: false,
    // It does without what nobody has set.
    asksDatabase: (_flags, { database }) => lackingSecret(database) === undefined,
    ofOne: ["url", "html"],
  },
  destroy: {
    run: destroy,
    done: () => "destroyed",
    failed: "failed",
    synthesizes: true,
    asksDatabase: ({ skipOrds }) => !skipOrds,
    first: "sharing",
    review: {
      run: (name, flags, terminal) => destroy(name, { ...flags, onlyShow: true }, terminal),
      done: () => "would be destroyed",
      failed: "failed",
      synthesizes: true,
      asksDatabase: ({ skipOrds }) => !skipOrds,
      ofOne: [],
    },
    ofOne: [],
  },
};
