import type { RoomPage, StoredRoom } from "../../repositories/room-repository.ts";
import { StoreFailure } from "../../repositories/store-failure.ts";
import type { Engine } from "../engine.ts";
import { type Dump, dumpOf, tablesOf } from "../memory/dump.ts";
import type { MemoryTables } from "../memory/memory-tables.ts";
import { perform, type Tables, type TableCall } from "../tables.ts";
import type { JsonDisk } from "./json-disk.ts";

type Waiting = { readonly resolve: () => void; readonly reject: (failure: StoreFailure) => void };

/**
 * Steps change the tables in memory at once and are answered when the files hold them. What is asked while the files are being
 * written shares the next writing. If our file cannot be written, the tables go back to what is on disk and all who waited are told.
 */
export class JsonEngine implements Engine {
  readonly #disk: JsonDisk;
  readonly #release: () => void;
  #tables: MemoryTables;
  #durable: Dump;
  #waiting: Waiting[] = [];
  #saving: Promise<void> | undefined;
  /** The last time that our file was written, it was not. */
  #hasFailed = false;
  #isClosed = false;

  constructor(tables: MemoryTables, disk: JsonDisk, release: () => void) {
    this.#tables = tables;
    this.#durable = dumpOf(tables);
    this.#disk = disk;
    this.#release = release;
  }

  async write(call: TableCall): Promise<unknown> {
    this.#open();
    const answer = perform(this.#tables, call);
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#saving ??= this.#saveAll();
    });
    return answer;
  }

  async read<T>(ask: (tables: Tables) => T): Promise<T> {
    return ask(this.#open());
  }

  search(page: RoomPage): Promise<readonly StoredRoom[]> {
    return this.read(({ rooms }) => rooms.list(page));
  }

  async check(): Promise<void> {
    this.#open();
    if (this.#hasFailed) await this.write({ table: "all", method: "touch", args: [] });
    if (this.#disk.failure !== undefined) throw new StoreFailure("a file is behind", this.#disk.failure);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#saving;
    this.#release();
  }

  #open(): MemoryTables {
    if (this.#isClosed) throw new StoreFailure("the store is closed");
    return this.#tables;
  }

  async #saveAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Those who ask in this turn of the loop share this writing.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#saveOnce();
    }
    this.#saving = undefined;
  }

  async #saveOnce(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const dump = dumpOf(this.#tables);
    try {
      await this.#disk.save(dump);
      this.#durable = dump;
      this.#hasFailed = false;
      for (const each of waiting) each.resolve();
    } catch (error) {
      this.#hasFailed = true;
      this.#tables = tablesOf(this.#durable);
      const failure = new StoreFailure("the files cannot be written", error);
      for (const each of [...waiting, ...this.#waiting]) each.reject(failure);
      this.#waiting = [];
    }
  }
}
