import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredEntry } from "../history.ts";
import type { Keys } from "./keys.ts";
import { roomPlace } from "./places.ts";
import { type Cell, summed } from "./sums.ts";
import { COLUMNS, columnsOf, insertInto } from "./tables.ts";
import { WordIndex } from "./word-index.ts";

const AT = Object.fromEntries(COLUMNS.entry.map((column, index) => [column, index])) as Record<
  (typeof COLUMNS.entry)[number],
  number
>;
type Changes = Partial<Record<(typeof COLUMNS.entry)[number], Cell>>;

/** Characters of an author's key that stand in the index of a room's order; authors who share them are told apart by the whole key. */
export const TIE_CHARS = 8;

/** Chains whose highest number is remembered between commits. */
const CHAINS_REMEMBERED_MAX = 4_096;

/** The only writer of `entry` and `usage`. */
export class EntryTable {
  readonly #keys: Keys;
  readonly #words: WordIndex;
  readonly #insert: StatementSync;
  readonly #replace: StatementSync;
  readonly #atSeq: StatementSync;
  readonly #last: StatementSync;
  readonly #byId: StatementSync;
  readonly #span: StatementSync;
  readonly #byArrival: StatementSync;
  readonly #usage: StatementSync;
  readonly #putUsage: StatementSync;
  /** Bytes that this transaction adds, by room and author. */
  readonly #bytesByPlace = new Map<string, { readonly room: number; readonly author: number; bytes: number }>();

  /** The highest number that is held of a chain. */
  readonly #lastByChain = new Map<string, number>();

  constructor(db: DatabaseSync, keys: Keys) {
    this.#keys = keys;
    this.#words = new WordIndex(db);
    this.#insert = db.prepare(insertInto("entry"));
    this.#replace = db.prepare(insertInto("entry", "INSERT OR REPLACE"));
    this.#atSeq = db.prepare("SELECT id FROM entry WHERE room = ? AND author = ? AND chain = ? AND seq = ?");
    this.#last = db.prepare("SELECT max(seq) AS last FROM entry WHERE room = ? AND author = ? AND chain = ?");
    this.#byId = prepareRows(
      db,
      `SELECT ${columnsOf("entry")} FROM entry WHERE substr(id, 1, 8) = substr(?1, 1, 8) AND id = ?1 AND room = ?2`,
    );
    this.#span = db.prepare(`
      SELECT arrival FROM entry
      WHERE room = ? AND author = ? AND chain = ? AND seq BETWEEN ? AND ? AND is_void <> ?`);
    this.#byArrival = prepareRows(db, `SELECT ${columnsOf("entry")} FROM entry WHERE arrival = ?`);
    this.#usage = db.prepare("SELECT bytes FROM usage WHERE room = ? AND author = ?");
    this.#putUsage = db.prepare(insertInto("usage", "INSERT OR REPLACE"));
  }

  /** An entry that is held already stays as it is; one that was void counts again if it comes as one that does. */
  put(entry: StoredEntry): void {
    const room = this.#keys.room(entry.room);
    const author = this.#keys.device(entry.author);
    const chain = entry.chain === "control" ? 0 : 1;
    if (this.#isHeld(entry, [room, author, chain])) return this.#putAgain(entry);
    const row: readonly Cell[] = [
      ...[this.#keys.nextArrival(), room, entry.id, author, entry.author.slice(0, TIE_CHARS), chain, entry.seq],
      ...[entry.prev, entry.effective, entry.kind, entry.target, entry.shown ? 1 : 0, entry.isVoid ? 1 : 0],
      ...[entry.arrivedMs, entry.text, entry.header, entry.signature, entry.body],
    ];
    this.#insert.run(...summed(row));
    this.#count(room, author, entry.body?.length ?? 0);
  }

  /** Most entries come behind all others of their chain, and are found new without asking the file. */
  #isHeld({ seq, id }: StoredEntry, chain: readonly [room: number, author: number, chain: number]): boolean {
    const key = chain.join(" ");
    const last = this.#lastByChain.get(key) ?? Number(this.#last.get(...chain)?.["last"] ?? 0);
    if (seq <= last) return this.#atSeq.all(...chain, seq).some((held) => held["id"] === id);
    if (this.#lastByChain.size >= CHAINS_REMEMBERED_MAX) this.#lastByChain.clear();
    this.#lastByChain.set(key, seq);
    return false;
  }

  #putAgain({ room, id, effective, isVoid, signature, body, text }: StoredEntry): void {
    const held = this.#find(room, id);
    if (held === undefined || held[AT.is_void] !== 1 || isVoid) return;
    this.#change(held, { is_void: 0, effective, ...(signature === null ? {} : { signature }) });
    if (body !== null && held[AT.body] === null) this.putBody(room, id, { body, text });
  }

  putSignature(room: string, id: string, signature: Uint8Array): void {
    const row = this.#find(room, id);
    if (row !== undefined) this.#change(row, { signature });
  }

  putBody(room: string, id: string, { body, text }: { readonly body: Uint8Array; readonly text: string | null }): void {
    const row = this.#find(room, id);
    if (row === undefined) return;
    this.#unindex(row);
    this.#countBody(row, body.length);
    this.#change(row, { body, text });
    if (text !== null) this.#words.addLate(Number(row[AT.arrival]), roomPlace(Number(row[AT.room])), text);
  }

  dropBody(room: string, id: string): void {
    const row = this.#find(room, id);
    if (row === undefined) return;
    this.#unindex(row);
    this.#countBody(row, 0);
    this.#change(row, { body: null, text: null });
  }

  setEffective(room: string, id: string, effective: number): void {
    const row = this.#find(room, id);
    if (row !== undefined) this.#change(row, { effective });
  }

  setVoid(span: {
    readonly room: string;
    readonly author: string;
    readonly chain: string;
    readonly from: number;
    readonly to: number;
    readonly isVoid: boolean;
  }): void {
    const chain = span.chain === "control" ? 0 : 1;
    const isVoid = span.isVoid ? 1 : 0;
    const place = [this.#keys.room(span.room), this.#keys.device(span.author), chain] as const;
    const to = Math.min(span.to, Number.MAX_SAFE_INTEGER);
    for (const { arrival } of this.#span.all(...place, span.from, to, isVoid)) {
      const row = this.#byArrival.get(Number(arrival)) as unknown as Cell[] | undefined;
      if (row !== undefined) this.#change(row, { is_void: isVoid });
    }
  }

  #find(room: string, id: string): Cell[] | undefined {
    return this.#byId.get(id, this.#keys.room(room)) as unknown as Cell[] | undefined;
  }

  #change(row: readonly Cell[], changes: Changes): void {
    const changed = row.slice(0, -1);
    for (const [column, cell] of Object.entries(changes)) changed[AT[column as keyof typeof AT]] = cell;
    this.#replace.run(...summed(changed));
  }

  #unindex(row: readonly Cell[]): void {
    const text = row[AT.text];
    if (typeof text === "string") this.#words.remove(Number(row[AT.arrival]), roomPlace(Number(row[AT.room])), text);
  }

  #countBody(row: readonly Cell[], bytes: number): void {
    const body = row[AT.body];
    const before = body instanceof Uint8Array ? body.length : 0;
    this.#count(Number(row[AT.room]), Number(row[AT.author]), bytes - before);
  }

  #count(room: number, author: number, bytes: number): void {
    const place = `${room} ${author}`;
    const counted = this.#bytesByPlace.get(place);
    if (counted === undefined) this.#bytesByPlace.set(place, { room, author, bytes });
    else counted.bytes += bytes;
  }

  finish(): void {
    for (const { room, author, bytes } of this.#bytesByPlace.values()) {
      const before = Number(this.#usage.get(room, author)?.["bytes"] ?? 0);
      this.#putUsage.run(...summed([room, author, before + bytes]));
    }
    this.#bytesByPlace.clear();
  }

  forget(): void {
    this.#bytesByPlace.clear();
    this.#lastByChain.clear();
  }
}

function prepareRows(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}
