import { crashPoints } from "./crash-points";
import { files } from "./files";
import { load } from "./load";
import { network } from "./network";
import type { Row } from "./row";
import { supplyChain } from "./supply-chain";
import { tokens } from "./tokens";

/** In the order of the table. */
export const rows: readonly Row[] = [crashPoints, files, network, load, supplyChain, tokens];
