import { ROOMS_JOINED_MAX, ROOMS_OWNED_MAX, type Username } from "@papo/protocol";
import type { DatabaseSync } from "node:sqlite";
import type { RoomPage, StoredRoom } from "../../repositories/room-repository.ts";
import { StoreFailure } from "../../repositories/store-failure.ts";
import type { Repositories } from "../../repositories/repositories.ts";
import { type DirectoryLock, lockDirectory } from "../directory-lock.ts";
import { repositoriesOver } from "../engine.ts";
import { type OpenedStore, refusalAsValue } from "../opened-store.ts";
import { prepareDirectory } from "../store-directory.ts";
import { openForReading } from "./database.ts";
import { SqliteFailed, failedBy } from "./sqlite-failure.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { Writer } from "./writer.ts";

/**
 * The default store: one file `tracker.db` in `directory`, which is made (0700) if only it is missing. Writes go to a thread that
 * commits them in groups and are answered when they are durable; reads are index look-ups on this thread and see what is committed.
 */
export function openSqliteStore({ directory }: { readonly directory: string }): Promise<OpenedStore> {
  return refusalAsValue(async () => {
    await prepareDirectory(directory);
    const lock = lockDirectory(directory);
    try {
      return { ok: true, repositories: await assemble(directory, lock), warnings: [] };
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

const LIMITS = { ownedMax: ROOMS_OWNED_MAX, joinedMax: ROOMS_JOINED_MAX };

async function assemble(directory: string, lock: DirectoryLock): Promise<Repositories> {
  const writer = await Writer.start(directory, LIMITS);
  const db = await readerBeside(writer, directory);
  const tables = new SqliteTables(db, LIMITS);
  const close = async () => {
    // First the reader: the last connection to close tidies the log away, and only the writer may.
    if (db.isOpen) db.close();
    await writer.close();
    lock.release();
  };
  const read = async <T>(ask: (tables: SqliteTables) => T): Promise<T> => {
    if (!db.isOpen) throw new StoreFailure("the store is closed");
    try {
      return ask(tables);
    } catch (error) {
      throw new StoreFailure("the store cannot be read", new SqliteFailed(failedBy(error)));
    }
  };
  const check = async () => {
    await writer.check();
    await read(({ users }) => users.find(NOBODY));
  };
  const search = oneAtATime(
    async (page: RoomPage) =>
      (await writer.call({ table: "rooms", method: "list", args: [page] })) as readonly StoredRoom[],
  );
  return repositoriesOver({ write: (call) => writer.call(call), read, search, check, close });
}

/** Whoever searches waits for other searches; whoever writes waits for one at most. Each session has one request under way. */
function oneAtATime<A, T>(task: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (argument) => {
    const mine = last.then(() => task(argument));
    last = mine.catch(() => {});
    return mine;
  };
}

/** Looked up to see whether the file answers. */
const NOBODY = "" as Username;

async function readerBeside(writer: Writer, directory: string): Promise<DatabaseSync> {
  try {
    return openForReading(directory);
  } catch (error) {
    await writer.close();
    throw error;
  }
}
