import type { DatabaseSync } from "node:sqlite";
import type { HistoryChange, StoredProgress, StoredReceipt } from "../history.ts";
import type { Applier } from "./group-commit.ts";
import { EntryTable } from "./entry-table.ts";
import { Keys } from "./keys.ts";
import { PrivateTable } from "./private-table.ts";
import { encodeChat, encodeRoom } from "./records.ts";
import { type Cell, summed } from "./sums.ts";
import { insertInto } from "./tables.ts";

/** Performs changes on the writing connection, inside a transaction of its caller's. */
export class ChangeApplier implements Applier {
  readonly #db: DatabaseSync;
  readonly #keys: Keys;
  readonly #entries: EntryTable;
  readonly #private: PrivateTable;
  readonly #run: (sql: string, ...cells: readonly Cell[]) => void;
  readonly #headByChain = new Map<string, readonly Cell[]>();
  #removes = false;
  #forgets = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#keys = new Keys(db);
    this.#entries = new EntryTable(db, this.#keys);
    this.#private = new PrivateTable(db, this.#keys);
    const prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
    this.#run = (sql, ...cells) => {
      const statement = prepared.get(sql) ?? this.#db.prepare(sql);
      prepared.set(sql, statement);
      statement.run(...cells);
    };
  }

  /** True once after something was taken away: what the log of the file still holds of it should go. */
  takeRemoves(): boolean {
    const removes = this.#removes;
    this.#removes = false;
    return removes;
  }

  /** True once after a room was forgotten: its entries are to be removed piece by piece. */
  takeForgets(): boolean {
    const forgets = this.#forgets;
    this.#forgets = false;
    return forgets;
  }

  apply(change: HistoryChange): void {
    switch (change.kind) {
      case "put-entry":
        return this.#entries.put(change.entry);
      case "put-signature":
        return this.#entries.putSignature(change.room, change.id, change.signature);
      case "put-body":
        return this.#entries.putBody(change.room, change.id, change);
      case "drop-body":
        this.#removes = true;
        return this.#entries.dropBody(change.room, change.id);
      case "set-effective":
        return this.#entries.setEffective(change.room, change.id, change.effective);
      case "set-void":
        return this.#entries.setVoid(change);
      case "put-private":
        return this.#private.put(change.message);
      default:
        return this.#applySmall(change);
    }
  }

  #applySmall(change: Exclude<HistoryChange, { kind: LargeKind }>): void {
    switch (change.kind) {
      case "put-room":
        return this.#keys.putRoom(change.room.id, encodeRoom(change.room));
      case "forget-room":
        this.#forgets = true;
        this.#writeHeads();
        return this.#keys.forgetRoom(change.id);
      case "put-head":
        return this.#putHead(change);
      case "put-missing": {
        const row = [this.#keys.room(change.room), change.missing, change.dependent];
        return this.#put(insertInto("missing", "INSERT OR IGNORE"), row);
      }
      case "remove-missing":
        return this.#run(REMOVE_MISSING, this.#keys.room(change.room), change.missing);
      case "put-receipt":
        return this.#put(insertInto("receipt", "INSERT OR REPLACE"), this.#receiptRow(change.receipt));
      case "put-chat":
        return this.#keys.putChat(change.chat.account, encodeChat(change.chat));
      case "put-progress":
        return this.#put(insertInto("progress", "INSERT OR REPLACE"), progressRow(change.progress));
      case "remove-progress":
        return this.#run(REMOVE_PROGRESS, change.account, change.chain, change.device);
      case "put-setting":
        if (change.value === null) return this.#run("DELETE FROM setting WHERE name = ?", change.name);
        return this.#put(insertInto("setting", "INSERT OR REPLACE"), [change.name, change.value]);
    }
  }

  /** Of many in one transaction only the last of each chain is written. */
  #putHead({ room, author, chain, seq, id }: Extract<HistoryChange, { kind: "put-head" }>): void {
    const row = [this.#keys.room(room), this.#keys.device(author), chain === "control" ? 0 : 1, seq, id];
    this.#headByChain.set(`${room} ${author} ${chain}`, row);
  }

  #writeHeads(): void {
    for (const row of this.#headByChain.values()) this.#put(insertInto("head", "INSERT OR REPLACE"), row);
    this.#headByChain.clear();
  }

  #put(sql: string, row: readonly Cell[]): void {
    this.#run(sql, ...summed(row));
  }

  #receiptRow({ room, device, count, signed }: StoredReceipt): readonly Cell[] {
    return [this.#keys.room(room), device, count, signed.text, signed.sig];
  }

  /** Before the transaction ends: writes what was counted on the way. */
  finish(): void {
    this.#writeHeads();
    this.#entries.finish();
    this.#keys.finish();
  }

  /** The transaction failed: what was remembered of it has not happened. */
  forget(): void {
    this.#headByChain.clear();
    this.#entries.forget();
    this.#keys.forget();
  }
}

type LargeKind =
  | "put-entry"
  | "put-signature"
  | "put-body"
  | "drop-body"
  | "set-effective"
  | "set-void"
  | "put-private";

const REMOVE_PROGRESS = "DELETE FROM progress WHERE account = ? AND chain = ? AND device = ?";
const REMOVE_MISSING = "DELETE FROM missing WHERE room = ? AND missing = ?";

function progressRow({ account, chain, device, from, confirmed, read }: StoredProgress): readonly Cell[] {
  return [account, chain, device, from, confirmed, read];
}
