import { chmodSync, renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { isWhole } from "./inspect.ts";
import { isLogWhole } from "./log-check.ts";
import { isNewer, migrate } from "./migrate.ts";
import { newDatabase } from "./new-database.ts";
import { type HistoryPaths, sizeOf, syncFolder } from "./paths.ts";
import { HistoryRefused } from "./refused.ts";
import { type Rescue, rescue } from "./rescue.ts";
import { BUSY, codeOf, isDamage } from "./sqlite-failure.ts";

export type OpenedDatabase = { readonly db: DatabaseSync; readonly rescued: Rescue | undefined };

/** Pages of the log after which they are moved into the file: 16 MiB. */
const CHECKPOINT_PAGES = 4_096;
const LOCK_TIMEOUT_MS = 1_000;

/**
 * Opens the file for its one writer: made if there is none, brought to our schema, looked at from end to end when it is small or when
 * something in it could not be read before. A damaged one is set aside, and what can be read of it takes its place. Throws
 * `HistoryRefused`.
 */
export function openForWriting(paths: HistoryPaths, wholeBytesMax: number): OpenedDatabase {
  return refusing(paths, () => {
    const isMarked = sizeOf(paths.mark) !== undefined;
    const log = `${paths.database}-wal`;
    const hasLog = (sizeOf(log) ?? 0) > 0;
    if (sizeOf(paths.database) === undefined && !isMarked && !hasLog) {
      create(paths);
      return { db: openSound(paths, 0) ?? rejectNew(paths), rescued: undefined };
    }
    if ((sizeOf(paths.database) ?? 0) > 0 && isNewer(paths.database)) throw newer(paths);
    const isDamaged = isMarked || (hasLog && !isLogWhole(log));
    const db = isDamaged ? undefined : openSound(paths, wholeBytesMax);
    if (db !== undefined) return { db, rescued: undefined };
    const rescued = rescue(paths);
    return { db: openSound(paths, 0) ?? rejectNew(paths), rescued };
  });
}

/** A connection that only reads. The writer has the file open already. */
export function openForReading(paths: HistoryPaths): DatabaseSync {
  return new DatabaseSync(paths.database, { readOnly: true, timeout: LOCK_TIMEOUT_MS });
}

/** Undefined when the file is not what it should be. */
function openSound(paths: HistoryPaths, wholeBytesMax: number): DatabaseSync | undefined {
  const size = sizeOf(paths.database) ?? 0;
  // An empty file is what a lost one looks like: SQLite would take it for a new database. Ours are born whole.
  if (size === 0) return undefined;
  let db: DatabaseSync | undefined;
  try {
    chmodSync(paths.database, 0o600);
    db = new DatabaseSync(paths.database, { timeout: LOCK_TIMEOUT_MS });
    if (migrate(db) && (size > wholeBytesMax || isWhole(db))) {
      configure(db);
      return db;
    }
  } catch (error) {
    if (db?.isOpen === true) db.close();
    if (!isDamage(error) && !isNonsense(error)) throw error;
  }
  if (db?.isOpen === true) db.close();
  return undefined;
}

/** SQLITE_ERROR: what it read as a schema makes no sense. */
function isNonsense(error: unknown): boolean {
  return codeOf(error) === 1;
}

function configure(db: DatabaseSync): void {
  // FULL, not NORMAL: a commit that was answered must be on disk. The syncs named last matter on macOS only.
  db.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1;
    PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA cache_size = -16384;`);
}

/** Made under another name and moved into place when it is whole, so that a crash leaves either nothing or all of it. */
function create({ folder, database, unfinished }: HistoryPaths): void {
  newDatabase(unfinished).close();
  renameSync(unfinished, database);
  syncFolder(folder);
}

function newer({ database }: HistoryPaths): HistoryRefused {
  return new HistoryRefused({
    code: "unsupported",
    detail: `${database}: a newer Papo has written it; update this one. Nothing was changed`,
  });
}

function rejectNew({ database }: HistoryPaths): never {
  throw new HistoryRefused({ code: "storage_failed", detail: `${database}: what was just written cannot be read` });
}

function refusing<T>({ database }: HistoryPaths, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof HistoryRefused) throw error;
    const reason =
      codeOf(error) === BUSY
        ? "another program has it open; close that one first"
        : "it cannot be opened for writing; look at its owner, its mode and the free space";
    throw new HistoryRefused({ code: "storage_failed", detail: `${database}: ${reason}` });
  }
}
