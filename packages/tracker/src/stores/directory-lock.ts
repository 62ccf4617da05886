import { DatabaseSync } from "node:sqlite";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { StoreRefused } from "./opened-store.ts";

/** Held while a process has the store open. */
export interface DirectoryLock {
  /** Idempotent. */
  release(): void;
}

const BUSY = 5;

/**
 * One process at a time in one folder. The lock is SQLite's exclusive one on an empty file: the system lets go of it however the
 * process ends, `kill -9` included, and it works alike on every platform. Nothing is ever written to the file.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const path = join(directory, "tracker.lock");
  try {
    // SQLite would make it readable for others.
    closeSync(openSync(path, "a", 0o600));
    const holder = new DatabaseSync(path, { timeout: 0 });
    hold(holder);
    return { release: () => holder.isOpen && holder.close() };
  } catch (error) {
    throw errorCodeOf(error) === BUSY
      ? new StoreRefused({
          problem: "in_use",
          path: directory,
          detail: "another tracker has it open; stop that one first",
        })
      : new StoreRefused({ problem: "unwritable", path, detail: "it cannot be opened for writing" });
  }
}

function hold(holder: DatabaseSync): void {
  try {
    holder.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    holder.close();
    throw error;
  }
}

/** SQLite's primary result code (https://www.sqlite.org/rescode.html), or 0 for any other error. */
export function errorCodeOf(error: unknown): number {
  const hasCode = error instanceof Error && "errcode" in error && typeof error.errcode === "number";
  return hasCode ? Number(error.errcode) & 0xff : 0;
}
