import { ora } from "./errors";
import type { Package } from "./packages";

/** The namespace that every user may write; any other belongs to a package, and there is none here. */
const open = "CLIENTCONTEXT";

export const dbmsSession: Package = {
  owner: "SYS",
  name: "DBMS_SESSION",
  subprograms: [
    {
      name: "SET_CONTEXT",
      parameters: [
        { name: "NAMESPACE", type: "VARCHAR2" },
        { name: "ATTRIBUTE", type: "VARCHAR2" },
        { name: "VALUE", type: "VARCHAR2" },
      ],
      run: (given, { clientContext }) => {
        requireOpen(given.text("NAMESPACE"));
        const [attribute, value] = [attributeOf(given.text("ATTRIBUTE")), given.text("VALUE")];
        if (Buffer.byteLength(value ?? "") > 4000) throw ora(28106, "input value for argument #3 is not valid");
        value === null ? clientContext.delete(attribute) : clientContext.set(attribute, value);
        return null;
      },
    },
    {
      name: "CLEAR_CONTEXT",
      parameters: [
        { name: "NAMESPACE", type: "VARCHAR2" },
        { name: "CLIENT_IDENTIFIER", type: "VARCHAR2", default: null },
        { name: "ATTRIBUTE", type: "VARCHAR2", default: null },
      ],
      run: (given, { clientContext }) => {
        requireOpen(given.text("NAMESPACE"));
        const attribute = given.text("ATTRIBUTE");
        attribute === null ? clientContext.clear() : clientContext.delete(attributeOf(attribute));
        return null;
      },
    },
  ],
};

function requireOpen(namespace: string | null): void {
  if (namespace?.toUpperCase() !== open) throw ora(1031, "insufficient privileges");
}

/** Not case-sensitive, and no longer than an identifier. */
function attributeOf(name: string | null): string {
  if (name === null || Buffer.byteLength(name) > 128) throw ora(28106, "input value for argument #2 is not valid");
  return name.toUpperCase();
}
