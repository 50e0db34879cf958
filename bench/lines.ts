import type { Line } from "./line";
import { bindings } from "./lines/bindings";
import { cdktfSynth } from "./lines/cdktf-synth";
import { checks } from "./lines/checks";
import { deploy } from "./lines/deploy";
import { install } from "./lines/install";
import { journey } from "./lines/journey";
import { latency } from "./lines/latency";
import { many } from "./lines/many";
import { register } from "./lines/register";
import { standIns } from "./lines/stand-ins";
import { start } from "./lines/start";
import { synth } from "./lines/synth";

/** In the order of the table. */
export const lines: readonly Line[] = [
  start,
  synth,
  cdktfSynth,
  bindings,
  register,
  latency,
  checks,
  deploy,
  many,
  install,
  journey,
  standIns,
];
