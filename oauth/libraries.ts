/** Loaded with the first token that is asked for or verified: before that, a command has said what it is about. */
export const jose = () => require("jose") as typeof import("jose");
export const oauth = () => require("oauth4webapi") as typeof import("oauth4webapi");
