import type { Clock } from "@papo/link";
import { repositoriesOver } from "../engine.ts";
import { lockDirectory } from "../directory-lock.ts";
import { dumpOf } from "../memory/dump.ts";
import { type OpenedStore, refusalAsValue } from "../opened-store.ts";
import { prepareDirectory } from "../store-directory.ts";
import { JsonDisk } from "./json-disk.ts";
import { JsonEngine } from "./json-engine.ts";
import { removeUnfinished, unwritable } from "./json-files.ts";
import { load } from "./load.ts";

/**
 * The report's three files in `directory`, in its shapes, and `papo_db.json` with what the report has no place for. Everything is in
 * memory and every change writes whole files: for small trackers, and for those who want to read what is stored.
 */
export function openJsonStore(options: { readonly directory: string; readonly clock: Clock }): Promise<OpenedStore> {
  return refusalAsValue(async () => {
    await prepareDirectory(options.directory);
    const lock = lockDirectory(options.directory);
    try {
      return await openLocked(options, () => lock.release());
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

async function openLocked(
  { directory, clock }: { readonly directory: string; readonly clock: Clock },
  release: () => void,
): Promise<OpenedStore> {
  await removeUnfinished(directory);
  const { tables, onDisk, warnings } = await load(directory, clock);
  const disk = new JsonDisk(directory, onDisk);
  try {
    await disk.save(dumpOf(tables));
  } catch (error) {
    throw unwritable(directory, error);
  }
  return { ok: true, repositories: repositoriesOver(new JsonEngine(tables, disk, release)), warnings };
}
