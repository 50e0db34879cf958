import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { sampleUrl } from "../../local/journey";
import type { Line } from "../line";
import { placeStack, withLocal, withStack } from "../local";
import { inTurn } from "../pairs";

export const deploy: Line = {
  name: "deploy",
  limit:
    "Terraform, which is started for init, plan, show, apply, state and outputs, each time with the provider; the synth; then ours: sign-in, reads, one transaction and the proof by calls.",
  measure: (repeat) =>
    withStack(async (json) => {
      const { values, others } = await inTurn(Math.min(repeat, 3), {
        values: () =>
          withLocal(({ spend, standIns }) =>
            spend(
              process.execPath,
              "scripts/ords-jwt.js",
              ...["deploy", "local", "--yes", "--sample-api", "--url", sampleUrl(standIns)],
            ),
          ),
        others: () => withLocal(async (local) => (await applied(local, json)) + (await registered(local))),
      });
      return [
        {
          what: "ords-jwt deploy local: reviewed, registered, verified",
          unit: "s of processor",
          values,
          against: "terraform init, apply; one block by hand",
          others,
          aim: { of: "times", atMost: 1.5 },
        },
      ];
    }),
};

type Local = Parameters<Parameters<typeof withLocal>[0]>[0];

async function applied({ folder, terraform }: Local, json: string): Promise<number> {
  placeStack(folder, json);
  return (await terraform("init", "-input=false")) + (await terraform("apply", "-auto-approve", "-input=false"));
}

async function registered({ folder, spend }: Local): Promise<number> {
  copyFileSync(join(__dirname, "../alternatives/register.cjs"), join(folder, "register.cjs"));
  const pipe = 'terraform -chdir=cdktf.out/stacks/local output -json | "$1" register.cjs';
  return spend("bash", "-c", pipe, "bash", process.execPath);
}
