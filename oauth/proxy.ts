import type { Dispatcher } from "undici";
import { HttpError } from "./http";

/** Where OCI tells an instance about itself: never behind a proxy. */
const metadataService = "169.254.169.254";

/**
 * Makes every `fetch` of this process, that of Oracle's SDK included, go through the proxy that `HTTPS_PROXY` or `HTTP_PROXY`
 * names, but for the hosts in `NO_PROXY`. Terraform reads the same variables.
 * @throws HttpError when a variable does not hold a URL
 */
export function useProxy(environment: NodeJS.ProcessEnv = process.env): void {
  const dispatcher = proxyDispatcher(environment);
  if (!dispatcher) return;
  // The `fetch` of Node 20 and this dispatcher disagree about a Content-Length that is given, as Oracle's SDK gives it.
  undici().install();
  undici().setGlobalDispatcher(dispatcher);
}

/** undefined when no proxy is named. */
export function proxyDispatcher(environment: NodeJS.ProcessEnv): Dispatcher | undefined {
  const { httpProxy, httpsProxy } = proxyUrls(environment);
  if (!httpProxy && !httpsProxy) return undefined;
  const direct = (variable("NO_PROXY", environment) ?? "").split(/[\s,]+/);
  // To the library the star means all hosts only where it stands alone.
  const noProxy = direct.includes("*") ? "*" : [...direct, metadataService].join(",");
  return new (undici().EnvHttpProxyAgent)({ httpProxy, httpsProxy, noProxy });
}

/** The proxies that the environment names, empty where it names none. @throws HttpError when a variable does not hold a URL */
export function proxyUrls(environment: NodeJS.ProcessEnv) {
  const url = (name: string) => proxyUrl(name, variable(name, environment));
  return { httpProxy: url("HTTP_PROXY"), httpsProxy: url("HTTPS_PROXY") };
}

/** As curl does, the lower case name first. */
const variable = (name: string, environment: NodeJS.ProcessEnv) => environment[name.toLowerCase()] ?? environment[name];

/** Loaded only where there is a proxy: most commands do without it. */
function undici(): typeof import("undici") {
  return require("undici");
}

function proxyUrl(name: string, value: string | undefined): string {
  if (!value) return "";
  const url = value.includes("://") ? value : `http://${value}`;
  // Its value is not shown: it may hold a password.
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    throw new HttpError(name, "does not hold the URL of a proxy: expected for example http://proxy.example.com:8080");
  }
  return url;
}
