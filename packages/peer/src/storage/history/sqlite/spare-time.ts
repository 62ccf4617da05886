import type { DatabaseSync } from "node:sqlite";
import type { ChangeApplier } from "./apply-changes.ts";
import { ForgottenRooms } from "./forgotten-rooms.ts";
import { WordIndex } from "./word-index.ts";

/** Rows of one piece of work: a few milliseconds. */
const ROWS_PER_PIECE = 512;

/** What the writer does when nobody waits for it: words into their index, forgotten rooms out of the file, removed texts out of its log. */
export class SpareTime {
  readonly #db: DatabaseSync;
  readonly #applier: ChangeApplier;
  readonly #unindexedMax: number;
  readonly #words: WordIndex;
  readonly #forgotten: ForgottenRooms;
  #truncates = false;
  #forgets: boolean;

  constructor(db: DatabaseSync, applier: ChangeApplier, unindexedMax: number) {
    this.#db = db;
    this.#applier = applier;
    this.#unindexedMax = unindexedMax;
    this.#words = new WordIndex(db);
    this.#forgotten = new ForgottenRooms(db);
    this.#forgets = this.#forgotten.remain;
  }

  /** Does one piece, if there is any that may be done now. True when there may be more. */
  useSome(isIdle: boolean): boolean {
    if (this.#applier.takeRemoves()) this.#truncates = true;
    if (this.#applier.takeForgets()) this.#forgets = true;
    // Readers may hold it back: then the next idle moment tries again.
    if (this.#truncates) this.#truncates = !this.#truncateLog();
    const behind = this.#words.behind();
    if (behind > (isIdle ? 0 : this.#unindexedMax)) return this.#piece(() => this.#words.advance(ROWS_PER_PIECE));
    if (!isIdle || !this.#forgets) return false;
    const done = this.#piece(() => this.#forgotten.removeSome(ROWS_PER_PIECE));
    this.#truncates = true;
    this.#forgets = this.#forgotten.remain;
    return done;
  }

  /** Not synced by itself: the next commit's sync covers it, and if it is lost it is done again. False when it failed. */
  #piece(work: () => void): boolean {
    try {
      this.#db.exec("PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE");
      work();
      this.#db.exec("COMMIT");
      return true;
    } catch {
      // A full disk, most likely. There is no hurry.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      return false;
    } finally {
      this.#db.exec("PRAGMA synchronous = FULL");
    }
  }

  #truncateLog(): boolean {
    try {
      return Number(this.#db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"]) === 0;
    } catch {
      return false;
    }
  }
}
