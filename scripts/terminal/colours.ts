import pc from "picocolors";

/** The library takes any FORCE_COLOR for a yes, also one that says no. */
const isOff = /^(0|false|no|off)$/i.test(process.env.FORCE_COLOR ?? "");

/** By NO_COLOR, FORCE_COLOR, TERM and whether a person looks on. */
export const hasColours = pc.isColorSupported && !isOff;

export const colours = pc.createColors(hasColours);
