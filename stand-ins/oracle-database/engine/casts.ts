import { convert, namedType, type ScalarType } from "./data-types";
import { ora, unsupported } from "./errors";
import { compileValue, type Of } from "./expressions";
import type { Scope } from "./scope";
import { type DataType, type Typed, toText, typeFamily } from "./values";

/** CAST(value AS type). */
export function cast({ operand, type, at }: Of<"cast">, scope: Scope): Typed {
  if (type.kind === "column") throw unsupported("CAST to %TYPE", at);
  if (!scope.plsql && /^(VARCHAR2?|RAW)$/.test(type.path.join(".")) && type.size === undefined) {
    throw ora(906, "missing left parenthesis", at.offset);
  }
  const target = namedType(type);
  if (target.type === "CLOB" || target.type === "BOOLEAN") throw unsupported(`CAST to ${target.type}`, at);
  const source = compileValue(operand, scope);
  if (!castable(source.type, target.type)) {
    throw ora(932, `inconsistent datatypes: expected ${target.type} got ${source.type}`, at.offset);
  }
  const evaluate = () => {
    const value = source.evaluate();
    // SQL cuts text to the length asked for; PL/SQL refuses it.
    const isCut = !scope.plsql && target.type === "VARCHAR2" && typeFamily(source.type) === "text";
    return isCut ? cut(toText(value), target) : convert(target, value, scope.plsql);
  };
  return { type: target.type, size: target.size, nullable: source.nullable, evaluate };
}

/** Stricter than Oracle: between dates and text NLS settings would decide. */
function castable(source: DataType, target: DataType): boolean {
  const [from, to] = [typeFamily(source), typeFamily(target)];
  const convertible = ["text", "number"];
  return from === to || from === "null" || (convertible.includes(from) && convertible.includes(to));
}

function cut(text: string | null, { size }: ScalarType): string | null {
  let kept = "";
  for (const character of text ?? "") {
    if (Buffer.byteLength(kept + character) > size) break;
    kept += character;
  }
  return kept || null;
}
