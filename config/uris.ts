/** What is wrong with a URI to which a browser may come back, in words for an error; undefined when it may be declared. */
export function uriProblem(uri: string): string | undefined {
  if (!URL.canParse(uri)) return "is not an absolute URL: use https://HOST/PATH";
  if (new URL(uri).protocol !== "https:") {
    return "is not https: the domain would have to stop checking URLs; for a tool on a developer's machine use a DeveloperClient";
  }
  if (uri.includes("#")) return "has a fragment: a redirect URI must not; remove everything from #";
  if (uri.includes("*")) return "has a wildcard: redirect URIs are compared exactly; list each one";
  return undefined;
}
