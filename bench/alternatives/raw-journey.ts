import { placeStack, withLocal } from "../local";

/** Terraform alone, with the stand-ins that `npm start` has: init, apply, destroy. @param json the synthesized stack */
async function main(json: string): Promise<void> {
  await withLocal(async ({ folder, terraform }) => {
    placeStack(folder, json);
    await terraform("init", "-input=false");
    await terraform("apply", "-auto-approve", "-input=false");
    await terraform("destroy", "-auto-approve", "-input=false");
  });
}

main(process.argv[2]!);
