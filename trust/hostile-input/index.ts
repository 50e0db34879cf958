import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Deployed } from "../../__tests__/scripts/deployed";
import { hideWarningsOfErrors } from "../../scripts/oci/sdk-warnings";
import { type Row, spread, Tally } from "../row";
import { databaseSources } from "./database";
import { fileSources } from "./files";
import { httpSources } from "./http";
import type { Case, Source } from "./source";
import { terraformSources } from "./terraform";
import { attempt, Connections, promises } from "./watch";

/** Of the generator; the same seed gives the same inputs. */
const seed = 12;

/** How much more memory one source may take than all before it, in MB, its own inputs included. */
const mayGrow = 400;

/** Cases of a whole run, without those that are not generated. */
const all = 10_000;

export const hostileInput: Row = {
  name: "hostile-input",
  promise:
    "whatever is in a file that is handed over, in a token, or in an answer of Terraform, OCI, the domain, the API or the database: an error of ours or a result, in bounded time, size and memory, and nothing of it is obeyed",
  inTests: 250,
  async run(limit = all) {
    const tally = new Tally(promises);
    const before = { env: process.env, folder: process.cwd() };
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "hostile-")));
    process.env = { ...process.env, TMPDIR: folder };
    mkdirSync(join(folder, "outside"));
    hideWarningsOfErrors(console);
    const deployed = await Deployed.start();
    const connections = new Connections();
    const sources: Source[] = [];
    const uncaught: unknown[] = [];
    const onUncaught = (error: unknown) => uncaught.push(error);
    process.on("uncaughtException", onUncaught);
    try {
      await deployed.register();
      for (const name of ["postman", ".tokens"]) mkdirSync(join(deployed.folder, name), { mode: 0o700 });
      process.env = { ...deployed.standIns.environment, TMPDIR: folder };
      process.chdir(deployed.folder);
      sources.push(...fileSources({ deployed }), ...terraformSources({ deployed }));
      sources.push(...(await databaseSources({ deployed })), ...(await httpSources({ deployed })));
      const folders = [folder, join(folder, "outside"), deployed.folder];
      for (const source of sources) {
        const height = process.resourceUsage().maxRSS;
        for (const one of casesOf(source, limit)) {
          const broken = await attempt({ ports: [], ...one, folders, work: one.run }, connections);
          const [error] = uncaught.splice(0);
          tally.add(one.what, { ...broken, ...(error !== undefined && { crash: String((error as Error).stack) }) });
        }
        const grown = (process.resourceUsage().maxRSS - height) / 1024;
        tally.add(`${source.name}, in memory`, {
          memory: grown > mayGrow ? `${Math.round(grown)} MB more` : undefined,
        });
      }
      tally.note(`seed ${seed} of fast-check; the 50 MB, endless and compressed answers are among the cases`);
      return tally.result();
    } finally {
      process.off("uncaughtException", onUncaught);
      connections.restore();
      for (const source of sources) await source.close?.();
      process.chdir(before.folder);
      process.env = before.env;
      await deployed.close();
      rmSync(folder, { recursive: true });
    }
  },
};

/** Those that are not generated are there whatever the limit, but for what takes long. */
function casesOf(source: Source, limit: number): Case[] {
  const cases = source.cases(Math.round((limit * source.share) / 100), seed);
  return source.share > 0 || limit >= all ? cases : spread(cases, 6);
}
