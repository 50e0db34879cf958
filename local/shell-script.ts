/** Lines for `sh` that set variables to these values, whatever they were; what is undefined is unset. */
export function shellScript(variables: NodeJS.ProcessEnv): string {
  return Object.entries(variables)
    .map(([key, value]) =>
      value === undefined ? `unset ${key}\n` : `export ${key}='${value.replaceAll("'", `'\\''`)}'\n`,
    )
    .join("");
}
