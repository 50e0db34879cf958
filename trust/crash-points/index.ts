import { type Row, Tally } from "../row";
import { killSchemaCommands } from "./schema";

/** SIGKILL at every request and every write of the commands that change something, and then the same command again. */
export const crashPoints: Row = {
  name: "crash-points",
  promise:
    "a command that is killed leaves the old state or the new one and opens nothing; run again, it comes to its end with nothing twice and nothing left over",
  async run(limit) {
    const tally = new Tally(["not killed", "half done", "opened", "not converged", "left behind"]);
    await killSchemaCommands(tally, limit);
    // Terraform takes too long for a few cases: the journeys in __tests__/ have some. So does loading what they need.
    if (limit === undefined) {
      const { killTerraform } = await import("./cloud");
      const { killWholeCommands } = await import("./whole-commands");
      await killTerraform(tally);
      await killWholeCommands(tally);
    }
    return tally.result();
  },
};
