/**
 * The same with every text as Terraform takes it for what it is: `${` and `%{` begin a template there, and a display name that
 * somebody gave in a console must not be evaluated on the machine that deploys.
 */
export function literally<T>(value: T): T {
  return (typeof value === "string" ? escaped(value) : isTree(value) ? mapped(value) : value) as T;
}

function mapped(tree: object): unknown {
  if (Array.isArray(tree)) return tree.map(literally);
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [escaped(key), literally(value)]));
}

function escaped(text: string): string {
  return text.replace(/[$%](?=\{)/g, "$&$&");
}

function isTree(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
