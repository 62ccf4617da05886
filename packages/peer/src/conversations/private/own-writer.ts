import { type Clock, type Timer, timestampOf } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  JSON_FRAME_BYTES_MAX,
  MESSAGE_CONTENT_BYTES_MAX,
  type Outcome,
  REOFFER_FIRST_MS,
  REOFFER_LAST_MS,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import type {
  HistoryChange,
  HistoryReader,
  PrivateLine,
  PrivateReference,
  StoredPrivateMessage,
} from "../../storage/history/history.ts";
import type { ChatRecord } from "./chat-record.ts";
import type { Head } from "./incoming-chain.ts";
import { privateId } from "./private-id.ts";

export type OwnWriterPorts = {
  readonly clock: Clock;
  readonly history: HistoryReader;
  readonly self: { readonly account: AccountKey; readonly device: DeviceKey };
  /** Why no more is taken, with so many drafts of so many bytes on their way to the disk. */
  readonly checkRoom: (drafts: number, bytes: number) => Fault | undefined;
  /** What goes to the disk together with messages. */
  readonly alsoStored: () => readonly HistoryChange[];
  readonly stored: (lines: readonly StoredPrivateMessage[]) => void;
  readonly failed: () => void;
};

type Draft = {
  readonly text: string;
  readonly sent: string;
  readonly supersedes: PrivateReference | null;
  readonly done: (outcome: Outcome<StoredPrivateMessage>) => void;
};
const DRAFTS_PER_COMMIT_MAX = 256;
const LINES_READ_AT_ONCE = 32;

/** Writes this device's chain with one account: numbers follow one another only where all before them are on the disk. */
export class OwnWriter {
  readonly #ports: OwnWriterPorts;
  readonly #record: ChatRecord;
  #head: Head | undefined;
  #drafts: Draft[] = [];
  #draftBytes = 0;
  #isWriting = false;
  #isStopped = false;
  #rewriting: Promise<void> | undefined;
  #rewriteFailures = 0;
  #rewriteLater: Timer | undefined;

  constructor(record: ChatRecord, ports: OwnWriterPorts) {
    this.#ports = ports;
    this.#record = record;
    const heads = ports.history.privateHeads(record.account);
    this.#head = heads.find(({ device, own }) => own && device === ports.self.device);
  }

  /** The last number that is on the disk. */
  get headSeq(): number {
    return this.#head?.seq ?? 0;
  }

  get isBusy(): boolean {
    return this.#isWriting;
  }

  /** Resolves when it is on the disk, after what was written before it. */
  async write(text: string): Promise<Outcome<StoredPrivateMessage>> {
    if (this.#rewriteLater !== undefined) await this.rewrite();
    return this.#write(text, null);
  }

  #write(
    text: string,
    again: { readonly sentMs: number; readonly supersedes: PrivateReference } | null,
  ): Promise<Outcome<StoredPrivateMessage>> {
    const bytes = Buffer.byteLength(text);
    const refused = checkText(text, bytes) ?? this.#ports.checkRoom(this.#drafts.length, this.#draftBytes + bytes);
    if (refused !== undefined) return Promise.resolve({ ok: false, fault: refused });
    const sent = again === null ? timestampOf(this.#ports.clock) : new Date(again.sentMs).toISOString();
    return new Promise((done) => {
      this.#drafts.push({ text, sent, supersedes: again?.supersedes ?? null, done });
      this.#draftBytes += bytes;
      void this.#writeDrafts();
    });
  }

  /** One durable unit at a time, with everything that was written meanwhile. */
  async #writeDrafts(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#drafts.length > 0) {
      const drafts = this.#drafts.splice(0, DRAFTS_PER_COMMIT_MAX);
      for (const { text } of drafts) this.#draftBytes -= Buffer.byteLength(text);
      const lines = this.#number(drafts);
      const puts = lines.map((message) => ({ kind: "put-private", message }) as const);
      const committed = await this.#record.commit([...puts, ...this.#ports.alsoStored()]);
      if (committed.ok) this.#stored(lines);
      else this.#ports.failed();
      for (const [index, { done }] of drafts.entries()) {
        const line = lines[index];
        done(committed.ok && line !== undefined ? succeed(line) : fail("storage_failed", "not written to the disk"));
      }
    }
    this.#isWriting = false;
  }

  #number(drafts: readonly Draft[]): readonly StoredPrivateMessage[] {
    const { self } = this.#ports;
    const { account } = this.#record;
    const name = { from: self.account, device: self.device, to: account };
    let head = this.#head;
    return drafts.map(({ text, sent, supersedes }) => {
      const seq = (head?.seq ?? 0) + 1;
      const prev = head?.id ?? null;
      const replaced = supersedes ?? undefined;
      const id = privateId(name, { seq, prev, sent, content: text, supersedes: replaced });
      head = { seq, id };
      const times = { sentMs: Date.parse(sent), arrivedMs: this.#ports.clock.wallMs() };
      const common = { account, id, device: self.device, own: true, seq, prev, text, ...times };
      return { ...common, encrypted: true, supersedes, shown: supersedes === null, afterGap: false, forked: false };
    });
  }

  #stored(lines: readonly StoredPrivateMessage[]): void {
    for (const { seq, id } of lines) if (seq !== null) this.#head = { seq, id };
    this.#ports.stored(lines);
  }

  /**
   * What was once written under other keys of this device and nobody has: said again under these. What is shown stays where it stands. Tried again
   * while the disk takes it not; resolves after the first time.
   */
  rewrite(): Promise<void> {
    this.#rewriting ??= this.#rewriteOnce().finally(() => {
      this.#rewriting = undefined;
    });
    return this.#rewriting;
  }

  async #rewriteOnce(): Promise<void> {
    this.#rewriteLater?.cancel();
    this.#rewriteLater = undefined;
    if (await this.#rewriteAll()) this.#rewriteFailures = 0;
    else if (!this.#isStopped) {
      const delayMs = Math.min(REOFFER_FIRST_MS * 2 ** this.#rewriteFailures, REOFFER_LAST_MS);
      this.#rewriteFailures += 1;
      this.#rewriteLater = this.#ports.clock.after(delayMs, () => void this.rewrite());
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#rewriteLater?.cancel();
  }

  /** False when something of it could not be written. */
  async #rewriteAll(): Promise<boolean> {
    const { history, self } = this.#ports;
    const { account } = this.#record;
    const before = history.privateHeads(account).filter(({ device, own }) => own && device !== self.device);
    for (const { device } of before) {
      const stored = history.progress(account).filter(({ chain }) => chain === device);
      const confirmed = Math.max(0, ...stored.map((one) => one.confirmed));
      for (let from = confirmed + 1; ; ) {
        const lines = history.privateChain(account, device, from, LINES_READ_AT_ONCE);
        const written = await Promise.all(lines.flatMap((line) => this.#rewriteLine(line)));
        const last = lines.at(-1)?.seq ?? null;
        if (written.some(({ ok }) => !ok)) return false;
        if (last === null) break;
        from = last + 1;
      }
    }
    return true;
  }

  /** Names the first of all that say the same, so that whoever has any of them shows it once. */
  #rewriteLine({
    device,
    id,
    supersedes,
    text,
    sentMs,
  }: PrivateLine): readonly Promise<Outcome<StoredPrivateMessage>>[] {
    const root = supersedes ?? { device, id };
    const newest = this.#ports.history.privateSuperseding(this.#record.account, root);
    return newest !== undefined && newest.id !== id ? [] : [this.#write(text, { sentMs, supersedes: root })];
  }
}

function checkText(text: string, bytes: number): Fault | undefined {
  if (bytes === 0 || !text.isWellFormed()) return fault("bad_text", "content: expected some text");
  // Escapes make a text longer on the wire than it is.
  const isTooLong =
    bytes > MESSAGE_CONTENT_BYTES_MAX || Buffer.byteLength(JSON.stringify(text)) > JSON_FRAME_BYTES_MAX - 1_024;
  return isTooLong ? fault("frame_too_large", `content: limit ${MESSAGE_CONTENT_BYTES_MAX} bytes`) : undefined;
}
