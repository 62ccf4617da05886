import type { Repositories } from "../../repositories/repositories.ts";
import { StoreFailure } from "../../repositories/store-failure.ts";
import { repositoriesOver } from "../engine.ts";
import { perform } from "../tables.ts";
import { MemoryTables } from "./memory-tables.ts";

/** A store that lives as long as the process: for tests and for a tracker that shall keep nothing. */
export function openMemoryStore(): Repositories {
  const tables = new MemoryTables();
  let isClosed = false;
  const open = () => {
    if (isClosed) throw new StoreFailure("the store is closed");
    return tables;
  };
  return repositoriesOver({
    write: async (call) => perform(open(), call),
    read: async (ask) => ask(open()),
    search: async (page) => open().rooms.list(page),
    check: async () => {
      open();
    },
    close: async () => {
      isClosed = true;
    },
  });
}
