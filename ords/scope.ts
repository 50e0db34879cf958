/** A fully qualified scope, as a client asks for it: OCI joins the audience and the scope with nothing between. */
export function qualifiedScope(audience: string, scope: string): string {
  return audience + scope;
}

/** The scope without the audience, as a token holds it; undefined when the audience is not before it. */
export function unqualifiedScope(audience: string, scope: string): string | undefined {
  return scope.startsWith(audience) ? scope.slice(audience.length) : undefined;
}
