import type { Actual, Module } from "../model";
import { type Entry, entry } from "./entries";

/** A first API to protect: `GET <schema>/hello/me` answers `{"greeting":"Hello <current user>"}`. */
export const sampleModule: Module = {
  name: "hello",
  basePath: "/hello/",
  comments: "sample API published by ords-jwt",
  templates: ["me"],
};

/** The schema as it will be with the sample API, and what has to be done for it. A module of that name is left as it is. */
export function withSample(actual: Actual): { actual: Actual; entries: Entry[] } {
  const basePath = actual.basePath ?? actual.schema.toLowerCase();
  const hasModule = actual.modules.some(({ name }) => name === sampleModule.name);
  return {
    actual: { ...actual, basePath, modules: hasModule ? actual.modules : [...actual.modules, sampleModule] },
    entries: [
      ...(actual.basePath === null
        ? [
            entry("schema", actual.schema, {
              before: { status: "not REST-enabled", basePath: null },
              after: { status: "REST-enabled", basePath },
            }),
          ]
        : []),
      ...(hasModule ? [] : [entry("module", sampleModule.name, { before: null, after: sampleModule })]),
    ],
  };
}

/**
 * Why a module of the sample's name is not ours to delete: it may be anybody's, and so may templates that were added to it.
 * @returns undefined when it is ours, or there is none
 */
export function whyNotOurs({ modules }: Actual): string | undefined {
  const module = modules.find(({ name }) => name === sampleModule.name);
  if (!module) return undefined;
  if (module.comments !== sampleModule.comments) return "its comments do not say that it is the sample API";
  const added = module.templates.filter((template) => !sampleModule.templates.includes(template));
  return added.length === 0
    ? undefined
    : `it holds templates that are not of the sample API: ${added.join(", ")} (delete those first, or the module by hand)`;
}

/** The schema as it will be without the module. It stays REST-enabled, since other modules may live in it. */
export function withoutSample(actual: Actual): Actual {
  return { ...actual, modules: actual.modules.filter(({ name }) => name !== sampleModule.name) };
}
