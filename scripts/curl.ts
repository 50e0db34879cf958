/**
 * A line for a POSIX shell that calls an API with a fresh token. The token goes through a pipe, so that it stands neither in the
 * line nor among the arguments of a program, which everybody on the machine may read.
 * @param args what `ords-jwt token` is to be given besides `--header`
 */
export function curlLine(stack: string, url: string, args: readonly string[] = []): string {
  const token = ["npx", "ords-jwt", "token", stack, ...args, "--header"];
  return `${token.map(shellWord).join(" ")} | curl --globoff --header @- ${shellWord(new URL(url).href)}`;
}

/** A line that gets a token by client credentials where this tool is not, with the secret in the variable CLIENT_SECRET. */
export function curlForToken(client: {
  readonly clientId: string;
  readonly tokenEndpoint: string;
  readonly scopes: readonly string[];
}): string {
  const scope = shellWord(`scope=${client.scopes.join(" ")}`);
  // printf belongs to the shell: what it is given is no program's argument.
  return `printf 'user = "%s:%s"\\n' ${shellWord(client.clientId)} "$CLIENT_SECRET" | curl --config - --data grant_type=client_credentials --data-urlencode ${scope} ${shellWord(client.tokenEndpoint)}`;
}

/** One word of a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
