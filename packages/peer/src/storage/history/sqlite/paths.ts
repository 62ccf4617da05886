import { closeSync, fsyncSync, openSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files of one account's history. SQLite puts `-wal` and `-shm` beside the first. */
export type HistoryPaths = {
  readonly folder: string;
  readonly database: string;
  /** One that is being made; it gets its name when it is whole. */
  readonly unfinished: string;
  /** Something in the database could not be read: the next start looks at all of it. Names the copy that was set aside, once there is one. */
  readonly mark: string;
  /** What a damaged file is read from. */
  readonly working: string;
};

export function pathsOf(folder: string): HistoryPaths {
  return {
    folder,
    database: join(folder, "history.db"),
    unfinished: join(folder, "history.db.new"),
    mark: join(folder, "history.db.damaged"),
    working: join(folder, "history.db.read"),
  };
}

export function damagedPath(folder: string, n: number): string {
  return join(folder, `history.damaged-${n}.db`);
}

/** Undefined when there is none. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

export function syncFile(path: string): void {
  const handle = openSync(path, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes a rename last. Windows cannot open a folder, and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
