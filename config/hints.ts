import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";

/** The nearest known entry, if it is near enough to be meant. */
export function hint(key: string, known: readonly string[]): string {
  const beginning = known.find((entry) => entry.startsWith(key));
  const nearest = beginning ?? (known.length > 0 ? closest(key, [...known]) : "");
  const meant = beginning !== undefined || distance(key, nearest) <= 3;
  return meant ? `did you mean "${nearest}"?` : `known are ${known.join(", ")}`;
}

/** As much of a JSON schema as leads from one entry to those below it. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
}

/** Names of the entries that a schema knows at a path. */
export function entriesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;
  const found = path.reduce<Schema | undefined>(
    (at, step) => at?.properties?.[String(step)] ?? at?.items ?? (at?.additionalProperties || undefined),
    root,
  );
  return Object.keys(found?.properties ?? {});
}
