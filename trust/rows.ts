import { crashPoints } from "./crash-points";
import type { Row } from "./row";

/** In the order of the table. */
export const rows: readonly Row[] = [crashPoints];
