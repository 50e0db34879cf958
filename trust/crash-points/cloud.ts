import { Stack } from "../../__tests__/journeys/lifecycle";
import { inPlace } from "../../__tests__/scripts/in-place";
import type { EnvironmentInput } from "../../config/environment";
import { parseEnvironment } from "../../config/environment";
import local from "../../environments/local";
import { Oci } from "../../scripts/oci/client";
import { hideWarningsOfErrors } from "../../scripts/oci/sdk-warnings";
import { adoptOrphans, forgetOrphans } from "../../scripts/terraform/orphans";
import { sweep } from "../../scripts/terraform/sweep";
import type { Tally } from "../row";

/** One of each kind that a stack can make. */
const input: EnvironmentInput = {
  ...local,
  groups: { testers: { displayName: "testers", members: ["alice"] } },
  app: { ...local.app, grantedTo: ["testers"] },
};
const oci = () => new Oci({ region: "eu-frankfurt-1" }, () => {});
const where = { domain: parseEnvironment("local", input).domain };

type Verdict = "no-reply" | undefined | Promise<undefined>;
const never = new Promise<undefined>(() => {});
const isChange = ({ method }: { method: string }) => method !== "GET";

/**
 * Kills Terraform, with what it started, at every request by which apply and destroy change something; then does what
 * `ords-jwt deploy` and `ords-jwt destroy` do, without cdktf, which would take most of the time.
 */
export async function killTerraform(tally: Tally): Promise<void> {
  // As a command does.
  hideWarningsOfErrors(console);
  const bench = await Bench.open();
  try {
    const [creates, deletes] = [await bench.changesOf("apply"), await bench.changesOf("destroy")];
    const points = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        (["before", "after"] as const).map((when) => ({ at: index + 1, when })),
      ).flat();
    const [ofApply, ofDestroy] = [points(creates), points(deletes)];
    for (let index = 0; index < Math.max(ofApply.length, ofDestroy.length); index++) {
      await bench.apply(ofApply[index], tally);
      await bench.destroy(ofDestroy[index], tally);
    }
  } finally {
    await bench.close();
  }
}

interface Point {
  readonly at: number;
  readonly when: "before" | "after";
}

class Bench {
  private onChange: () => Verdict = () => undefined;

  private constructor(private readonly stack: Stack) {}

  static async open(): Promise<Bench> {
    let bench: Bench | undefined;
    const faults = (request: { method: string }) => (isChange(request) ? bench?.onChange() : undefined);
    bench = new Bench(await Stack.open({ faults }));
    bench.stack.synthesize(input);
    await bench.stack.ok("init", "-no-color", "-input=false");
    return bench;
  }

  close(): Promise<void> {
    return this.stack.close();
  }

  /** How many requests change something when nobody is killed. */
  async changesOf(command: "apply" | "destroy"): Promise<number> {
    let changes = 0;
    this.onChange = () => {
      changes += 1;
      return undefined;
    };
    await this.stack.ok(command, "-no-color", "-auto-approve", "-input=false");
    this.onChange = () => undefined;
    return changes;
  }

  async apply(point: Point | undefined, tally: Tally): Promise<void> {
    if (point) await this.killed("apply", point);
    const notes = await inPlace(this.stack.place(), () => adoptOrphans("local", where, oci()));
    const again = await this.stack.run(["apply", "-no-color", "-auto-approve", "-input=false"]);
    await inPlace(this.stack.place(), async () => forgetOrphans("local"));
    if (!point) return;
    const inSync = again.code === 0 && (await this.stack.inSync());
    tally.add(`apply: ${point.when} change ${point.at}`, {
      "not converged": inSync ? undefined : `exit ${again.code}: ${again.stderr}`,
      "left behind": twice(this.stack.bench.oci.domains()) ?? (notes.length > 0 ? notes.join("; ") : undefined),
    });
  }

  async destroy(point: Point | undefined, tally: Tally): Promise<void> {
    if (point) await this.killed("destroy", point);
    await inPlace(this.stack.place(), () => sweep("local", where, oci(), () => {}));
    const again = await this.stack.run(["destroy", "-no-color", "-auto-approve", "-input=false"]);
    if (again.code !== 0) throw new Error(`destroy after ${JSON.stringify(point)}: ${again.stderr}`);
    if (!point) return;
    const left = this.stack.bench.oci.domains().map(({ displayName }) => displayName);
    tally.add(`destroy: ${point.when} change ${point.at}`, {
      "not converged": (await this.stack.ok("state", "list")) === "" ? undefined : "the state is not empty",
      "left behind": left.length === 0 ? undefined : `domains ${left.join(", ")}`,
    });
  }

  private async killed(command: "apply" | "destroy", { at, when }: Point): Promise<void> {
    let changes = 0;
    const { kill, ended } = this.stack.start([command, "-auto-approve", "-input=false"]);
    this.onChange = () => {
      if (++changes !== at) return changes > at ? never : undefined;
      kill();
      // The provider runs in this process: it is dead when it hears nothing any more.
      return when === "before" ? never : "no-reply";
    };
    const { code } = await ended;
    this.onChange = () => undefined;
    if (code !== -1) throw new Error(`${command} was not killed at change ${at}`);
  }
}

/** What there is more of than a stack declares. */
export function twice(domains: ReturnType<Stack["bench"]["oci"]["domains"]>): string | undefined {
  const names = domains.flatMap((domain) => [
    ...domain.apps().map(({ displayName }) => displayName),
    ...domain.groups().map(({ displayName }) => displayName),
    ...domain.users().map(({ userName }) => userName),
  ]);
  if (domains.length !== 1) return `${domains.length} domains`;
  const double = names.find((name, index) => names.indexOf(name) !== index);
  return double === undefined ? undefined : `${double} is there twice`;
}
