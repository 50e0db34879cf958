/** What the generated getters return, by what they call. */
const returned: readonly (readonly [call: RegExp, type: string])[] = [
  [/^this\.getStringAttribute\(/, "string"],
  [/^this\.getNumberAttribute\(/, "number"],
  [/^this\.getBooleanAttribute\(/, "cdktf.IResolvable"],
  [/^(cdktf\.Fn\.tolist\()?this\.getListAttribute\(/, "string[]"],
  [/^this\.getStringMapAttribute\(/, "{ [key: string]: string }"],
];

/** The lines of the generated text that are changed, as cdktf's generator writes them. */
const lines =
  /^ {2}private (?<field>_\w+)\?: (?<fieldType>.+?); *$|^ {2}private (?<nested>_\w+) = (?<made>new (?<class>[\w.]+)\(.*\));$|^ {2}public get \w+\(\) (?=\{\n {4}return (?<result>.+);\n {2}\}\n(?: {2}public set \w+\(value: (?<taken>.+)\) \{$)?)|^ {2}public static generateConfigForImport\(.*\) (?=\{$)|^ {2}public (?:reset|put)\w+\(.*\) (?=\{$)/gm;

/**
 * Names the types that the generator leaves to the compiler, so that a file can be declared by itself, without the compiler and the
 * types of all of cdktf; and makes nested references when they are given something or asked for. An app has sixty, of which a stack uses
 * three, and each of them takes a picture of the stack of calls: a tenth of a synth.
 * @param text a module that cdktf's generator wrote
 * @throws Error when a getter returns something that is not known here
 */
export function declared(text: string): string {
  /** Of the class that is being read: fields stand right above the getters that return them. */
  const fields = new Map<string, string>();
  const typed = text.replace(lines, (line, ...more) => {
    const { field, fieldType, nested, made, class: type, result, taken } = more.at(-1);
    if (field !== undefined) {
      fields.set(field, `${fieldType} | undefined`);
      return line;
    }
    if (nested !== undefined) {
      fields.set(nested, type);
      return [
        `  private _${nested}?: ${type};`,
        `  private get ${nested}(): ${type} {`,
        `    return (this._${nested} ??= ${made});`,
        "  }",
      ].join("\n");
    }
    if (result !== undefined) return line.replace(/ $/, `: ${taken ?? typeOf(result, fields)} `);
    return line.replace(/ $/, line.includes(" static ") ? ": cdktf.ImportableResource " : ": void ");
  });
  return typed
    .replace(/this\.(_\w+)\??\.internalValue(?! = )/g, "this._$1?.internalValue")
    .replace(/^ {4}(this\._\w+\.internalValue = (config\.\w+);)$/gm, "    if ($2 !== undefined) $1");
}

function typeOf(result: string, fields: ReadonlyMap<string, string>): string {
  const known = returned.find(([call]) => call.test(result));
  if (known) return known[1];
  const [, field = "", inner] = /^this\.(_\w+)(\.internalValue)?$/.exec(result) ?? [];
  const type = fields.get(field);
  if (type === undefined)
    throw new Error(`the generated bindings return ${result}: name its type in providers/oci/declared.ts`);
  return inner === undefined ? type : `${type}["internalValue"]`;
}
