import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { Failure } from "./errors";

/** What is to be a folder of ours is somebody else's, or leads elsewhere. */
class PrivateFolderError extends Failure {
  readonly code = "invalid-input";
}

/**
 * Makes a folder that nobody else can read or write, or closes to others one that is ours.
 * @param remedy what to do where it is not ours
 * @throws PrivateFolderError when it is a link, or belongs to another user
 */
export function makePrivateFolder(path: string, remedy = "remove it"): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (!isOwnFolder(path)) {
    throw new PrivateFolderError(`${path} is a link, no folder, or belongs to another user: ${remedy}`);
  }
  if (!isPrivate(path)) chmodSync(path, 0o700);
}

function isOwnFolder(path: string): boolean {
  return isOwn(path) && lstatSync(path).isDirectory();
}

/** Whether it is there by our own doing: not a link, and of this user, where the system has users. */
function isOwn(path: string): boolean {
  const status = lstatSync(path);
  return !status.isSymbolicLink() && (process.getuid === undefined || status.uid === process.getuid());
}

/** Whether it is our own, and nobody else may read or write it. */
export function isPrivate(path: string): boolean {
  return isOwn(path) && (process.platform === "win32" || (lstatSync(path).mode & 0o077) === 0);
}
