import { crashPoints } from "./crash-points";
import { files } from "./files";
import { hostileInput } from "./hostile-input";
import { leaks } from "./leaks";
import { load } from "./load";
import { network } from "./network";
import { oauthClient } from "./oauth-client";
import type { Row } from "./row";
import { supplyChain } from "./supply-chain";
import { tokens } from "./tokens";

/** In the order of the table. */
export const rows: readonly Row[] = [
  crashPoints,
  network,
  files,
  leaks,
  load,
  hostileInput,
  tokens,
  oauthClient,
  supplyChain,
];
