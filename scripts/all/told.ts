import type { Agreed } from "./agreed";

/** Flags of a command for one environment, with what commands for several tell it. */
export interface Told {
  /** All stacks are synthesized already. */
  readonly synthesized?: boolean;
  /** Whoever else uses the domain goes with it. */
  readonly together?: ReadonlySet<string>;
  /** What somebody was shown; nothing else is to be done. @default - nobody is asked */
  readonly agreed?: Agreed;
  readonly yes?: boolean;
  readonly skipOrds?: boolean;
  readonly plan?: boolean;
  readonly markdown?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each command knows its own
  readonly [flag: string]: any;
}
