import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder, root } from "../folder";
import type { Line } from "../line";
import { inTurn } from "../pairs";
import { processorSeconds } from "../processes";
import { writeProject } from "../project";

/** What `cdktf init` writes for TypeScript, but for the library that our sources take and where they are. */
const tsconfig = {
  compilerOptions: {
    alwaysStrict: true,
    declaration: true,
    experimentalDecorators: true,
    lib: ["es2023", "esnext.disposable"],
    module: "CommonJS",
    noEmitOnError: true,
    noFallthroughCasesInSwitch: true,
    noImplicitAny: true,
    noImplicitThis: true,
    resolveJsonModule: true,
    strict: true,
    strictNullChecks: true,
    strictPropertyInitialization: true,
    stripInternal: true,
    target: "ES2018",
    incremental: true,
    skipLibCheck: true,
    esModuleInterop: true,
    types: ["node"],
    paths: { "ords-jwt": [join(root, "index.ts")] },
  },
  include: ["**/*.ts"],
  exclude: ["node_modules", "cdktf.out"],
};

/** Of the same age as the last release of cdktf. */
const tsNode = "ts-node@10.9.2";

export const cdktfSynth: Line = {
  name: "cdktf-synth",
  limit:
    "The command of cdktf: it reads its schemas, starts a window system for terminals and compares versions before it starts the app.",
  measure: (repeat) =>
    inFolder(async (folder) => {
      const cdktf = join(root, "node_modules/.bin/cdktf");
      const env = { ...process.env, CI: "1", CHECKPOINT_DISABLE: "1" };
      const ours = join(folder, "ours");
      const theirs = join(folder, "theirs");
      for (const project of [ours, theirs]) {
        mkdirSync(project);
        writeProject(project, 3);
      }
      const tools = join(folder, "tools");
      await processorSeconds({ command: ["npm", "install", "--prefix", tools, "--no-audit", "--no-fund", tsNode] });
      for (const file of ["cdktf.json", "main.ts"]) rmSync(join(theirs, file));
      copyFileSync(join(root, "main.ts"), join(theirs, "main.ts"));
      const app = `${join(tools, "node_modules/.bin/ts-node")} main.ts`;
      const config = { language: "typescript", app, projectId: "bench", sendCrashReports: "false" };
      writeFileSync(join(theirs, "cdktf.json"), JSON.stringify(config));
      writeFileSync(join(theirs, "tsconfig.json"), JSON.stringify(tsconfig));
      const { values, others } = await inTurn(Math.min(repeat, 3), {
        values: () => processorSeconds({ command: [process.execPath, cdktf, "synth"], cwd: ours, env }),
        others: () => processorSeconds({ command: [process.execPath, cdktf, "synth"], cwd: theirs, env }),
      });
      return [
        {
          what: "cdktf synth",
          unit: "s of processor",
          values,
          against: "the same with ts-node",
          others,
          aim: { of: "faster", atLeast: 3 },
        },
      ];
    }),
};
