import { constants, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { newDatabase, removeDatabase } from "./new-database.ts";
import { type HistoryPaths, damagedPath, sizeOf, syncFile, syncFolder } from "./paths.ts";
import { salvage } from "./salvage.ts";

/** A damaged history was set aside as `file`; what could be read of it is in the new one. */
export type Rescue = { readonly file: string; readonly rows: number; readonly lost: number };

/**
 * Sets the damaged file aside under a name of its own, as a copy, and reads what can be read into a new one that then takes its place. A mark
 * names the copy meanwhile, so that a crash at any point leads here again and never to an empty history.
 */
export function rescue(paths: HistoryPaths): Rescue {
  const file = asideBefore(paths) ?? setAside(paths);
  writeFileSync(paths.mark, basename(file), { mode: 0o600, flush: true });

  copyWithLog(file, paths.working);
  const fresh = newDatabase(paths.unfinished);
  let found: { readonly rows: number; readonly lost: number };
  try {
    found = salvage(paths.working, fresh);
  } finally {
    fresh.close();
    removeDatabase(paths.working);
  }
  syncFile(paths.unfinished);

  // A log left by the old file would be taken for the new one's.
  for (const log of [`${paths.database}-wal`, `${paths.database}-shm`]) rmSync(log, { force: true });
  renameSync(paths.unfinished, paths.database);
  rmSync(paths.mark);
  syncFolder(paths.folder);
  return { file, ...found };
}

/** The copy that an earlier attempt has made. */
function asideBefore({ folder, mark }: HistoryPaths): string | undefined {
  if ((sizeOf(mark) ?? 0) === 0) return undefined;
  const file = join(folder, basename(readFileSync(mark, "utf8")));
  return sizeOf(file) === undefined ? undefined : file;
}

function setAside({ folder, database }: HistoryPaths): string {
  let n = 1;
  while (sizeOf(damagedPath(folder, n)) !== undefined) n += 1;
  const file = damagedPath(folder, n);
  // Only its log may be left of it.
  if (sizeOf(database) === undefined) writeFileSync(database, "", { mode: 0o600 });
  copyWithLog(database, file);
  syncFolder(folder);
  return file;
}

function copyWithLog(from: string, to: string): void {
  removeDatabase(to);
  // Where the file system can, a copy that shares its blocks with the original.
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  syncFile(to);
  if ((sizeOf(`${from}-wal`) ?? 0) === 0) return;
  copyFileSync(`${from}-wal`, `${to}-wal`, constants.COPYFILE_FICLONE);
  syncFile(`${to}-wal`);
}
