import type { Request } from "../http";
import { oauthError } from "./errors";

/** The body as form parameters, each given at most once. */
export function parseForm({ headers, body }: Request): URLSearchParams {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    throw oauthError(400, "invalid_request", `the body must be application/x-www-form-urlencoded, not ${type}`);
  }
  const form = new URLSearchParams(body.toString("utf8"));
  const repeated = repeatedParameter(form);
  if (repeated) throw oauthError(400, "invalid_request", `${repeated} is given more than once`);
  return form;
}

/** A parameter that is given more than once, which OAuth forbids. */
export function repeatedParameter(parameters: URLSearchParams): string | undefined {
  return [...parameters.keys()].find((name) => parameters.getAll(name).length > 1);
}
