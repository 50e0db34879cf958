/** Where a process works: its folder and its variables. */
export interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Does in this process what another one would do elsewhere: one at a time. */
export async function inPlace<T>({ cwd, env }: Place, work: () => Promise<T>): Promise<T> {
  const before = { env: process.env, folder: process.cwd() };
  process.env = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  process.chdir(cwd);
  try {
    return await work();
  } finally {
    process.env = before.env;
    process.chdir(before.folder);
  }
}
