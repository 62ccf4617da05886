import type { AccountKey, DeviceKey, MessageId } from "@papo/protocol";
import type { PrivateLine, PrivateReference, StoredChat, StoredProgress } from "../history.ts";
import type { Reading } from "./reading.ts";
import { decodeChat } from "./records.ts";
import { PRIVATE_CELLS, privateOf, privateOfChat } from "./rows.ts";
import { isSound } from "./sums.ts";
import { columnsOf } from "./tables.ts";

const CHATS = `SELECT ${columnsOf("chat")} FROM chat WHERE record IS NOT NULL ORDER BY account`;
const CHAT = "(SELECT key FROM chat WHERE account = ?)";
const IN_CHAT = `SELECT ${PRIVATE_CELLS} FROM ${privateOfChat("private_in_order")} WHERE c.account = ? AND p.shown = 1`;
// `LIMIT ? + 0`: see room-reader.ts.
const BEFORE = `${IN_CHAT} AND p.arrival < ? ORDER BY p.arrival DESC LIMIT ? + 0`;
const AFTER = `${IN_CHAT} AND p.arrival > ? ORDER BY p.arrival LIMIT ? + 0`;
const BY_ID = `
  SELECT ${PRIVATE_CELLS} FROM ${privateOfChat("private_by_id")} WHERE c.account = ? AND p.id = ? AND p.device = ?`;
// The index begins with chat and id.
const SHOWN_BY_ID = `
  SELECT ${PRIVATE_CELLS} FROM ${privateOfChat("private_by_id")} WHERE c.account = ? AND p.id = ? AND p.shown = 1 LIMIT 1`;
const HEADS = `SELECT ${columnsOf("private_head")} FROM private_head WHERE chat = ${CHAT} ORDER BY device`;
const RECORD = "SELECT record FROM chat WHERE account = ? AND record IS NOT NULL";
const UNREAD = `SELECT count(*) FROM private INDEXED BY private_unread WHERE chat = ${CHAT} AND shown = 1 AND own = 0 AND arrival > ?`;
const CHAIN = `
  SELECT ${PRIVATE_CELLS} FROM ${privateOfChat("private_by_chain")}
  WHERE c.account = ? AND p.device = ? AND p.seq >= ? AND p.seq IS NOT NULL ORDER BY p.seq, p.arrival LIMIT ? + 0`;
const SUPERSEDING = `
  SELECT ${PRIVATE_CELLS} FROM ${privateOfChat("private_superseding")}
  WHERE c.account = ? AND p.supersedes_id = ? AND p.supersedes_device = ? ORDER BY p.arrival DESC LIMIT 1`;
const PROGRESS = `SELECT ${columnsOf("progress")} FROM progress WHERE account = ? ORDER BY chain, device`;
const SETTING = `SELECT ${columnsOf("setting")} FROM setting WHERE name = ?`;

type PrivateHead = { readonly device: DeviceKey; readonly own: boolean; readonly seq: number; readonly id: MessageId };

/** Private chats, how far others have them, and small things by name. */
export class PrivateReader {
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  chats(): readonly StoredChat[] {
    const rows = this.#reading.rows(CHATS);
    return this.#reading.values(rows, (row) => (isSound(row) ? decodeChat(row[2] as string) : undefined));
  }

  linesBefore(account: AccountKey, before: number | undefined, limit: number): readonly PrivateLine[] {
    return this.#lines(BEFORE, account, before ?? Number.MAX_SAFE_INTEGER, limit);
  }

  linesAfter(account: AccountKey, after: number, limit: number): readonly PrivateLine[] {
    return this.#lines(AFTER, account, after, limit);
  }

  message(account: AccountKey, device: DeviceKey, id: MessageId): PrivateLine | undefined {
    return this.#lines(BY_ID, account, id, device)[0];
  }

  byId(account: AccountKey, id: MessageId): PrivateLine | undefined {
    return this.#lines(SHOWN_BY_ID, account, id)[0];
  }

  heads(account: AccountKey): readonly PrivateHead[] {
    return this.#reading.values(this.#reading.rows(HEADS, account), (row) => {
      const [, device, own, seq, id] = row;
      return isSound(row) ? ({ device, own: own === 1, seq, id } as PrivateHead) : undefined;
    });
  }

  unread(account: AccountKey): number {
    const record = this.#reading.row(RECORD, account)?.[0];
    const readUpTo = typeof record === "string" ? decodeChat(record).readUpTo : 0;
    return Number(this.#reading.row(UNREAD, account, readUpTo)?.[0] ?? 0);
  }

  chain(
    account: AccountKey,
    { device, from, limit }: { device: DeviceKey; from: number; limit: number },
  ): readonly PrivateLine[] {
    return this.#lines(CHAIN, account, device, from, limit);
  }

  superseding(account: AccountKey, { device, id }: PrivateReference): PrivateLine | undefined {
    return this.#lines(SUPERSEDING, account, id, device)[0];
  }

  progress(account: AccountKey): readonly StoredProgress[] {
    return this.#reading.values(this.#reading.rows(PROGRESS, account), (row) => {
      const [, chain, device, from, confirmed, read] = row;
      return isSound(row) ? ({ account, chain, device, from, confirmed, read } as StoredProgress) : undefined;
    });
  }

  setting(name: string): string | undefined {
    const rows = this.#reading.rows(SETTING, name);
    return this.#reading.values(rows, (row) => (isSound(row) ? (row[1] as string) : undefined))[0];
  }

  #lines(sql: string, ...parameters: readonly (string | number)[]): readonly PrivateLine[] {
    return this.#reading.values(this.#reading.rows(sql, ...parameters), privateOf);
  }
}
