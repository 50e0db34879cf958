import https from "node:https";
import { Agent } from "undici";

/** What Node's fetch sends its requests with, and the place where it looks for it: outside of the sandbox that a test runs in. */
const dispatcher = Symbol.for("undici.globalDispatcher.1");
const outside = new (fetch.constructor as FunctionConstructor)("return globalThis")();
const trusting = { ca: https.globalAgent.options.ca, dispatcher: outside[dispatcher] };

/** Lets this process trust certificates as NODE_EXTRA_CA_CERTS lets one that starts. */
export function trust(authorities: string[]): void {
  https.globalAgent.options.ca = authorities;
  void ours?.close();
  ours = new Agent({ connect: { ca: authorities } });
  outside[dispatcher] = ours;
}

/** Its connections would keep this process alive. */
let ours: Agent | undefined;

/** Trusts what it did before. */
export function distrust(): void {
  if (trusting.ca === undefined) delete https.globalAgent.options.ca;
  else https.globalAgent.options.ca = trusting.ca;
  outside[dispatcher] = trusting.dispatcher;
  void ours?.close();
  ours = undefined;
}
