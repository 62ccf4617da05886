import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Cell, summed } from "./sums.ts";
import { MARKS, insertInto } from "./tables.ts";

/** The small numbers that stand for rooms, devices and chats inside the file, and the counter of arrivals. */
export class Keys {
  readonly #rooms: Names;
  readonly #devices: Names;
  readonly #chats: Names;
  readonly #readArrival: StatementSync;
  readonly #putMark: StatementSync;
  #arrival: number;
  #writtenArrival: number;

  constructor(db: DatabaseSync) {
    this.#rooms = new Names(db, "room", "id");
    this.#devices = new Names(db, "device", "id");
    this.#chats = new Names(db, "chat", "account");
    this.#readArrival = db.prepare(`SELECT value FROM mark WHERE name = '${MARKS.arrival}'`);
    this.#putMark = db.prepare(insertInto("mark", "INSERT OR REPLACE"));
    this.#arrival = this.#writtenArrival = this.#kept();
  }

  #kept(): number {
    return Number(this.#readArrival.get()?.["value"] ?? 0);
  }

  room(id: string): number {
    return this.#rooms.of(id);
  }

  device(id: string): number {
    return this.#devices.of(id);
  }

  chat(account: string): number {
    return this.#chats.of(account);
  }

  putRoom(id: string, record: string): void {
    this.#rooms.put(id, record);
  }

  putChat(account: string, record: string): void {
    this.#chats.put(account, record);
  }

  /** The row stays without its name until its entries are gone. */
  forgetRoom(id: string): void {
    this.#rooms.unname(id);
  }

  nextArrival(): number {
    return ++this.#arrival;
  }

  finish(): void {
    if (this.#arrival === this.#writtenArrival) return;
    this.#putMark.run(...summed([MARKS.arrival, this.#arrival]));
    this.#writtenArrival = this.#arrival;
  }

  forget(): void {
    for (const names of [this.#rooms, this.#devices, this.#chats]) names.forget();
    this.#arrival = this.#writtenArrival = this.#kept();
  }
}

/** One table of names and their numbers. */
class Names {
  readonly #hasRecord: boolean;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #replace: StatementSync;
  readonly #next: StatementSync;
  readonly #keyByName = new Map<string, number>();

  constructor(db: DatabaseSync, table: "room" | "device" | "chat", column: "id" | "account") {
    this.#hasRecord = table !== "device";
    this.#find = db.prepare(`SELECT key FROM ${table} WHERE ${column} = ?`);
    this.#insert = db.prepare(insertInto(table));
    this.#replace = db.prepare(insertInto(table, "INSERT OR REPLACE"));
    this.#next = db.prepare(`SELECT coalesce(max(key), 0) + 1 AS next FROM ${table}`);
  }

  of(name: string): number {
    const known = this.#keyByName.get(name) ?? this.#kept(name);
    if (known !== undefined) return known;
    const key = Number(this.#next.get()?.["next"]);
    this.#insert.run(...this.#row(key, name, null));
    this.#keyByName.set(name, key);
    return key;
  }

  #kept(name: string): number | undefined {
    const row = this.#find.get(name);
    if (row === undefined) return undefined;
    const key = Number(row["key"]);
    this.#keyByName.set(name, key);
    return key;
  }

  put(name: string, record: string): void {
    this.#replace.run(...this.#row(this.of(name), name, record));
  }

  unname(name: string): void {
    const key = this.#keyByName.get(name) ?? this.#kept(name);
    if (key === undefined) return;
    this.#replace.run(...this.#row(key, null, null));
    this.#keyByName.delete(name);
  }

  #row(key: number, name: string | null, record: string | null): Cell[] {
    return summed(this.#hasRecord ? [key, name, record] : [key, name]);
  }

  forget(): void {
    this.#keyByName.clear();
  }
}
