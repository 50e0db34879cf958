/**
 * Oracle's SDK warns of every failure that it then throws, also where it is no failure that something is gone, and has no other
 * way to be told not to. For the start of a process, whose console it is; of retries the SDK warns on.
 */
export function hideWarningsOfErrors(console: Console): void {
  const { warn } = console;
  console.warn = (first, ...text) => {
    if (/^(Request cannot be retried|All retry attempts)/.test(String(first))) return;
    // That it tries again is worth a line; what it makes of the failure is not.
    const line =
      typeof first === "string" ? first.replace(/^Request failed with Exception : \[object Object\]\n/, "") : first;
    warn(line, ...text);
  };
}
