import type { Link, SendResult } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type EntryBatch,
  FRAME_KIND,
  type InviteAnswer,
  type SyncSays,
  type UseInvite,
  encodeEntryBatch,
} from "@papo/protocol";

/** A verified link as those see it who bring rooms together. docs/protocol/room-log.md §6 */
export interface SyncLink {
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly isOpen: boolean;
  /** Bytes waiting to be written. */
  readonly queuedBytes: number;
  say(message: SyncSays): SendResult;
  /** The entries of one batch fit in one frame. */
  sayEntries(batch: EntryBatch): SendResult;
  /** Resolves when the queue is short again, or the link closed. */
  drained(): Promise<void>;
  /** Nothing of the link is read until `resumeReading`: what comes has not been stored yet. */
  pauseReading(): void;
  resumeReading(): void;
}

/** Over a link of the Papo dialect whose two sides both list ROOM_LOG_FEATURE. */
export class PapoSyncLink implements SyncLink {
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly #link: Link;

  constructor(link: Link, { account, device }: { readonly account: AccountKey; readonly device: DeviceKey }) {
    this.account = account;
    this.device = device;
    this.#link = link;
  }

  get isOpen(): boolean {
    return !this.#link.isClosed;
  }

  get queuedBytes(): number {
    return this.#link.queuedBytes;
  }

  say(message: SyncSays | UseInvite | InviteAnswer): SendResult {
    return this.#link.sendJson(message);
  }

  sayEntries(batch: EntryBatch): SendResult {
    return this.#link.sendFrame(FRAME_KIND.entries, encodedOnce(batch));
  }

  drained(): Promise<void> {
    return this.#link.drained();
  }

  pauseReading(): void {
    this.#link.pauseReading();
  }

  resumeReading(): void {
    this.#link.resumeReading();
  }
}

/** One batch goes to many members, and is encoded for all of them once. */
const bytesByBatch = new WeakMap<EntryBatch, Uint8Array>();

function encodedOnce(batch: EntryBatch): Uint8Array {
  const known = bytesByBatch.get(batch);
  if (known !== undefined) return known;
  const bytes = encodeEntryBatch(batch);
  bytesByBatch.set(batch, bytes);
  return bytes;
}
