import type { DatabaseSync, StatementSync } from "node:sqlite";
import { wordsOf } from "../search-words.ts";
import { chatPlace, roomPlace } from "./places.ts";
import { summed } from "./sums.ts";
import { MARKS, insertInto } from "./tables.ts";

/**
 * The words of what was said, by arrival. It is brought up to date when the writer has nothing else to do: `mark` says up to where, in the
 * same transaction, and what lies beyond is searched row by row. A removed text takes its words with it at once.
 */
export class WordIndex {
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #mark: StatementSync;
  readonly #putMark: StatementSync;
  readonly #texts: StatementSync;
  readonly #last: StatementSync;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare("INSERT INTO word (rowid, words) VALUES (?, ?)");
    this.#remove = db.prepare("INSERT INTO word (word, rowid, words) VALUES ('delete', ?, ?)");
    this.#mark = db.prepare(`SELECT value FROM mark WHERE name = '${MARKS.indexed}'`);
    this.#putMark = db.prepare(insertInto("mark", "INSERT OR REPLACE"));
    this.#last = db.prepare(`SELECT value FROM mark WHERE name = '${MARKS.arrival}'`);
    this.#texts = db.prepare(`
      SELECT arrival, text, room, NULL AS chat FROM entry WHERE arrival BETWEEN ?1 AND ?2 AND text IS NOT NULL
      UNION ALL SELECT arrival, text, NULL, chat FROM private WHERE arrival BETWEEN ?1 AND ?2`);
  }

  /** Arrivals that are not in it yet. */
  behind(): number {
    return this.#number(this.#last) - this.#number(this.#mark);
  }

  /** Takes in the next `count` arrivals, in a transaction of the caller's. */
  advance(count: number): void {
    const from = this.#number(this.#mark) + 1;
    const to = Math.min(from + count - 1, this.#number(this.#last));
    for (const { arrival, text, room, chat } of this.#texts.all(from, to)) {
      const place = room === null ? chatPlace(Number(chat)) : roomPlace(Number(room));
      this.#insert.run(Number(arrival), said(place, String(text)));
    }
    this.#putMark.run(...summed([MARKS.indexed, to]));
  }

  /** For a text that came after its arrival had been taken in. */
  addLate(arrival: number, place: string, text: string): void {
    if (arrival <= this.#number(this.#mark)) this.#insert.run(arrival, said(place, text));
  }

  remove(arrival: number, place: string, text: string): void {
    if (arrival <= this.#number(this.#mark)) this.#remove.run(arrival, said(place, text));
  }

  #number(statement: StatementSync): number {
    return Number(statement.get()?.["value"] ?? 0);
  }
}

function said(place: string, text: string): string {
  return `${place} ${wordsOf(text).join(" ")}`;
}
