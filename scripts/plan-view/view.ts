import type { Action } from "../../ords/plan/entries";
import type { Blocker } from "../../ords/plan/refusals";
import type { TerraformAction } from "../terraform/plan";

/** What would happen, and what a reader must not miss: the first line of a plan in every form. */
export interface Verdict {
  readonly outcome: "in sync" | "differs" | "blocked";
  /** Of a command that only looks. */
  readonly exitCode: 0 | 1 | 4;
  /**
   * How often each action is planned, without what Terraform keeps in the state alone; null where that side is not part of the
   * plan, or cannot be planned.
   */
  readonly oci: Counts | null;
  readonly schema: Counts | null;
  /** Modules, templates and patterns that anyone may call now and that will need a token. */
  readonly nowProtected: number;
  /** Those that need a token now and that anyone will be able to call. */
  readonly becomesPublic: number;
  /** Domains and apps that are made anew: client id and secret change. */
  readonly replaces: number;
  /** Domains and apps that go, and client id and secret with them. */
  readonly deletes: number;
}

export type ViewAction = TerraformAction | Action;
export type Counts = Readonly<Partial<Record<ViewAction, number>>>;

/** What is shown of a plan, whatever it is written in. All text is as it was found: who renders it has to escape it. */
export interface PlanView {
  readonly stack: string;
  readonly verdict: Verdict;
  /** The counts in words, both sides. */
  readonly counts: readonly string[];
  /** Undefined when it can be carried out. */
  readonly blocked: Blocked | undefined;
  /** In the order in which people think of them; those with nothing in them are left out. */
  readonly groups: readonly Group[];
  /** What the changes do not show and a reviewer has to know. */
  readonly notes: readonly string[];
  /** What is not removed, and why. */
  readonly kept: readonly { readonly what: string; readonly why: string }[];
  /** Pages to open. */
  readonly links: readonly Link[];
  readonly folded: Folded;
}

/** Why a plan cannot be carried out as things are. */
export interface Blocked {
  /** That nothing will be changed, and where. */
  readonly nothing: string;
  readonly blockers: readonly Blocker[];
  /** What carries it out all the same; undefined where nothing does. */
  readonly override: string | undefined;
}

export interface Link {
  readonly what: string;
  readonly url: string;
}

/** How much is left out that no one decides on. */
export interface Folded {
  /** Attributes that are the same in every environment, or at their defaults. */
  readonly attributes: number;
  /** What Terraform keeps in the state alone: what it runs before it deletes an app, and which state a shared domain is read from. */
  readonly inStateAlone: number;
  /** Things of the schema that stay as they are. */
  readonly unchanged: number;
}

export const groupTitles = ["Domain", "App", "Clients", "Users and groups", "Other", "Schema"] as const;
export type GroupTitle = (typeof groupTitles)[number];

export interface Group {
  readonly title: GroupTitle;
  /** How it is reached: who is logged in to the schema, and what is called. */
  readonly about?: string;
  readonly items: readonly Item[];
}

/** One thing that is made, changed or deleted. */
export interface Item {
  readonly action: ViewAction;
  /** `app hello-api (confidential)`. */
  readonly title: string;
  /** Its address in Terraform, where the title does not tell it from others, or all is shown. */
  readonly address?: string;
  /** Its page in the console, where it exists. */
  readonly url?: string;
  readonly marks: readonly Mark[];
  /** A sentence each. */
  readonly remarks: readonly string[];
  readonly lines: readonly Line[];
}

/** What stands out. */
export interface Mark {
  readonly kind: "NOW PROTECTED" | "BECOMES PUBLIC" | "REPLACES" | "DELETES";
  readonly what: readonly string[];
  /** What it means for who calls. */
  readonly means: string;
}

/** An attribute that is set or changes. Values that stay are only counted. */
export interface Line {
  readonly name: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Members of a list that stay. */
  readonly kept: number;
  /** Whether it is a list, of which members go and come. */
  readonly isList?: boolean;
  /** What whoever used the removed members will notice. */
  readonly loss?: string;
  /** The thing is made anew because of it. */
  readonly forces?: boolean;
  /** The old value is not shown by the database. */
  readonly unseen?: boolean;
}

/** What is left out, in words. */
export function foldedInWords({ attributes, inStateAlone, unchanged }: Folded): string[] {
  return [
    ...(attributes > 0 ? [`${attributes} ${attributes === 1 ? "value" : "values"} set by the tool or by OCI`] : []),
    ...(inStateAlone > 0 ? [`${inStateAlone} in the state alone`] : []),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
  ];
}

export const noFolds: Folded = { attributes: 0, inStateAlone: 0, unchanged: 0 };

/** `1 other stays`: members of a list that are not told. */
export function keptInWords(kept: number): string {
  return `${kept} ${kept === 1 ? "other stays" : "others stay"}`;
}
