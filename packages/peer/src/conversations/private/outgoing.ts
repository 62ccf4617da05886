import { type Clock, type SendResult, timestampOf } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  type FaultCode,
  JSON_FRAME_BYTES_MAX,
  MESSAGE_CONTENT_BYTES_MAX,
  type MessageId,
  type Outcome,
  PRIVATE_OUTBOX_BYTES_MAX,
  PRIVATE_OUTBOX_MESSAGES_MAX,
  PRIVATE_TOLD_MAX,
  PRIVATE_WANTS_PER_MINUTE,
  PRIVATE_WINDOW_MESSAGES,
  type PeerMessage,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import type { Delivery } from "../../api.ts";
import type {
  HistoryReader,
  PrivateLine,
  PrivateReference,
  StoredPrivateMessage,
} from "../../storage/history/history.ts";
import type { ChatRecord } from "./chat-record.ts";
import type { Head } from "./incoming-chain.ts";
import { privateId } from "./private-id.ts";
import type { PrivateLink } from "./private-link.ts";
import { Progress } from "./progress.ts";
import { Window } from "./window.ts";

export type OutgoingPorts = {
  readonly clock: Clock;
  readonly history: HistoryReader;
  readonly self: { readonly account: AccountKey; readonly device: DeviceKey };
  /** Devices that the account lists now; none while no statement of it is known. */
  readonly devicesOf: (account: AccountKey) => readonly DeviceKey[];
  /** Whether its key is still the one that counts. */
  readonly isTrusted: (link: PrivateLink) => boolean;
  /** Why nothing goes there now, as far as links and keys say. */
  readonly whyHeld: () => Fault;
  /** An own line is on the disk. */
  readonly written: (line: StoredPrivateMessage) => void;
  /** It stands elsewhere now. */
  readonly moved: (line: StoredPrivateMessage) => void;
  /** They took more than one request: they talk with us. */
  readonly accepted: () => void;
};

type Draft = {
  readonly text: string;
  readonly sent: string;
  readonly supersedes: PrivateReference | null;
  readonly done: (outcome: Outcome<StoredPrivateMessage>) => void;
};
type Waiting = { readonly bytes: number; told: string | undefined };
const DRAFTS_PER_COMMIT_MAX = 256;
const LINES_READ_AT_ONCE = 32;
const MINUTE_MS = 60_000;

/** One chat's own messages: on the disk before they are anywhere else, then over each link in order until some device of the account has them. */
export class Outgoing {
  readonly #ports: OutgoingPorts;
  readonly #record: ChatRecord;
  readonly #progress: Progress;
  readonly #windowByLink = new Map<PrivateLink, Window>();
  readonly #wantsByLink = new Map<PrivateLink, { readonly sinceMs: number; count: number }>();
  /** Messages that no device has, by number. */
  readonly #waiting = new Map<number, Waiting>();
  #head: Head | undefined;
  #waitingBytes = 0;
  #drafts: Draft[] = [];
  #draftBytes = 0;
  #isWriting = false;
  #isSaving = false;

  constructor(record: ChatRecord, ports: OutgoingPorts) {
    this.#ports = ports;
    this.#record = record;
    const { history, self } = ports;
    const { account } = record;
    this.#progress = new Progress(account, self.device, history.progress(account));
    const head = history.privateHeads(account).find(({ device, own }) => own && device === self.device);
    this.#head = head;
    for (const { seq, text } of this.#lines(this.#progress.confirmed + 1, LINES_READ_AT_ONCE))
      if (seq !== null) this.#await(seq, text, "");
  }

  /** Own lines from this number on, read so many at a time. */
  *#lines(from: number, atOnce: number): Iterable<PrivateLine> {
    const { history, self } = this.#ports;
    for (let next = from; ; ) {
      const lines = history.privateChain(this.#record.account, self.device, next, atOnce);
      yield* lines;
      const last = lines.at(-1)?.seq ?? null;
      if (last === null || lines.length < atOnce) return;
      next = last + 1;
    }
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0 || this.#drafts.length > 0;
  }

  /** Whether something is under way that nobody else may begin anew. */
  get isBusy(): boolean {
    return this.#isWriting || this.#isSaving;
  }

  // ---- writing

  /** Resolves when it is on the disk. */
  write(text: string, supersedes: PrivateReference | null = null): Promise<Outcome<StoredPrivateMessage>> {
    const refused = this.#check(text);
    if (refused !== undefined) return Promise.resolve({ ok: false, fault: refused });
    return new Promise((done) => {
      this.#drafts.push({ text, sent: timestampOf(this.#ports.clock), supersedes, done });
      this.#draftBytes += Buffer.byteLength(text);
      void this.#writeDrafts();
    });
  }

  #check(text: string): Fault | undefined {
    const bytes = Buffer.byteLength(text);
    if (bytes === 0 || !text.isWellFormed()) return fault("bad_text", "content: expected some text");
    // Escapes make a text longer on the wire than it is.
    const isTooLong =
      bytes > MESSAGE_CONTENT_BYTES_MAX || Buffer.byteLength(JSON.stringify(text)) > JSON_FRAME_BYTES_MAX - 1_024;
    if (isTooLong) return fault("frame_too_large", `content: limit ${MESSAGE_CONTENT_BYTES_MAX} bytes`);
    const isFull =
      this.#waiting.size + this.#drafts.length >= PRIVATE_OUTBOX_MESSAGES_MAX ||
      this.#waitingBytes + this.#draftBytes + bytes > PRIVATE_OUTBOX_BYTES_MAX;
    return isFull ? fault("limit_reached", "too much waits for them") : undefined;
  }

  /** One durable unit at a time, with everything that was written meanwhile: numbers follow one another only where all before them is stored. */
  async #writeDrafts(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#drafts.length > 0) {
      const drafts = this.#drafts.splice(0, DRAFTS_PER_COMMIT_MAX);
      for (const { text } of drafts) this.#draftBytes -= Buffer.byteLength(text);
      this.#meetDevices();
      const lines = this.#number(drafts);
      const committed = await this.#record.commit([
        ...lines.map((message) => ({ kind: "put-private", message }) as const),
        ...this.#progress.takeChanges(),
      ]);
      if (committed.ok) this.#wrote(lines);
      else this.#progress.keepChanges();
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
      const sentMs = Date.parse(sent);
      const common = { account, id, device: self.device, own: true, seq, prev, text, sentMs, arrivedMs: sentMs };
      return { ...common, encrypted: true, supersedes, shown: supersedes === null, afterGap: false, forked: false };
    });
  }

  #wrote(lines: readonly StoredPrivateMessage[]): void {
    for (const { seq, id, text } of lines) {
      if (seq === null) continue;
      this.#head = { seq, id };
      this.#await(seq, text, undefined);
    }
    this.flush();
    for (const line of lines) {
      this.#markTold(line);
      this.#ports.written(line);
    }
  }

  /** `told`: undefined until the message itself was told, empty when that was in an earlier run. */
  #await(seq: number, text: string, told: "" | undefined): void {
    const bytes = Buffer.byteLength(text);
    this.#waiting.set(seq, { bytes, told });
    this.#waitingBytes += bytes;
  }

  /** What this device once wrote under other keys and nobody has: said again under these. What is shown stays where it stands. */
  async rewrite(): Promise<void> {
    const { history, self } = this.#ports;
    const { account } = this.#record;
    const before = history.privateHeads(account).filter(({ device, own }) => own && device !== self.device);
    for (const { device } of before) {
      const stored = history.progress(account).filter(({ chain }) => chain === device);
      const confirmed = Math.max(0, ...stored.map((one) => one.confirmed));
      for (let from = confirmed + 1; ; ) {
        const lines = history.privateChain(account, device, from, LINES_READ_AT_ONCE);
        const written = await Promise.all(lines.flatMap((line) => this.#rewriteLine(line)));
        if (written.some(({ ok }) => !ok)) return;
        const last = lines.at(-1)?.seq ?? null;
        if (last === null) break;
        from = last + 1;
      }
    }
  }

  /** Names the first of all that say the same, so that whoever has any of them shows it once. */
  #rewriteLine({ device, id, supersedes, text }: PrivateLine): readonly Promise<Outcome<StoredPrivateMessage>>[] {
    const root = supersedes ?? { device, id };
    const newest = this.#ports.history.privateSuperseding(this.#record.account, root);
    return newest !== undefined && newest.id !== id ? [] : [this.write(text, root)];
  }

  // ---- sending

  linkOpened(link: PrivateLink): void {
    this.#meetDevices();
    const { from, confirmed } = this.#progress.of(link.device);
    for (const [other, window] of this.#windowByLink) if (other.device === link.device) window.isRetired = true;
    // What is under way over another link goes over this one too, before anything newer does.
    this.#windowByLink.set(link, new Window(Math.max(confirmed, from - 1)));
    this.#save();
    this.flush();
    this.tellMoved();
  }

  linkClosed(link: PrivateLink): void {
    this.#wantsByLink.delete(link);
    if (this.#windowByLink.delete(link)) this.tellMoved();
  }

  /** A device of the other account is new, or gone. */
  devicesChanged(): void {
    this.#meetDevices();
    this.#save();
  }

  #meetDevices(): void {
    for (const device of this.#ports.devicesOf(this.#record.account)) this.#progress.of(device);
  }

  /** Everything that may go. */
  flush(): void {
    for (const [link, window] of this.#windowByLink) this.#pump(link, window);
  }

  #pump(link: PrivateLink, window: Window): void {
    const messagesMax = this.#record.value?.state === "asking" ? 1 : PRIVATE_WINDOW_MESSAGES;
    const mayGo = (): boolean => link.isOpen && window.sent < this.#headSeq && window.space(messagesMax) > 0;
    if (window.isRetired || window.refused !== undefined || !mayGo() || !this.#ports.isTrusted(link)) return;
    const { from } = this.#progress.of(link.device);
    const atOnce = Math.min(window.space(messagesMax), LINES_READ_AT_ONCE);
    for (const line of this.#lines(Math.max(window.sent + 1, from), atOnce)) {
      if (!mayGo() || line.seq === null || line.seq > this.#headSeq) return;
      if (line.seq !== window.sent + 1) link.tellPrivate({ cmd: "PRIVATE_LOST", after: window.sent, next: line.seq });
      if (this.#say(link, line) === "closed") return;
      window.went({ seq: line.seq, id: line.id, bytes: Buffer.byteLength(line.text) });
    }
  }

  get #headSeq(): number {
    return this.#head?.seq ?? 0;
  }

  #say(link: PrivateLink, { id, seq, prev, text, sentMs, supersedes }: PrivateLine): SendResult {
    const message: PeerMessage = {
      cmd: "MESSAGE",
      id,
      room: null,
      content: text,
      sent: new Date(sentMs).toISOString(),
    };
    const place = seq === null ? {} : { seq, prev };
    return link.tellPrivate({ ...message, ...place, ...(supersedes === null ? {} : { supersedes }) });
  }

  // ---- what the other side says

  /** Counts only for what went over this very link: whoever else says so confirms nothing. */
  confirmed(link: PrivateLink, id: MessageId, seq: number | undefined): void {
    const window = this.#windowByLink.get(link);
    const upTo = window?.confirm(id, seq);
    if (window === undefined || upTo === undefined) return;
    const before = this.#progress.confirmed;
    this.#progress.confirm(link.device, upTo);
    // One request may stand unanswered; who takes a second message has answered.
    if (upTo > 1 && this.#record.value?.state === "asking") this.#ports.accepted();
    for (let passed = before + 1; passed <= upTo; passed += 1) {
      this.#waitingBytes -= this.#waiting.get(passed)?.bytes ?? 0;
      this.#waiting.delete(passed);
    }
    this.#save(() => this.#tellRange(before + 1, upTo));
    this.#pump(link, window);
    this.tellMoved();
  }

  wanted(link: PrivateLink, after: number): void {
    const window = this.#windowByLink.get(link);
    if (window === undefined || after > this.#headSeq || !this.#mayWant(link)) return;
    window.refused = undefined;
    window.goBack(after);
    this.#pump(link, window);
    this.tellMoved();
  }

  #mayWant(link: PrivateLink): boolean {
    const nowMs = this.#ports.clock.monotonicMs();
    const known = this.#wantsByLink.get(link);
    const wants = known === undefined || nowMs - known.sinceMs >= MINUTE_MS ? { sinceMs: nowMs, count: 0 } : known;
    wants.count += 1;
    this.#wantsByLink.set(link, wants);
    return wants.count <= PRIVATE_WANTS_PER_MINUTE;
  }

  refused(link: PrivateLink, after: number, code: FaultCode): void {
    const window = this.#windowByLink.get(link);
    if (window === undefined) return;
    window.goBack(after);
    window.refused = fault(code, "the other side takes nothing now");
    this.tellMoved();
  }

  read(link: PrivateLink, seq: number): void {
    const before = this.#progress.read;
    this.#progress.markRead(link.device, seq);
    const { read } = this.#progress;
    if (read > before) this.#save(() => this.#tellRange(before + 1, read));
  }

  /** What the other side confirmed, to the disk; told when it is there, or when it cannot be: it is true either way. */
  #save(then: () => void = () => undefined): void {
    this.#afterSave.push(then);
    if (!this.#isSaving) void this.#saveAll();
  }

  readonly #afterSave: (() => void)[] = [];

  async #saveAll(): Promise<void> {
    this.#isSaving = true;
    while (this.#afterSave.length > 0) {
      const told = this.#afterSave.splice(0);
      const changes = this.#progress.takeChanges();
      const committed = changes.length === 0 ? undefined : await this.#record.commit(changes);
      if (committed?.ok === false) this.#progress.keepChanges();
      for (const tell of told) tell();
    }
    this.#isSaving = false;
  }

  // ---- where messages stand

  delivery(seq: number): Delivery {
    if (seq <= this.#progress.confirmed) {
      const read = seq <= this.#progress.read ? { read: 1 } : {};
      return { kind: "sent", received: 1, silent: 0, of: 1, ...read };
    }
    const windows = [...this.#windowByLink.values()];
    if (windows.some((window) => window.has(seq))) return { kind: "sent", received: 0, silent: 0, of: 1 };
    return { kind: "held", reason: this.#whyHeld(windows) };
  }

  #whyHeld(windows: readonly Window[]): Fault {
    const refused = windows.find((window) => window.refused !== undefined)?.refused;
    if (refused !== undefined) return refused;
    const isAsking = this.#record.value?.state === "asking" && this.#progress.confirmed > 0;
    return isAsking ? fault("not_accepted", "they have not answered yet") : this.#ports.whyHeld();
  }

  /** Of those that wait, which are told that they stand elsewhere than before. */
  tellMoved(): void {
    for (let seq = Math.max(1, this.#headSeq - PRIVATE_TOLD_MAX + 1); seq <= this.#headSeq; seq += 1) {
      const waiting = this.#waiting.get(seq);
      if (waiting === undefined || waiting.told === undefined) continue;
      const standing = standingOf(this.delivery(seq));
      if (standing === waiting.told) continue;
      waiting.told = standing;
      this.#tellLine(seq);
    }
  }

  #markTold({ seq }: StoredPrivateMessage): void {
    const waiting = seq === null ? undefined : this.#waiting.get(seq);
    if (seq !== null && waiting !== undefined) waiting.told = standingOf(this.delivery(seq));
  }

  #tellRange(from: number, to: number): void {
    for (let seq = Math.max(from, to - PRIVATE_TOLD_MAX + 1); seq <= to; seq += 1) this.#tellLine(seq);
  }

  #tellLine(seq: number): void {
    const { history, self } = this.#ports;
    const [line] = history.privateChain(this.#record.account, self.device, seq, 1);
    if (line !== undefined && line.seq === seq) this.#ports.moved(line);
  }
}

function standingOf(delivery: Delivery): string {
  return delivery.kind === "held" ? `held ${delivery.reason.code}` : delivery.kind;
}
