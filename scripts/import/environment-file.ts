import type { EnvironmentInput } from "../../config/environment";
import { visible } from "../../control-characters";

/** By the path of an entry, what a reader of the file has to know. Nothing that others wrote may stand in a comment. */
const comments: Record<string, string> = {
  region: "Home region of the tenancy: identity domains are managed only there.",
  protected: "What was there before is not deleted by mistake: take this away to let `destroy` do it.",
  tags: "Free-form tags on all that the stack takes over.",
  domain: "From the first deploy on the stack owns the domain: `destroy` deletes it.",
  existingDomain: "Read, and never changed or deleted.",
  users: "Those who may use the app, by keys that other entries refer to.",
  groups: "All members of a group: who is not named is removed from it.",
  "app.audience": "Ends in a slash: audience + scope is what a client asks for.",
  "app.scopes": "Each is protected by the ORDS privilege of its name, or by none of this schema (`privilege: false`).",
  "app.grantedTo": "Keys of users and groups.",
  clients: "Further clients that may ask for scopes of the app.",
  jwtProfile: "What the JWT profile says beside audience and JWK URL.",
  database: "How `register` logs in; passwords are in variables, or asked for.",
  imports: "What is taken over by the first deploy. Delete this entry when that is done.",
};

/** The TypeScript of an environment file. Whatever is in the texts, it is read back as it is. */
export function environmentFile(input: EnvironmentInput): string {
  return `import { defineEnvironment } from "ords-jwt";

/** Written by \`ords-jwt import\` from what was there. It is yours now: correct it, and see with \`ords-jwt diff\` what that changes. */
export default defineEnvironment(${printed(input, "", "")});
`;
}

function printed(value: unknown, path: string, indent: string): string {
  if (typeof value === "string") return literal(value);
  if (typeof value !== "object" || value === null) return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => printed(item, "", inner));
    const line = `[${items.join(", ")}]`;
    return line.includes("\n") || indent.length + path.length + line.length > 110
      ? `[\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}]`
      : line;
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, entry]) => {
    const at = path === "" ? key : `${path}.${key}`;
    // An item of a list has no path of its own, so that no key of others meets a comment.
    const comment = Object.hasOwn(comments, at) && indent.length < 4 ? `${inner}// ${comments[at]}\n` : "";
    return `${comment}${inner}${keyed(key)}: ${printed(entry, at, inner)},\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}

function keyed(key: string): string {
  // Written plainly, it would set the prototype.
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_]\w*$/.test(key) ? key : literal(key);
}

/** Characters that end a line, or turn what a reader sees, are spelt out. */
function literal(text: string): string {
  return visible(JSON.stringify(text));
}
