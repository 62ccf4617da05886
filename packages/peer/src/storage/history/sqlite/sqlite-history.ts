import { type Chain, type DeviceKey, type EntryId, HISTORY_PAGE_MAX, type RoomId } from "@papo/protocol";
import type { DatabaseSync } from "node:sqlite";
import type { History, HistoryChange, HistoryReader, HistorySearch, HistoryWriter } from "../history.ts";
import { PrivateReader } from "./private-reader.ts";
import { Reading } from "./reading.ts";
import { RoomReader } from "./room-reader.ts";

type Closable = { close(): Promise<void> };
/** What writes, what searches, and who is told when something cannot be read. */
export type HistoryParts = {
  readonly writer: HistoryWriter & Closable;
  readonly searcher: HistorySearch & Closable;
  readonly onDamage: () => void;
};
type Arguments<K extends keyof HistoryReader> = Parameters<HistoryReader[K]>;

/** One account's history in its file: read here, written and searched in threads of their own. */
export class SqliteHistory implements History {
  readonly #db: DatabaseSync;
  readonly #writer: HistoryParts["writer"];
  readonly #searcher: HistoryParts["searcher"];
  readonly #rooms: RoomReader;
  readonly #private: PrivateReader;

  constructor(db: DatabaseSync, { writer, searcher, onDamage }: HistoryParts) {
    this.#db = db;
    this.#writer = writer;
    this.#searcher = searcher;
    const reading = new Reading(db, onDamage);
    this.#rooms = new RoomReader(reading);
    this.#private = new PrivateReader(reading);
  }

  commit(changes: readonly HistoryChange[]) {
    return this.#writer.commit(changes);
  }

  search(query: Parameters<HistorySearch["search"]>[0]) {
    return this.#searcher.search(query);
  }

  async close(): Promise<void> {
    await this.#searcher.close();
    // Before the writer: the last connection to close tidies the log away, and only the writer may.
    if (this.#db.isOpen) this.#db.close();
    await this.#writer.close();
  }

  rooms() {
    return this.#rooms.rooms();
  }

  heads(room: RoomId) {
    return this.#rooms.heads(room);
  }

  control(room: RoomId) {
    return this.#rooms.control(room);
  }

  entry(room: RoomId, id: EntryId) {
    return this.#rooms.entry(room, id);
  }

  entryAt(room: RoomId, author: DeviceKey, chain: Chain, seq: number) {
    return this.#rooms.entryAt(room, author, chain, seq);
  }

  range(...[room, author, chain, from, limit]: Arguments<"range">) {
    return this.#rooms.range(room, author, chain, { from, limit });
  }

  effectiveOf(room: RoomId, id: EntryId) {
    return this.#rooms.effectiveOf(room, id);
  }

  dependents(room: RoomId, missing: EntryId) {
    return this.#rooms.dependents(room, missing);
  }

  missing(room: RoomId, limit: number) {
    return this.#rooms.missing(room, limit);
  }

  lines(...[room, { before, after, limit }]: Arguments<"lines">) {
    const rows = Math.min(limit, HISTORY_PAGE_MAX + 1);
    return after === undefined
      ? this.#rooms.linesBefore(room, before, rows)
      : this.#rooms.linesAfter(room, after, rows);
  }

  about(...[room, targets, only]: Arguments<"about">) {
    return this.#rooms.about(room, targets, only);
  }

  unread(...[room, own = []]: Arguments<"unread">) {
    return this.#rooms.unread(room, own);
  }

  arrival(room: RoomId) {
    return this.#rooms.arrival(room);
  }

  bodyBytes(room: RoomId, author: DeviceKey) {
    return this.#rooms.bodyBytes(room, author);
  }

  receipts(room: RoomId) {
    return this.#rooms.receipts(room);
  }

  chats() {
    return this.#private.chats();
  }

  privateLines(...[account, { before, after, limit }]: Arguments<"privateLines">) {
    const rows = Math.min(limit, HISTORY_PAGE_MAX + 1);
    return after === undefined
      ? this.#private.linesBefore(account, before, rows)
      : this.#private.linesAfter(account, after, rows);
  }

  privateMessage(...[account, device, id]: Arguments<"privateMessage">) {
    return this.#private.message(account, device, id);
  }

  privateById(...[account, id]: Arguments<"privateById">) {
    return this.#private.byId(account, id);
  }

  privateHeads(...[account]: Arguments<"privateHeads">) {
    return this.#private.heads(account);
  }

  unreadPrivate(...[account]: Arguments<"unreadPrivate">) {
    return this.#private.unread(account);
  }

  privateChain(...[account, device, from, limit]: Arguments<"privateChain">) {
    return this.#private.chain(account, { device, from, limit });
  }

  privateSuperseding(...[account, superseded]: Arguments<"privateSuperseding">) {
    return this.#private.superseding(account, superseded);
  }

  progress(...[account]: Arguments<"progress">) {
    return this.#private.progress(account);
  }

  setting(name: string) {
    return this.#private.setting(name);
  }
}
