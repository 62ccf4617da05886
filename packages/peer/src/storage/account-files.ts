import { rm } from "node:fs/promises";
import { type FileOutcome, renameDurably, writePrivateFile } from "@papo/link";

/** What changes the files of an account. Tests put one in its place that stops at any step, as a crash does. */
export interface AccountFiles {
  /** The whole file or the old one; on disk when it resolves. */
  write(path: string, content: string): Promise<FileOutcome<void>>;
  /** Gives a folder its name for good. Throws what the file system says. */
  rename(from: string, to: string): Promise<void>;
  /** A file, or a folder with all that is in it; nothing if there is none. Throws what the file system says. */
  remove(path: string): Promise<void>;
}

export const DISK: AccountFiles = {
  write: writePrivateFile,
  rename: renameDurably,
  remove: (path) => rm(path, { recursive: true, force: true }),
};
