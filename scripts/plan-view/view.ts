import type { Action } from "../../ords/plan/entries";
import type { TerraformAction } from "../terraform/plan";

/** What would happen, and what a reader must not miss: the first line of a plan in every form. */
export interface Verdict {
  readonly outcome: "in sync" | "differs" | "blocked";
  /** Of a command that only looks. */
  readonly exitCode: 0 | 1 | 4;
  /** How often each action is planned; null where that side is not part of the plan, or cannot be planned. */
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
  /** Why it cannot be carried out; undefined when it can. */
  readonly refusal: string | undefined;
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

export interface Link {
  readonly what: string;
  readonly url: string;
}

/** How much is left out that no one decides on. */
export interface Folded {
  /** Attributes that are the same in every environment, or at their defaults. */
  readonly attributes: number;
  /** What Terraform runs before it deletes an app. */
  readonly hooks: number;
  /** Things of the schema that stay as they are. */
  readonly unchanged: number;
}

export const groupTitles = ["Domain", "App", "Clients", "Users and groups", "Other", "Schema"] as const;
export type GroupTitle = (typeof groupTitles)[number];

export interface Group {
  readonly title: GroupTitle;
  /** More about it: who is logged in to the schema. */
  readonly about?: string;
  readonly items: readonly Item[];
}

/** One thing that is made, changed or deleted. */
export interface Item {
  readonly action: ViewAction;
  /** `app hello-api (confidential)`. */
  readonly title: string;
  /** Its address in Terraform. */
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
}

/** An attribute that is set or changes. Values that stay are only counted. */
export interface Line {
  readonly name: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Members of a list that stay. */
  readonly kept: number;
  /** The thing is made anew because of it. */
  readonly forces?: boolean;
  /** The old value is not shown by the database. */
  readonly unseen?: boolean;
}

/** What is left out, in words. */
export function foldedInWords({ attributes, hooks, unchanged }: Folded): string[] {
  return [
    ...(attributes > 0 ? [`${attributes} usual ${attributes === 1 ? "attribute" : "attributes"}`] : []),
    ...(hooks > 0 ? [`${hooks} ${hooks === 1 ? "hook" : "hooks"} of Terraform`] : []),
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
  ];
}

export const noFolds: Folded = { attributes: 0, hooks: 0, unchanged: 0 };
