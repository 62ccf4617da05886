import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SearchResult } from "../history.ts";
import { type Wanted, isFoundIn } from "../search-words.ts";
import { chatPlace, roomPlace } from "./places.ts";
import { ENTRY_CELLS, ENTRY_SOURCE, PRIVATE_CELLS, PRIVATE_SOURCE, entryOf, privateOf } from "./rows.ts";
import type { Cell } from "./sums.ts";
import { MARKS } from "./tables.ts";

export type SearchStart = { readonly folder: string; readonly resultsMax: number };
export type SearchRequest = {
  readonly wanted: Wanted;
  readonly room: string | null;
  readonly account: string | null;
  readonly offset: number;
};
export type SearchAnswer = { readonly ok: true; readonly results: readonly SearchResult[] } | { readonly ok: false };

/** The rooms and chats that are looked through: both null for all. */
type Place = { readonly room: number | null; readonly chat: number | null };

const INDEXED = `SELECT coalesce((SELECT value FROM mark WHERE name = '${MARKS.indexed}'), 0)`;
/** What the index does not have yet, newest first. */
const UNINDEXED = `
  SELECT arrival, text FROM entry
  WHERE arrival > ?1 AND text IS NOT NULL AND is_void = 0 AND (?2 IS NULL OR room = ?2) AND ?3 IS NULL
  UNION ALL
  SELECT arrival, text FROM private WHERE arrival > ?1 AND (?3 IS NULL OR chat = ?3) AND ?2 IS NULL
  ORDER BY 1 DESC`;
/** The index gives its rows by arrival by itself: newest first costs no sorting, however many there are. */
const FOUND = "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid DESC";
const ENTRY = `
  SELECT ${ENTRY_CELLS} FROM ${ENTRY_SOURCE}
  WHERE e.arrival = ? AND e.is_void = 0 AND e.text IS NOT NULL AND r.record IS NOT NULL`;
const PRIVATE = `SELECT ${PRIVATE_CELLS} FROM ${PRIVATE_SOURCE} WHERE p.arrival = ?`;

/** Looks through the word index, and through what has come since it was last brought up to date. */
export class SearchReader {
  readonly #db: DatabaseSync;
  readonly #resultsMax: number;
  readonly #statements: Record<
    "indexed" | "unindexed" | "found" | "entry" | "private" | "room" | "chat",
    StatementSync
  >;

  constructor(db: DatabaseSync, resultsMax: number) {
    this.#db = db;
    this.#resultsMax = resultsMax;
    const prepare = (sql: string) => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#statements = {
      indexed: prepare(INDEXED),
      unindexed: prepare(UNINDEXED),
      found: prepare(FOUND),
      entry: prepare(ENTRY),
      private: prepare(PRIVATE),
      room: prepare("SELECT key FROM room WHERE id = ?"),
      chat: prepare("SELECT key FROM chat WHERE account = ?"),
    };
  }

  /** One state of the file for all of it, so that nothing is between the index and what it lacks. */
  search(request: SearchRequest): readonly SearchResult[] {
    this.#db.exec("BEGIN");
    try {
      const place = this.#placeOf(request);
      return place === undefined ? [] : this.#page(request, place);
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  /** Undefined when nothing of that room or chat is held. */
  #placeOf({ room, account }: SearchRequest): Place | undefined {
    const keyOf = (statement: StatementSync, name: string | null) =>
      name === null ? null : (cellsOf(statement.get(name))?.[0] as number | undefined);
    const place = { room: keyOf(this.#statements.room, room), chat: keyOf(this.#statements.chat, account) };
    return place.room === undefined || place.chat === undefined ? undefined : (place as Place);
  }

  #page({ wanted, offset }: SearchRequest, place: Place): readonly SearchResult[] {
    const results: SearchResult[] = [];
    let before = offset;
    for (const arrival of this.#arrivals(wanted, place)) {
      const result = this.#resultAt(arrival);
      if (result === undefined) continue;
      if (before > 0) before -= 1;
      else results.push(result);
      if (results.length === this.#resultsMax) break;
    }
    return results;
  }

  *#arrivals(wanted: Wanted, { room, chat }: Place): Iterable<number> {
    const indexed = Number(cellsOf(this.#statements.indexed.get())?.[0]);
    for (const [arrival, text] of rowsOf(this.#statements.unindexed.iterate(indexed, room, chat))) {
      if (isFoundIn(String(text), wanted)) yield Number(arrival);
    }
    for (const [arrival] of rowsOf(this.#statements.found.iterate(expressionFor(wanted, { room, chat })))) {
      yield Number(arrival);
    }
  }

  #resultAt(arrival: number): SearchResult | undefined {
    const entry = cellsOf(this.#statements.entry.get(arrival));
    const line = entry === undefined ? undefined : entryOf(entry);
    if (line !== undefined) return { kind: "room", line };
    const message = cellsOf(this.#statements.private.get(arrival));
    const privateLine = message === undefined ? undefined : privateOf(message);
    return privateLine === undefined ? undefined : { kind: "private", line: privateLine };
  }
}

/** Words are letters and digits alone, so that quoted they are no syntax whatever somebody typed. */
function expressionFor({ whole, start }: Wanted, { room, chat }: Place): string {
  const places = [...(room === null ? [] : [roomPlace(room)]), ...(chat === null ? [] : [chatPlace(chat)])];
  return [...[...places, ...whole].map((word) => `"${word}"`), `"${start}" *`].join(" AND ");
}

function cellsOf(row: unknown): readonly Cell[] | undefined {
  return row as readonly Cell[] | undefined;
}

function rowsOf(rows: Iterable<unknown>): Iterable<readonly Cell[]> {
  return rows as Iterable<readonly Cell[]>;
}
