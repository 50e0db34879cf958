import type { Module, Privilege } from "../../ords/model";

/**
 * What ORDS does with a call, as far as its documentation goes, and written without the code under test. Where it is silent, every
 * reading counts in which somebody without a token gets in.
 */
export interface Schema {
  readonly modules: readonly Module[];
  readonly privileges: readonly Privilege[];
}

/** Whether anyone may call a path, relative to the schema's base path, and get an answer of a module. */
export function mayAnyoneCall(path: string, { modules, privileges }: Schema): boolean {
  return modules
    .filter((module) => mayAnswer(module, path))
    .some(
      ({ name }) =>
        !privileges.some(
          (privilege) => privilege.modules.includes(name) || privilege.patterns.some((each) => closes(each, path)),
        ),
    );
}

/** Whether a path needs a token for the sake of a pattern, whatever is published there. */
export function isClosedByPattern(path: string, { privileges }: Schema): boolean {
  return privileges.some(({ patterns }) => patterns.some((pattern) => closes(pattern, path)));
}

/** `/x` is one path, `/x/*` what is below; anything else is not documented. */
function closes(pattern: string, path: string): boolean {
  if (/^(\/[^/*:{}%]+)+$/.test(pattern)) return path === pattern;
  return /^(\/[^/*:{}%]+)*\/\*$/.test(pattern) && path.startsWith(pattern.replace("*", ""));
}

function mayAnswer({ basePath, templates }: Module, path: string): boolean {
  return templates.some((template) => answers(basePath + template, path));
}

/** With or without a slash at the end, and a parameter takes one segment. */
function answers(template: string, path: string): boolean {
  const [wanted, given] = [template.replace(/\/?\.?$/, ""), path.replace(/\/$/, "")].map((each) => each.split("/"));
  return (
    wanted!.length === given!.length &&
    wanted!.every((segment, index) => (segment.startsWith(":") ? given![index] !== "" : segment === given![index]))
  );
}
