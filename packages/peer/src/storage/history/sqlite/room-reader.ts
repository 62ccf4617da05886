import {
  ABOUT_AUTHORS_MAX,
  ABOUT_PER_AUTHOR_MAX,
  type Chain,
  type DeviceKey,
  type EntryId,
  HISTORY_UNREAD_COUNT_MAX,
  type RoomId,
  type Signature,
} from "@papo/protocol";
import type {
  AboutOnly,
  EntryLine,
  EntryPosition,
  StoredEntry,
  StoredHead,
  StoredReceipt,
  StoredRoom,
} from "../history.ts";
import { compareEntries } from "../entry-order.ts";
import { newestOfEach } from "../newest-about.ts";
import { TIE_CHARS } from "./entry-table.ts";
import type { Reading } from "./reading.ts";
import { decodeRoom } from "./records.ts";
import { ENTRY_CELLS, entriesOfRoom, entryOf } from "./rows.ts";
import { isSound } from "./sums.ts";
import { columnsOf } from "./tables.ts";

// `LIMIT ? + 0`: SQLite plans a statement anew for each value of a parameter that is all of its limit, which takes ten times as long as the
// question itself.

const ROOMS = `SELECT ${columnsOf("room")} FROM room WHERE id IS NOT NULL AND record IS NOT NULL ORDER BY id`;
const ROOM = "(SELECT key FROM room WHERE id = ?)";
const HEADS = `
  SELECT ${columnsOf("head", "h.")}, d.id FROM head h JOIN device d ON d.key = h.author
  WHERE h.room = ${ROOM} ORDER BY d.id, h.chain`;
const RECEIPTS = `SELECT ${columnsOf("receipt")} FROM receipt WHERE room = ${ROOM} ORDER BY device`;

const IN_ORDER = "e.effective, e.tie, d.id, e.id";
const CONTROL = `
  SELECT ${ENTRY_CELLS} FROM ${entriesOfRoom("entry_of_control")} WHERE r.id = ? AND e.chain = 0 ORDER BY ${IN_ORDER}`;
const BY_ID = `
  SELECT ${ENTRY_CELLS} FROM entry e INDEXED BY entry_by_id
  CROSS JOIN room r ON r.key = e.room CROSS JOIN device d ON d.key = e.author
  WHERE substr(e.id, 1, 8) = substr(?1, 1, 8) AND e.id = ?1 AND r.id = ?2`;
const EFFECTIVE = `
  SELECT effective FROM entry INDEXED BY entry_by_id
  WHERE substr(id, 1, 8) = substr(?1, 1, 8) AND id = ?1 AND room = (SELECT key FROM room WHERE id = ?2)`;

const OF_CHAIN = `
  SELECT ${ENTRY_CELLS} FROM room r CROSS JOIN device d CROSS JOIN entry e INDEXED BY entry_by_chain
  ON e.room = r.key AND e.author = d.key
  WHERE r.id = ? AND d.id = ? AND e.chain = ?`;
const AT_SEQ = `${OF_CHAIN} AND e.seq = ? ORDER BY e.is_void, e.arrival LIMIT 1`;
const RANGE = `${OF_CHAIN} AND e.seq >= ? AND e.is_void = 0 ORDER BY e.seq LIMIT ? + 0`;

const DEPENDENTS = `SELECT dependent FROM missing WHERE room = ${ROOM} AND missing = ? ORDER BY rowid`;
const MISSING = `SELECT DISTINCT missing FROM missing WHERE room = ${ROOM} ORDER BY missing LIMIT ? + 0`;

const SHOWN = `
  SELECT ${ENTRY_CELLS} FROM ${entriesOfRoom("entry_in_order")}
  WHERE r.id = ?1 AND e.shown = 1 AND e.is_void = 0`;
/** The index leads to the place; entries that share an effective value and the first characters of the author are told apart behind it. */
const BEFORE = `
  ${SHOWN} AND (e.effective, e.tie) <= (?2, ?3) AND (e.effective, d.id, e.id) < (?2, ?4, ?5)
  ORDER BY e.effective DESC, e.tie DESC, d.id DESC, e.id DESC LIMIT ?6 + 0`;
const AFTER = `
  ${SHOWN} AND (e.effective, e.tie) >= (?2, ?3) AND (e.effective, d.id, e.id) > (?2, ?4, ?5)
  ORDER BY ${IN_ORDER} LIMIT ?6 + 0`;
/** Behind every position: no key begins with this character. */
const END: EntryPosition = {
  effective: Number.MAX_SAFE_INTEGER,
  author: "~" as DeviceKey,
  id: "~" as EntryId,
};

const ABOUT = `
  SELECT ${ENTRY_CELLS} FROM ${entriesOfRoom("entry_by_target")}
  WHERE r.id = ? AND e.target = ? AND e.target IS NOT NULL AND e.is_void = 0`;
const ABOUT_OF_KIND = `${ABOUT} AND e.kind = ?`;
const ABOUT_BY_AUTHOR = `${ABOUT_OF_KIND} AND e.author = ? ORDER BY e.effective DESC, e.id DESC LIMIT ? + 0`;
/** Which kinds there are and who says them, one after another: the index leads from each to the next. */
const NEXT_ABOUT = `
  FROM entry INDEXED BY entry_by_target WHERE room = ${ROOM} AND target = ? AND target IS NOT NULL AND is_void = 0`;
const NEXT_KIND = `SELECT kind ${NEXT_ABOUT} AND kind > ? ORDER BY kind LIMIT 1`;
const NEXT_AUTHOR = `SELECT author ${NEXT_ABOUT} AND kind = ? AND author > ? ORDER BY author LIMIT 1`;
/** Up to this many are read at once, and those who say too much left out afterwards. */
const ABOUT_AT_ONCE = 256;

const NOT_OWN = "author NOT IN (SELECT key FROM device WHERE id IN (SELECT value FROM json_each(?)))";
/** However much came, also of one's own from elsewhere, no more is looked at than is counted. */
const UNREAD_COUNT = `
  SELECT count(*), min(effective) FROM (
    SELECT author, effective FROM entry INDEXED BY entry_by_arrival
    WHERE room = ${ROOM} AND arrival > ? AND shown = 1 AND is_void = 0 ORDER BY arrival LIMIT ${HISTORY_UNREAD_COUNT_MAX})
  WHERE ${NOT_OWN}`;
const UNREAD_FIRST = `
  SELECT e.effective, d.id, e.id FROM ${entriesOfRoom("entry_in_order")}
  WHERE r.id = ? AND e.shown = 1 AND e.is_void = 0 AND e.effective = ? AND e.arrival > ? AND e.${NOT_OWN}
  ORDER BY ${IN_ORDER} LIMIT 1`;
const READ_UP_TO = "SELECT record FROM room WHERE id = ? AND record IS NOT NULL";
const ARRIVAL = `
  SELECT max(arrival) FROM entry INDEXED BY entry_by_arrival WHERE room = ${ROOM} AND shown = 1 AND is_void = 0`;
const USAGE = `SELECT bytes FROM usage WHERE room = ${ROOM} AND author = (SELECT key FROM device WHERE id = ?)`;

/** Rooms and their entries, each question one prepared statement over an index. */
export class RoomReader {
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  rooms(): readonly StoredRoom[] {
    const rows = this.#reading.rows(ROOMS);
    return this.#reading.values(rows, (row) => (isSound(row) ? decodeRoom(row[2] as string) : undefined));
  }

  heads(room: RoomId): readonly StoredHead[] {
    return this.#reading.values(this.#reading.rows(HEADS, room), (row) => {
      if (!isSound(row.slice(0, -1))) return undefined;
      const [, , chain, seq, id, , author] = row;
      return { author, chain: chain === 0 ? "control" : "content", seq, id } as StoredHead;
    });
  }

  control(room: RoomId): readonly StoredEntry[] {
    return this.#entries(CONTROL, room);
  }

  entry(room: RoomId, id: EntryId): EntryLine | undefined {
    return this.#entries(BY_ID, id, room)[0];
  }

  entryAt(room: RoomId, author: DeviceKey, chain: Chain, seq: number): EntryLine | undefined {
    return this.#entries(AT_SEQ, room, author, chain === "control" ? 0 : 1, seq)[0];
  }

  range(
    room: RoomId,
    author: DeviceKey,
    chain: Chain,
    { from, limit }: { from: number; limit: number },
  ): readonly EntryLine[] {
    return this.#entries(RANGE, room, author, chain === "control" ? 0 : 1, from, limit);
  }

  effectiveOf(room: RoomId, id: EntryId): number | undefined {
    return this.#reading.row(EFFECTIVE, id, room)?.[0] as number | undefined;
  }

  dependents(room: RoomId, missing: EntryId): readonly EntryId[] {
    return this.#reading.rows(DEPENDENTS, room, missing).map(([dependent]) => dependent as EntryId);
  }

  missing(room: RoomId, limit: number): readonly EntryId[] {
    return this.#reading.rows(MISSING, room, limit).map(([missing]) => missing as EntryId);
  }

  linesBefore(room: RoomId, position: EntryPosition | undefined, limit: number): readonly EntryLine[] {
    return this.#entries(BEFORE, room, ...placeOf(position ?? END), limit);
  }

  linesAfter(room: RoomId, position: EntryPosition, limit: number): readonly EntryLine[] {
    return this.#entries(AFTER, room, ...placeOf(position), limit);
  }

  about(room: RoomId, targets: readonly EntryId[], only?: AboutOnly): readonly StoredEntry[] {
    return [...new Set(targets)].flatMap((target) => this.#aboutOne(room, target, only)).sort(compareEntries);
  }

  #aboutOne(room: RoomId, target: EntryId, only: AboutOnly | undefined): readonly StoredEntry[] {
    const perAuthor = only?.perAuthor ?? ABOUT_PER_AUTHOR_MAX;
    const limit = ABOUT_AT_ONCE + 1;
    const first =
      only === undefined
        ? this.#entries(`${ABOUT} LIMIT ? + 0`, room, target, limit)
        : this.#entries(`${ABOUT_OF_KIND} LIMIT ? + 0`, room, target, only.kind, limit);
    if (first.length <= ABOUT_AT_ONCE) return newestOfEach(first.toSorted(compareEntries), perAuthor);
    const kinds = only === undefined ? this.#kindsAbout(room, target) : [only.kind];
    return kinds.flatMap((kind) => this.#aboutOfKind(room, target, { kind, perAuthor }));
  }

  #kindsAbout(room: RoomId, target: EntryId): readonly string[] {
    const kinds: string[] = [];
    for (let kind = ""; ; kinds.push(kind)) {
      const next = this.#reading.row(NEXT_KIND, room, target, kind);
      if (next === undefined) return kinds;
      kind = next[0] as string;
    }
  }

  #aboutOfKind(
    room: RoomId,
    target: EntryId,
    { kind, perAuthor }: { readonly kind: string; readonly perAuthor: number },
  ): readonly StoredEntry[] {
    const entries: StoredEntry[] = [];
    let author = -1;
    for (let count = 0; count < ABOUT_AUTHORS_MAX; count += 1) {
      const next = this.#reading.row(NEXT_AUTHOR, room, target, kind, author);
      if (next === undefined) break;
      author = next[0] as number;
      for (const entry of this.#entries(ABOUT_BY_AUTHOR, room, target, kind, author, perAuthor)) entries.push(entry);
    }
    return entries;
  }

  unread(room: RoomId, own: readonly DeviceKey[]): { readonly count: number; readonly first: EntryPosition | null } {
    const record = this.#reading.row(READ_UP_TO, room)?.[0];
    const readUpTo = typeof record === "string" ? decodeRoom(record).readUpTo : 0;
    const keys = JSON.stringify(own);
    const [count, lowest] = this.#reading.row(UNREAD_COUNT, room, readUpTo, keys) ?? [0, null];
    if (typeof lowest !== "number") return { count: 0, first: null };
    const [effective, author, id] = this.#reading.row(UNREAD_FIRST, room, lowest, readUpTo, keys) ?? [];
    return { count: Number(count), first: id === undefined ? null : ({ effective, author, id } as EntryPosition) };
  }

  arrival(room: RoomId): number {
    return Number(this.#reading.row(ARRIVAL, room)?.[0] ?? 0);
  }

  bodyBytes(room: RoomId, author: DeviceKey): number {
    return Number(this.#reading.row(USAGE, room, author)?.[0] ?? 0);
  }

  receipts(room: RoomId): readonly StoredReceipt[] {
    return this.#reading.values(this.#reading.rows(RECEIPTS, room), (row) => {
      const [, device, count, text, sig] = row;
      if (!isSound(row)) return undefined;
      return {
        room,
        device: device as DeviceKey,
        count: count as number,
        signed: { text: text as string, sig: sig as Signature },
      };
    });
  }

  #entries(sql: string, ...parameters: readonly (string | number)[]): readonly EntryLine[] {
    return this.#reading.values(this.#reading.rows(sql, ...parameters), entryOf);
  }
}

function placeOf({ effective, author, id }: EntryPosition): readonly (string | number)[] {
  return [effective, author.slice(0, TIE_CHARS), author, id];
}
