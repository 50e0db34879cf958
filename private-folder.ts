import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { Failure } from "./errors";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** What is to be a folder of ours is somebody else's, or leads elsewhere. */
class FolderError extends Failure {
  readonly code = "invalid-input";
}

/** The system does not let a file or folder be used. */
class FileError extends Failure {
  readonly code = "file-system";
}

/**
 * Does something in a folder that nobody else can read or write: one that is made now, or one of ours, which is closed to others.
 * @param remedy what to do where it is not ours
 * @param work gets a path to the folder, which on Linux stays with it, whatever takes its name meanwhile
 * @throws FolderError when it is a link, or belongs to another user; FileError when the system refuses
 */
export function inPrivateFolder<T>(path: string, remedy: string, work: (folder: string) => T): T {
  withFileErrors(path, () => mkdirUnlessThere(path));
  return inFolder(path, remedy, (folder, fd) => {
    const status = fstatSync(fd);
    if (!isOwn(status)) throw notOurs(path, remedy);
    if (isOpen(status)) fchmodSync(fd, 0o700);
    return work(folder);
  });
}

/**
 * The same in a folder that is there, and may be open to others.
 * @throws FolderError when it is a link or no folder; FileError when the system refuses
 */
export function inFolder<T>(path: string, remedy: string, work: (folder: string, fd: number) => T): T {
  return withFileErrors(path, () => {
    const fd = openUnlessLink(path, O_DIRECTORY);
    if (fd === undefined) throw notOurs(path, remedy);
    try {
      return work(pinned(fd, path), fd);
    } finally {
      closeSync(fd);
    }
  });
}

function notOurs(path: string, remedy: string): FolderError {
  return new FolderError(`${path} is a link, no folder, or belongs to another user: ${remedy}`);
}

/** Closes a folder of ours to others; what is not there, a link, or somebody else's is left as it is. */
export function closeFolder(path: string): void {
  withFileErrors(path, () => {
    const fd = openUnlessLink(path, O_DIRECTORY);
    if (fd === undefined) return;
    try {
      const status = fstatSync(fd);
      if (isOwn(status) && isOpen(status)) fchmodSync(fd, 0o700);
    } finally {
      closeSync(fd);
    }
  });
}

/** Writes a file for its owner alone, whole or not at all, in the place of what has its name: a link is not followed. */
export function writePrivateFile(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}`;
  if (!writeNewPrivateFile(temporary, text))
    throw new FileError(`cannot use ${basename(path)}: another file is in the way`);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The same where nothing may have the name. @returns false when something has it */
export function writeNewPrivateFile(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    rmSync(path, { force: true });
    throw error;
  }
}

/**
 * The text of a file that only we can have written, in a folder of the same kind; undefined when there is none: what others may have put there is
 * not believed.
 */
export function readPrivateFile(folder: string, name: string): string | undefined {
  return withFileErrors(join(folder, name), () =>
    ifPrivate(folder, O_DIRECTORY, (fd) =>
      // Does not wait for whoever writes to a pipe.
      ifPrivate(join(pinned(fd, folder), name), O_NONBLOCK, (file) =>
        fstatSync(file).isFile() ? readFileSync(file, "utf8") : undefined,
      ),
    ),
  );
}

function ifPrivate<T>(path: string, flags: number, read: (fd: number) => T): T | undefined {
  const fd = openUnlessLink(path, flags);
  if (fd === undefined) return undefined;
  try {
    const status = fstatSync(fd);
    return isOwn(status) && !isOpen(status) ? read(fd) : undefined;
  } finally {
    closeSync(fd);
  }
}

/** undefined when there is nothing, or a link, or a file in the place of a folder. */
function openUnlessLink(path: string, flags: number): number | undefined {
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | flags);
  } catch (error) {
    if (/^(ENOENT|ELOOP|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/**
 * Does something with files.
 * @param path named in the error
 * @throws FileError in place of the system's error
 */
export function withFileErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    // Without the path behind it, which may be a temporary one.
    const reason = code === "ERR_FS_EISDIR" ? "EISDIR: there is a folder of this name" : message.split(", ")[0];
    throw new FileError(`cannot use ${path}: ${reason}`);
  }
}

/** A path that leads to the folder that is open, not to what has its name by then; where the system has none, the name. */
function pinned(fd: number, path: string): string {
  const link = `/proc/self/fd/${fd}`;
  return existsSync(link) ? link : path;
}

function mkdirUnlessThere(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function isOwn({ uid }: Stats): boolean {
  return uid === process.getuid?.();
}

function isOpen({ mode }: Stats): boolean {
  return (mode & 0o077) !== 0;
}
