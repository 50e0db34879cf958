import type { ApiAnswer } from "../oauth/protected-resource";
import type { Cause, Evidence } from "./cause";
import { matches, nearest, type Path, pathOf, runsLike, withOtherEnd } from "./path";

/** What the API that was named answers, other than 2xx and 401: then nobody has looked at a token, or one was accepted. */
export const apiCauses: readonly Cause[] = [
  {
    id: "schema-not-enabled",
    title: "the schema is not REST-enabled",
    looksAt: "USER_ORDS_SCHEMAS",
    why: "ORDS serves nothing of a schema that is not enabled, with or without a token",
    remedy: "as the schema: BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END;",
    find: ({ schema }) => (schema?.basePath === null ? `schema ${schema.schema} is not REST-enabled` : undefined),
  },
  {
    id: "api-unreachable",
    title: "the API cannot be reached",
    looksAt: "a call of the API without a token",
    why: "no answer came, so nobody has looked at a token",
    remedy: "check host and port of --url or apiUrl, DNS, the firewall and HTTPS_PROXY; is ORDS running?",
    find: ({ api }) => (typeof api === "string" ? api : undefined),
  },
  {
    id: "api-redirects",
    title: "the API is somewhere else, or behind another sign-in",
    looksAt: "a status of 3xx, and where it leads",
    why: "ORDS does not redirect calls of an API: a gateway in front does, and a client does not send its token on to another address",
    remedy: "give the address that answers itself with --url; let the gateway pass requests with a token on to ORDS",
    find: (evidence) => {
      const odd = answered(evidence, ({ status }) => status >= 300 && status < 400);
      return odd && `${odd.text}, to ${odd.answer.location ?? "no address"}`;
    },
  },
  {
    id: "url-double-slash",
    title: "the URL has a doubled slash",
    looksAt: "404, and the path that is called",
    why: "ORDS compares paths segment by segment, and an empty segment is one",
    remedy: "remove the slash: a base URL that ends in one and a path that begins with one were joined",
    find: (evidence) =>
      notFound(evidence, ({ pathname }) => (pathname.includes("//") ? `the path is ${pathname}` : undefined)),
  },
  {
    id: "url-alias",
    title: "the URL does not name the schema",
    looksAt: "404, the path that is called, and the base path of the schema",
    why: "ORDS finds the schema by what follows /ords, character by character: its alias, which need not be the schema's name",
    remedy: "call the URL with the base path of the schema",
    find: (evidence) =>
      notFound(evidence, ({ alias, segments, rest, module, basePaths }) => {
        if (alias === undefined) return undefined;
        const runs = runsLike(alias, segments);
        const close = nearest(runs, alias);
        const isOtherCase = close !== alias && close?.toLowerCase() === alias.toLowerCase();
        if (isOtherCase) return `the schema's base path is "${alias}", the URL has "${close}"`;
        if (rest === undefined) {
          return `the schema's base path is "${alias}", ${close === undefined ? "which the URL does not have" : `the URL has "${close}"`}`;
        }
        // What was taken for the schema's base path may be a module's of the same name.
        const path = `/${alias}${rest}`;
        const isAfterOther = runs.indexOf(alias) > 1;
        return isAfterOther && module === undefined && basePaths.some((base) => `${path}/`.startsWith(base))
          ? `the schema's base path is "${alias}", which the URL does not have before ${path}`
          : undefined;
      }),
  },
  {
    id: "url-module",
    title: "no module serves the URL",
    looksAt: "404, and the base paths of the schema's modules",
    why: "below the schema's base path ORDS looks for a module whose base path the URL begins with",
    remedy: "call the URL with the base path of the module, or publish the module",
    find: (evidence) =>
      notFound(evidence, ({ rest, module, basePaths }) => {
        if (rest === undefined || module !== undefined) return undefined;
        const close = nearest(basePaths, rest.replace(/[^/]+$/, ""));
        return `no module serves ${rest}; ${close ? `the nearest has the base path ${close}` : `base paths are ${listed(basePaths)}`}`;
      }),
  },
  {
    id: "url-trailing-slash",
    title: "the URL differs from the template by the slash at its end",
    looksAt: "404, and the templates of the module",
    why: "to ORDS a path with a slash at the end and one without are two paths",
    remedy: "call the URL as the template has it",
    find: (evidence) =>
      notFound(evidence, ({ rest, templates = [] }) => {
        if (rest === undefined || templates.some((template) => matches(template, rest) !== false)) return undefined;
        const template = templates.find((each) => matches(each, withOtherEnd(rest)));
        return template && `the path is ${rest}, the template ${template}`;
      }),
  },
  {
    id: "url-template",
    title: "no template of the module matches the URL",
    looksAt: "404, and the templates of the module that serves the path",
    why: "ORDS looks in the module for a template of as many segments, equal but for its parameters, in upper and lower case",
    remedy: "call the URL as a template has it, or define the template and its GET handler",
    find: (evidence) =>
      notFound(evidence, ({ rest, module, templates }) => {
        if (rest === undefined || templates?.every((template) => matches(template, rest) === false) !== true)
          return undefined;
        const close = nearest(templates, rest);
        return `module ${module} has no template for ${rest}; ${close ? `the nearest is ${close}` : `templates are ${listed(templates)}`}`;
      }),
  },
  {
    id: "api-not-found",
    title: "there is nothing at the URL",
    looksAt: "404 that nothing above explains",
    why: "with a token, ORDS has accepted it before it answers 404: the handler found no row. Without one, no schema, module or template has this path, or what is in front of ORDS does not pass it on",
    remedy: "try an id that exists; check upper and lower case, and what the gateway does with the path",
    find: (evidence) => served(evidence, ({ status }) => status === 404),
  },
  {
    id: "api-method",
    title: "the URL does not answer GET",
    looksAt: "405",
    why: "the template has no GET handler; which methods there are does not depend on the token",
    remedy: "give a URL with a GET handler with --url",
    find: (evidence) => served(evidence, ({ status }) => status === 405),
  },
  {
    id: "api-forbidden",
    title: "something other than the token's check forbids the call",
    looksAt: "403, and who sent it",
    why: "ORDS answers 401 to a token that lacks a scope or role, not 403: this comes from the handler, from an allow list of origins or addresses, or from a gateway or firewall in front",
    remedy:
      "see who answers by its Server header; ask for access there, or look at what the handler sets as its status",
    find: (evidence) => {
      const odd = answered(evidence, ({ status }) => status === 403);
      return (
        odd &&
        `${odd.text}${servedBy(evidence)}; ${odd.answer.server === undefined ? "it has no Server header" : `Server: ${odd.answer.server}`}`
      );
    },
  },
  {
    id: "api-throttled",
    title: "the API is called too often",
    looksAt: "429",
    why: "a gateway in front of ORDS limits calls, whatever token they have",
    remedy: "wait, or raise the limit of the gateway",
    find: (evidence) => answered(evidence, ({ status }) => status === 429)?.text,
  },
  {
    id: "handler-fails",
    title: "the handler of the API fails",
    looksAt: "555, or 500 with a token",
    why: "ORDS accepted the call and ran the handler: its SQL or PL/SQL raised an error. No token can fix that",
    remedy: "run the handler's source in SQLcl as the schema; the log of ORDS has the error",
    find: (evidence) =>
      served(
        evidence,
        ({ status }, withToken) => status === 555 || (status === 500 && withToken && isGuarded(evidence)),
      ),
  },
  {
    id: "api-unavailable",
    title: "ORDS, or what is in front of it, is not available",
    looksAt: "502, 503, 504",
    why: "the gateway does not reach ORDS, or ORDS not its database: a pool that is not started, a locked or expired ORDS_PUBLIC_USER, a database that is down",
    remedy: "look at the log of ORDS and of the gateway; is the database open, is ORDS_PUBLIC_USER unlocked?",
    find: (evidence) => answered(evidence, ({ status }) => [502, 503, 504].includes(status))?.text,
  },
  {
    id: "api-fails",
    title: "the API fails",
    looksAt: "any other status of 5xx",
    why: "the answer is an error of the server, not a refusal of the token",
    remedy: "look at the log of ORDS and of the gateway",
    find: (evidence) => served(evidence, ({ status }) => status >= 500),
  },
  {
    id: "api-other-status",
    title: "the API refuses the request itself",
    looksAt: "any other status than 2xx and 401",
    why: "ORDS answers 401 to a token that it does not take; this is about the form of the request, or comes from a gateway in front",
    remedy: "look at the answer's body: curl -i with the URL",
    find: (evidence) => served(evidence, ({ status }) => status !== 401 && (status < 200 || status > 299)),
  },
];

/** The first answer of this kind: that without a token comes first, since then the token has no part in it. */
function answered({ api }: Evidence, isKind: (answer: ApiAnswer, withToken: boolean) => boolean) {
  if (api === undefined || typeof api === "string") return undefined;
  const { url, withoutToken, withToken } = api;
  if (isKind(withoutToken, false))
    return { answer: withoutToken, text: `${url} answers ${withoutToken.status} without a token` };
  if (withToken && isKind(withToken, true))
    return { answer: withToken, text: `${url} answers ${withToken.status} with the token` };
  return undefined;
}

/** The same in words, with what serves the path. */
function served(evidence: Evidence, isKind: Parameters<typeof answered>[1]): string | undefined {
  const odd = answered(evidence, isKind);
  return odd && odd.text + servedBy(evidence);
}

/** The module that ORDS would ask, as far as it is known. */
function servedBy({ protection }: Evidence): string {
  return protection?.module ? `; module ${protection.module} serves ${protection.path}` : "";
}

/** ORDS looks at the token before it does anything else. */
function isGuarded({ api }: Evidence): boolean {
  return typeof api === "object" && api.withoutToken.status === 401;
}

/** What a path that is answered with 404 is taken apart for. */
function notFound(evidence: Evidence, explain: (path: Path) => string | undefined): string | undefined {
  const odd = answered(evidence, ({ status }) => status === 404);
  if (!odd || typeof evidence.api !== "object") return undefined;
  const explanation = explain(pathOf(evidence.api.url, evidence));
  return explanation && `${odd.text}: ${explanation}`;
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.slice(0, 10).join(", ") : "none";
}
