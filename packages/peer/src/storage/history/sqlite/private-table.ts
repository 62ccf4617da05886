import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredPrivateMessage } from "../history.ts";
import type { Keys } from "./keys.ts";
import { type Cell, summed } from "./sums.ts";
import { insertInto } from "./tables.ts";

/** The only writer of `private` and `private_head`. */
export class PrivateTable {
  readonly #keys: Keys;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #head: StatementSync;
  readonly #putHead: StatementSync;

  constructor(db: DatabaseSync, keys: Keys) {
    this.#keys = keys;
    this.#find = db.prepare("SELECT 1 FROM private WHERE chat = ? AND id = ? AND device = ?");
    this.#insert = db.prepare(insertInto("private"));
    this.#head = db.prepare("SELECT seq FROM private_head WHERE chat = ? AND device = ?");
    this.#putHead = db.prepare(insertInto("private_head", "INSERT OR REPLACE"));
  }

  /** One that is held already stays as it is. */
  put(message: StoredPrivateMessage): void {
    const chat = this.#keys.chat(message.account);
    const { id, device, own, seq } = message;
    if (this.#find.get(chat, id, device) !== undefined) return;
    this.#insert.run(...summed([this.#keys.nextArrival(), chat, ...cellsOf(message)]));
    if (seq === null || seq <= Number(this.#head.get(chat, device)?.["seq"] ?? 0)) return;
    this.#putHead.run(...summed([chat, device, own ? 1 : 0, seq, id]));
  }
}

function cellsOf(message: StoredPrivateMessage): readonly Cell[] {
  const { id, device, own, seq, prev, text, sentMs, arrivedMs, encrypted, supersedes } = message;
  return [
    ...[id, device, own ? 1 : 0, seq, prev, text, sentMs, arrivedMs, encrypted ? 1 : 0],
    ...[supersedes?.device ?? null, supersedes?.id ?? null],
    ...[message.shown ? 1 : 0, message.afterGap ? 1 : 0, message.forked ? 1 : 0],
  ];
}
