import type { Packages } from "../model";
import { sampleModule } from "../plan/sample-api";
import type { Call } from "./calls";
import { fragment, when } from "./fragment";
import { literal } from "./literal";
import { callLines } from "./plsql";
import type { Step } from "./steps";
import { type Views, viewsOf } from "./views";

/** One call as a step. A deletion is guarded by whether there is something to delete, so that a script can run again. */
export function callStep(call: Call, packages: Packages): Step {
  const lines = callLines(call, (_, value) => literal(value));
  const source = deletedFrom(call, viewsOf(packages));
  const guarded = source && [`SELECT COUNT(*) INTO l_found FROM ${source.join("\n")};`, ...when("l_found > 0", lines)];
  return { purpose: call.purpose, work: [guarded ? fragment(["l_found"], guarded) : fragment([], lines)] };
}

/** Where to count what a call deletes; undefined for a call that deletes nothing. */
function deletedFrom({ procedure, parameters }: Call, views: Views): string[] | undefined {
  const { owned } = views;
  if (procedure.endsWith(".DELETE_PRIVILEGE")) {
    return [owned("privileges"), `WHERE name = ${literal(String(parameters.p_name))}`];
  }
  if (procedure.endsWith(".DELETE_MODULE")) return ownSample(views);
  return procedure.endsWith(".DELETE_JWT_PROFILE") ? [owned("jwt_profile")] : undefined;
}

/** The sample module, if it is the one that register published and nobody has added to it. */
export function ownSample({ owned }: Views): string[] {
  const { name, comments, templates } = sampleModule;
  return [
    `${owned("modules")} m`,
    `WHERE m.name = ${literal(name)}`,
    `AND m.comments = ${literal(comments)}`,
    "AND NOT EXISTS (",
    `  SELECT 1 FROM ${owned("templates")} t`,
    "  WHERE t.module_id = m.id",
    `  AND t.uri_template NOT IN (${templates.map((template) => literal(template)).join(", ")}))`,
  ];
}
