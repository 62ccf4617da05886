import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { errorCodeOf } from "../directory-lock.ts";
import { StoreRefused } from "../opened-store.ts";
import { damaged, inspect } from "./inspect.ts";
import { createSchema, migrate } from "./migrate.ts";

/** The store's one file; SQLite puts `-wal` and `-shm` beside it. */
function databasePath(directory: string): string {
  return join(directory, "tracker.db");
}

/** Opens the file for its one writer: made if missing, brought to our schema, and looked at from end to end. Throws `StoreRefused`. */
export function openForWriting(directory: string): DatabaseSync {
  const path = databasePath(directory);
  return refusing(path, () => {
    if (sizeOf(path) === undefined) create(path);
    // An empty file is what a lost one looks like: SQLite would take it for a new database. Ours are born whole.
    if (sizeOf(path) === 0) throw damaged(path);
    chmodSync(path, 0o600);
    return openAndCheck(path);
  });
}

/** A connection that only reads. The writer has the file open already. */
export function openForReading(directory: string): DatabaseSync {
  return new DatabaseSync(databasePath(directory), { readOnly: true, timeout: 1_000 });
}

function openAndCheck(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 1_000 });
  try {
    migrate(db, path);
    // FULL, not NORMAL: a commit that was answered must be on disk. The last two matter on macOS only.
    db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1",
    );
    inspect(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Made under another name and moved into place when it is whole, so that a crash leaves either nothing or all of it. */
function create(path: string): void {
  if ((sizeOf(`${path}-wal`) ?? 0) > 0) {
    throw new StoreRefused({
      problem: "damaged",
      path,
      detail: "it is gone but its -wal file is here; put it back beside it, or move the -wal file away",
    });
  }
  const unfinished = `${path}.new`;
  rmSync(unfinished, { force: true });
  closeSync(openSync(unfinished, "wx", 0o600));
  const db = new DatabaseSync(unfinished);
  try {
    createSchema(db);
  } finally {
    db.close();
  }
  renameSync(unfinished, path);
  syncDirectory(dirname(path));
}

/** Makes a rename last. Windows cannot open a folder, and does not need it. */
function syncDirectory(directory: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** SQLite's codes for a file or disk that may not be written now; every other one means that the content is wrong. */
const BUSY = 5;
const UNWRITABLE: readonly number[] = [8, 10, 13, 14];

function refusing<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof StoreRefused) throw error;
    const code = errorCodeOf(error);
    if (code === BUSY)
      throw new StoreRefused({ problem: "in_use", path, detail: "another program has it open; close that one first" });
    if (code === 0 || UNWRITABLE.includes(code)) {
      throw new StoreRefused({
        problem: "unwritable",
        path,
        detail: "it cannot be opened for writing; look at its owner, its mode and the free space",
      });
    }
    throw damaged(path);
  }
}
