import {
  type AccountKey,
  type Chain,
  type DeviceKey,
  type EntryId,
  HISTORY_CHANGES_PENDING_MAX,
  HISTORY_PAGE_MAX,
  type MessageId,
  type Outcome,
  type RoomId,
  SEARCH_CHARS_MAX,
  SEARCH_RESULTS_MAX,
  fail,
  succeed,
} from "@papo/protocol";
import type {
  History,
  HistoryChange,
  HistoryReader,
  HistorySearch,
  PrivateReference,
  SearchResult,
} from "../history.ts";
import { wantedBy } from "../search-words.ts";
import { MemoryTables } from "./memory-tables.ts";

type Commit = readonly HistoryChange[];
type Waiting = { readonly changes: Commit; readonly resolve: (outcome: Outcome<void>) => void };
type Arguments<K extends keyof HistoryReader> = Parameters<HistoryReader[K]>;

export type MemoryHistoryOptions = {
  /**
   * Told once when commits begin to wait: they become durable, all that wait by then together, when it calls back. At the end of the turn unless
   * told otherwise.
   */
  readonly sync?: (flush: () => void) => void;
  /** A disk that takes nothing: true makes this commit fail and change nothing. */
  readonly fails?: (changes: readonly HistoryChange[]) => boolean;
};

/**
 * A history without a disk, for simulations: what is durable, and when, is in the hands of the test. Where the process ends, `crash` gives what
 * the disk then holds.
 */
export class MemoryHistory implements History {
  readonly #options: MemoryHistoryOptions;
  readonly #tables = new MemoryTables();
  readonly #durable: Commit[] = [];
  #waiting: Waiting[] = [];
  #ended: "open" | "closed" | "crashed" = "open";

  constructor(options: MemoryHistoryOptions = {}, durable: readonly (readonly HistoryChange[])[] = []) {
    this.#options = options;
    for (const changes of durable) this.#write(changes);
  }

  /** Commits that are durable. */
  get durable(): number {
    return this.#durable.length;
  }

  /** What is durable, in order: another history may begin with it. */
  get commits(): readonly (readonly HistoryChange[])[] {
    return this.#durable;
  }

  /** Commits that a crash may still undo. */
  get waiting(): number {
    return this.#waiting.length;
  }

  commit(changes: readonly HistoryChange[]): Promise<Outcome<void>> {
    if (this.#ended === "closed") return Promise.resolve(fail("storage_failed", "the history is closed"));
    const pending = this.#waiting.reduce((sum, waiting) => sum + waiting.changes.length, 0);
    if (pending > 0 && pending + changes.length > HISTORY_CHANGES_PENDING_MAX) {
      return Promise.resolve(fail("storage_failed", "too much waits for the disk"));
    }
    return new Promise((resolve) => {
      // Nobody hears any more from a process that has ended.
      if (this.#ended === "crashed") return;
      const sync = this.#options.sync ?? queueMicrotask;
      if (this.#waiting.push({ changes, resolve }) === 1) sync(() => this.flush());
    });
  }

  /** What waits becomes durable, in order. */
  flush(): void {
    if (this.#ended === "crashed") return;
    const commits = this.#waiting;
    this.#waiting = [];
    const outcomes = commits.map(({ changes }) => this.#tryToWrite(changes));
    commits.forEach(({ resolve }, at) => resolve(outcomes[at] ?? REFUSED));
  }

  /**
   * The process ends at once. The disk holds what was durable and the first `kept` of the commits that waited: synced, but their authors never heard
   * of it. Gives the history of the next start.
   */
  crash(kept = 0, options: MemoryHistoryOptions = this.#options): MemoryHistory {
    this.#ended = "crashed";
    const survived = this.#waiting.slice(0, kept).map(({ changes }) => changes);
    return new MemoryHistory(options, [...this.#durable, ...survived.filter((changes) => !this.#fails(changes))]);
  }

  close(): Promise<void> {
    this.flush();
    if (this.#ended === "open") this.#ended = "closed";
    return Promise.resolve();
  }

  #tryToWrite(changes: Commit): Outcome<void> {
    if (this.#fails(changes)) return REFUSED;
    this.#write(changes);
    return succeed(undefined);
  }

  #fails(changes: Commit): boolean {
    return this.#options.fails?.(changes) === true;
  }

  #write(changes: Commit): void {
    this.#durable.push(changes);
    this.#tables.apply(changes);
  }

  search({
    text,
    room,
    account,
    offset = 0,
  }: Parameters<HistorySearch["search"]>[0]): Promise<Outcome<readonly SearchResult[]>> {
    const wanted = wantedBy(text.slice(0, SEARCH_CHARS_MAX));
    const found = wanted === undefined ? [] : this.#tables.found(wanted, { room, account });
    return Promise.resolve(succeed(found.slice(offset, offset + SEARCH_RESULTS_MAX)));
  }

  rooms() {
    const rooms = this.#tables.rooms().flatMap(({ record }) => (record === undefined ? [] : [record]));
    return rooms.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  heads(room: RoomId) {
    return this.#tables.room(room).heads();
  }

  control(room: RoomId) {
    return this.#tables.room(room).control();
  }

  entry(room: RoomId, id: EntryId) {
    return this.#tables.room(room).entry(id);
  }

  entryAt(room: RoomId, author: DeviceKey, chain: Chain, seq: number) {
    return this.#tables.room(room).entryAt(author, chain, seq);
  }

  range(...[room, author, chain, from, limit]: Arguments<"range">) {
    return this.#tables.room(room).range(author, chain, { from, limit });
  }

  effectiveOf(room: RoomId, id: EntryId) {
    return this.entry(room, id)?.effective;
  }

  dependents(room: RoomId, missing: EntryId) {
    return this.#tables.room(room).dependents(missing);
  }

  missing(room: RoomId, limit: number) {
    return this.#tables.room(room).missing(limit);
  }

  lines(...[room, { before, after, limit }]: Arguments<"lines">) {
    const kept = this.#tables.room(room);
    const rows = Math.min(limit, HISTORY_PAGE_MAX + 1);
    return after === undefined ? kept.linesBefore(before, rows) : kept.linesAfter(after, rows);
  }

  about(...[room, targets, only]: Arguments<"about">) {
    return this.#tables.room(room).about(targets, only);
  }

  unread(room: RoomId, own: readonly DeviceKey[] = []) {
    return this.#tables.room(room).unread(own);
  }

  arrival(room: RoomId) {
    return this.#tables.room(room).arrival();
  }

  bodyBytes(room: RoomId, author: DeviceKey) {
    return this.#tables.room(room).bodyBytes(author);
  }

  receipts(room: RoomId) {
    return this.#tables.room(room).receipts();
  }

  chats() {
    const chats = this.#tables.chats().flatMap(({ record }) => (record === undefined ? [] : [record]));
    return chats.sort((one, other) => (one.account < other.account ? -1 : 1));
  }

  privateLines(...[account, { before, after, limit }]: Arguments<"privateLines">) {
    const chat = this.#tables.chat(account);
    const rows = Math.min(limit, HISTORY_PAGE_MAX + 1);
    return after === undefined ? chat.linesBefore(before, rows) : chat.linesAfter(after, rows);
  }

  privateMessage(account: AccountKey, device: DeviceKey, id: MessageId) {
    return this.#tables.chat(account).message(device, id);
  }

  privateById(account: AccountKey, id: MessageId) {
    return this.#tables.chat(account).byId(id);
  }

  privateChain(...[account, device, from, limit]: Arguments<"privateChain">) {
    return this.#tables.chat(account).chain(device, from, limit);
  }

  privateSuperseding(account: AccountKey, superseded: PrivateReference) {
    return this.#tables.chat(account).superseding(superseded);
  }

  privateHeads(account: AccountKey) {
    return this.#tables.chat(account).heads();
  }

  unreadPrivate(account: AccountKey) {
    return this.#tables.chat(account).unread();
  }

  progress(account: AccountKey) {
    return this.#tables.chat(account).progress();
  }

  setting(name: string) {
    return this.#tables.settings.get(name);
  }
}

const REFUSED = fail("storage_failed", "the history cannot be written");
