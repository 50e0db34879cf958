export { type AttachedProvider, attachProvider } from "./attach";
export { installProvider, type ProviderRelease } from "./install";
