import { withoutSecretVariables } from "./secrets";
import type { Terminal } from "./terminal";

/**
 * Brings a person to a page: opens the browser where there is one, and prints the address in any case, on standard error.
 * @param wanted false prints only
 * @throws Error when it is not an https URL
 */
export async function show(url: URL, wanted: boolean, what: string, terminal: Terminal): Promise<void> {
  // The opener, and who follows the address, starts a program for any other scheme.
  if (url.protocol !== "https:") throw new Error(`${url} is not an https URL: it is neither opened nor to be followed`);
  const opened = wanted && hasDisplay() && (await open(url));
  terminal.error(`${opened ? `${what} in the browser that was opened, or` : what} at this address:\n  ${url}`);
}

async function open(url: URL): Promise<boolean> {
  const { default: openBrowser } = await import("open");
  try {
    const child = await withoutSecretVariables(() => openBrowser(url.href));
    // A browser that cannot be started is no reason to fail: the address is shown.
    child.once("error", () => {});
    return true;
  } catch {
    return false;
  }
}

/** Without one, Linux's opener would start a text browser, or wait for nothing. */
function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
  return process.platform !== "linux" || Boolean(DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME);
}
