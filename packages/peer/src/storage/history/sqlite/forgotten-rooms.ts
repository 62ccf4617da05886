import type { DatabaseSync, StatementSync } from "node:sqlite";
import { roomPlace } from "./places.ts";
import { WordIndex } from "./word-index.ts";

/** Removes what forgotten rooms left behind, a piece at a time so that nobody waits for it. A crash in between changes nothing: it goes on. */
export class ForgottenRooms {
  readonly #words: WordIndex;
  readonly #next: StatementSync;
  readonly #entries: StatementSync;
  readonly #removeEntry: StatementSync;
  readonly #removeRest: readonly StatementSync[];

  constructor(db: DatabaseSync) {
    this.#words = new WordIndex(db);
    this.#next = db.prepare("SELECT key FROM room WHERE id IS NULL LIMIT 1");
    this.#entries = db.prepare("SELECT arrival, text FROM entry WHERE room = ? LIMIT ? + 0");
    this.#removeEntry = db.prepare("DELETE FROM entry WHERE arrival = ?");
    this.#removeRest = [
      ...["usage", "head", "missing", "receipt"].map((table) => db.prepare(`DELETE FROM ${table} WHERE room = ?`)),
      db.prepare("DELETE FROM room WHERE key = ?"),
    ];
  }

  get remain(): boolean {
    return this.#next.get() !== undefined;
  }

  /** In a transaction of the caller's. */
  removeSome(count: number): void {
    const key = Number(this.#next.get()?.["key"]);
    const entries = this.#entries.all(key, count);
    for (const { arrival, text } of entries) {
      if (typeof text === "string") this.#words.remove(Number(arrival), roomPlace(key), text);
      this.#removeEntry.run(Number(arrival));
    }
    if (entries.length === 0) for (const statement of this.#removeRest) statement.run(key);
  }
}
