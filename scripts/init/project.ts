import { existsSync, readFileSync } from "node:fs";
import { projectFiles } from "./files";
import { writeFiles } from "./write-files";

/** What was written, and what files that were there may lack, in words. */
export interface Written {
  /** The environment file first. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Writes an environment file, and before it what the current folder needs to be a project; nothing over another.
 * @throws ConfigurationError, FileError as {@link writeFiles}
 */
export function writeProject(path: string, text: string): Written {
  const project = projectFiles();
  const there = Object.keys(project).filter((file) => existsSync(file));
  const files = Object.fromEntries(Object.entries(project).filter(([file]) => !there.includes(file)));
  writeFiles({ ...files, [path]: text });
  return {
    files: [path, ...Object.keys(files)],
    notes: there.flatMap((file) => differences(file, project[file] ?? "")),
  };
}

function differences(file: string, wanted: string): string[] {
  const text = readFileSync(file, "utf8");
  if (file === ".gitignore") {
    const lines = text.split(/\r?\n/);
    const missing = wanted.split("\n").filter((line) => line && !line.startsWith("#") && !lines.includes(line));
    return missing.length > 0 ? [`.gitignore is left as it is; add: ${missing.join(" ")}`] : [];
  }
  // In a checkout the loader has another path.
  const needed = file === "main.ts" ? /addEnvironments\(app\)/ : /ords-jwt\/typescript|scripts\/typescript/;
  return needed.test(text) ? [] : [`${file} is left as it is; it needs:\n${wanted}`];
}
