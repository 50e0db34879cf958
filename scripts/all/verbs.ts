import type { Environment } from "../../config/environment";
import { deploy } from "../commands/deploy";
import { destroy } from "../commands/destroy";
import { diff } from "../commands/diff";
import { map } from "../commands/map";
import { register } from "../commands/register";
import { status } from "../commands/status";
import { lackingSecret, verify } from "../commands/verify";
import type { Terminal } from "../terminal/terminal";
import { showMapOfAll } from "./map";
import type { Row } from "./outcome";
import type { Told } from "./told";

/** A command that is carried out for several environments. */
export interface Verb {
  readonly run: (name: string, flags: Told, terminal: Terminal) => Promise<void>;
  /** What a good end is called. */
  readonly done: (flags: Told) => string;
  /** What exit code 1 is called. */
  readonly failed: string;
  readonly synthesizes: (flags: Told) => boolean;
  readonly asksDatabase: (flags: Told, target: Environment) => boolean;
  /** Who goes before, of those that share a domain. @default - none: nobody depends on anybody */
  readonly first?: "owner" | "sharing";
  /** What is shown before anybody is asked. */
  readonly review?: Verb;
  /** Shows what came of all, for which each leaves its document. @default - what needs a look, and the table */
  readonly show?: (rows: readonly Row[], flags: Told, terminal: Terminal) => void;
  /** Flags that are about one environment. */
  readonly ofOne: readonly string[];
}

const always = () => true;
const never = () => false;
const review: Verb = {
  run: diff,
  done: () => "in sync",
  failed: "differs",
  synthesizes: always,
  asksDatabase: always,
  ofOne: ["html"],
};

export const verbs: Readonly<Record<string, Verb>> = {
  diff: review,
  status: { ...review, run: status },
  map: {
    run: (name, { planned, synthesized }, terminal) => map(name, { planned, synthesized, json: true }, terminal),
    done: () => "read",
    failed: "failed",
    synthesizes: ({ planned }) => planned,
    asksDatabase: always,
    show: showMapOfAll,
    ofOne: [],
  },
  deploy: {
    run: (name, flags, terminal) =>
      deploy(name, { ...flags, onlyLeft: true, onPlanned: (review) => flags.agreed?.require(review) }, terminal),
    done: () => "deployed",
    failed: "failed",
    synthesizes: always,
    asksDatabase: always,
    first: "owner",
    review: {
      ...review,
      run: (name, flags, terminal) => diff(name, { ...flags, onPlanned: (plan) => flags.agreed?.keep(plan) }, terminal),
    },
    ofOne: ["url"],
  },
  register: {
    run: (name, flags, terminal) => register(name, { ...flags, preflight: flags.preflight ?? true }, terminal),
    done: ({ plan }) => (plan ? "in sync" : "registered"),
    failed: "differs",
    synthesizes: never,
    asksDatabase: always,
    ofOne: ["outputs"],
  },
  verify: {
    run: (name, { client, json }, terminal) => verify(name, { client, json }, terminal),
    done: () => "verified",
    failed: "failed",
    synthesizes: never,
    // It does without what nobody has set.
    asksDatabase: (_flags, { database }) => lackingSecret(database) === undefined,
    ofOne: ["url", "html"],
  },
  destroy: {
    run: (name, { agreed, ...flags }, terminal) =>
      destroy(name, { ...flags, ...(agreed && { onPlanned: (loss) => agreed.require(loss) }) }, terminal),
    done: () => "destroyed",
    failed: "failed",
    synthesizes: always,
    asksDatabase: ({ skipOrds }) => !skipOrds,
    first: "sharing",
    review: {
      run: (name, flags, terminal) =>
        destroy(name, { ...flags, onlyShow: true, onPlanned: (loss) => flags.agreed?.keep(loss) }, terminal),
      done: () => "would be destroyed",
      failed: "failed",
      synthesizes: always,
      asksDatabase: ({ skipOrds }) => !skipOrds,
      ofOne: [],
    },
    ofOne: [],
  },
};
