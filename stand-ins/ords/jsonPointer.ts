/** The value a JSON Pointer (RFC 6901) such as `/resource_access/account/roles` leads to, `undefined` when nothing is there. */
export function resolvePointer(document: unknown, pointer: string): unknown {
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return undefined;
  let value = document;
  for (const escaped of pointer.slice(1).split("/")) {
    const name = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    const isMember = Array.isArray(value) ? /^(0|[1-9]\d*)$/.test(name) : typeof value === "object" && value !== null;
    if (!isMember || !Object.hasOwn(value as object, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
