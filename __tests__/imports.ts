import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** What each file imports, types included: files relative to the root, packages as they are named. */
export type Imports = ReadonlyMap<string, readonly string[]>;

export function importsIn(root: string): Imports {
  const sources = ts.sys.readDirectory(root, [".ts"], ["**/node_modules", "**/*.d.ts", "providers/oci/build"]);
  const options = { moduleResolution: ts.ModuleResolutionKind.Bundler, resolveJsonModule: true };
  const target = (from: string, name: string): string => {
    if (!name.startsWith(".")) return name;
    const { resolvedModule } = ts.resolveModuleName(name, from, options, ts.sys);
    return relative(root, resolvedModule?.resolvedFileName ?? join(dirname(from), name));
  };
  return new Map(
    sources.map((file) => {
      const { importedFiles } = ts.preProcessFile(ts.sys.readFile(file) ?? "");
      return [relative(root, file), importedFiles.map(({ fileName }) => target(file, fileName))];
    }),
  );
}

/** The files that lie on an import circle, or between two. */
export function circles(imports: Imports): string[] {
  const left = new Map([...imports].map(([file, targets]) => [file, targets.filter((target) => imports.has(target))]));
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    const imported = new Set([...left.values()].flat());
    for (const [file, targets] of left) {
      if (!imported.has(file) || !targets.some((target) => left.has(target))) left.delete(file);
    }
  }
  return [...left.keys()].sort();
}

/**
 * The imports that a table of rooms does not allow, as `file -> target`.
 * @param allowed by room, which is the longest path that a file or a package begins with: the rooms it may import from, besides itself
 */
export function forbidden(imports: Imports, allowed: Record<string, readonly string[]>): string[] {
  const names = Object.keys(allowed).sort((a, b) => b.length - a.length);
  const room = (path: string) => names.find((name) => path === name || path.startsWith(`${name}/`));
  return [...imports].flatMap(([file, targets]) => {
    const from = room(file);
    if (from === undefined) return [`${file}: in no room`];
    return targets
      .filter((target) => {
        const to = room(target);
        const isFile = imports.has(target) || target.includes("..");
        return to === undefined ? isFile : to !== from && !allowed[from]?.includes(to);
      })
      .map((target) => `${file} -> ${target}`);
  });
}
