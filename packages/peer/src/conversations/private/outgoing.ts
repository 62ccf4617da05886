import type { Clock, SendResult } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  type FaultCode,
  type MessageId,
  type Outcome,
  PRIVATE_TOLD_MAX,
  PRIVATE_WANTS_PER_MINUTE,
  PRIVATE_WINDOW_MESSAGES,
  type PeerMessage,
  fault,
} from "@papo/protocol";
import type { Delivery } from "../../api.ts";
import type { HistoryReader, PrivateLine, StoredPrivateMessage } from "../../storage/history/history.ts";
import type { ChatRecord } from "./chat-record.ts";
import { isAsking } from "./contact-desk.ts";
import { OwnWriter } from "./own-writer.ts";
import type { PrivateLink } from "./private-link.ts";
import { Progress } from "./progress.ts";
import { WaitingTexts } from "./waiting-texts.ts";
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
  /** They took something: they talk with us. */
  readonly accepted: () => void;
};

const LINES_READ_AT_ONCE = 32;
const MINUTE_MS = 60_000;

/** One chat's own messages: on the disk before they are anywhere else, then over each link in order until some device of the account has them. */
export class Outgoing {
  readonly #ports: OutgoingPorts;
  readonly #record: ChatRecord;
  readonly #progress: Progress;
  readonly #windowByLink = new Map<PrivateLink, Window>();
  readonly #wantsByLink = new Map<PrivateLink, { readonly sinceMs: number; count: number }>();
  readonly #waiting = new WaitingTexts();
  readonly #writer: OwnWriter;
  readonly #afterSave: (() => void)[] = [];
  #isSaving = false;
  #isStopped = false;

  constructor(record: ChatRecord, ports: OutgoingPorts) {
    this.#ports = ports;
    this.#record = record;
    const { clock, history, self } = ports;
    this.#progress = new Progress(record.account, self.device, history.progress(record.account));
    this.#writer = new OwnWriter(record, {
      ...{ clock, history, self },
      checkRoom: (drafts, bytes) => this.#waiting.checkRoom(drafts, bytes),
      alsoStored: () => {
        this.#meetDevices();
        return this.#progress.takeChanges();
      },
      stored: (lines) => this.#wrote(lines),
      failed: () => this.#progress.keepChanges(),
    });
    for (const { seq, text } of this.#lines(this.#progress.confirmed + 1, LINES_READ_AT_ONCE))
      if (seq !== null) this.#waiting.add(seq, text, true);
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
    return this.#waiting.size > 0;
  }

  /** Whether something is under way that nobody else may begin anew. */
  get isBusy(): boolean {
    return this.#writer.isBusy || this.#isSaving;
  }

  // ---- writing

  write(text: string): Promise<Outcome<StoredPrivateMessage>> {
    return this.#writer.write(text);
  }

  /** Resolves when it was tried once; it is tried again until it is done. */
  rewrite(): Promise<void> {
    return this.#writer.rewrite();
  }

  #wrote(lines: readonly StoredPrivateMessage[]): void {
    if (this.#isStopped) return;
    for (const { seq, text } of lines) if (seq !== null) this.#waiting.add(seq, text, false);
    this.flush();
    for (const line of lines) {
      if (line.seq !== null) this.#waiting.toldFirst(line.seq, standingOf(this.delivery(line.seq)));
      this.#ports.written(line);
    }
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
    const listed = new Set(this.#ports.devicesOf(this.#record.account));
    // No statement of it is known: nobody is owed anything, and nobody is done with.
    if (listed.size === 0) return;
    for (const { device } of this.#windowByLink.keys()) listed.add(device);
    this.#progress.keepOnly((device) => listed.has(device));
    for (const device of listed) this.#progress.of(device);
  }

  /** Everything that may go. */
  flush(): void {
    for (const [link, window] of this.#windowByLink) this.#pump(link, window);
  }

  #pump(link: PrivateLink, window: Window): void {
    const messagesMax = this.#isAsking ? 1 : PRIVATE_WINDOW_MESSAGES;
    const mayGo = (): boolean => link.isOpen && window.sent < this.#writer.headSeq && window.space(messagesMax) > 0;
    if (window.isRetired || window.refused !== undefined || !mayGo() || !this.#ports.isTrusted(link)) return;
    const { from } = this.#progress.of(link.device);
    const atOnce = Math.min(window.space(messagesMax), LINES_READ_AT_ONCE);
    for (const line of this.#lines(Math.max(window.sent + 1, from), atOnce)) {
      if (!mayGo() || line.seq === null || line.seq > this.#writer.headSeq) return;
      if (line.seq !== window.sent + 1) link.tellPrivate({ cmd: "PRIVATE_LOST", after: window.sent, next: line.seq });
      if (this.#say(link, line) === "closed") return;
      window.went({ seq: line.seq, id: line.id, bytes: Buffer.byteLength(line.text) });
    }
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
    // Nothing is confirmed to whoever is not accepted.
    if (this.#isAsking) this.#ports.accepted();
    for (let passed = before + 1; passed <= upTo; passed += 1) this.#waiting.remove(passed);
    this.#save(() => this.#tellRange(before + 1, upTo));
    const wentBefore = window.sent;
    this.#pump(link, window);
    this.#tellMovedIn(wentBefore + 1, window.sent);
  }

  wanted(link: PrivateLink, after: number): void {
    const window = this.#windowByLink.get(link);
    if (window === undefined || after > this.#writer.headSeq || !this.#mayWant(link)) return;
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
    window.goBack(Math.max(after, this.#progress.of(link.device).confirmed));
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
    // With whom nobody talks, of them nothing is kept.
    if (!this.#isSaving && this.#record.value !== undefined) void this.#saveAll();
  }

  async #saveAll(): Promise<void> {
    this.#isSaving = true;
    while (this.#afterSave.length > 0) {
      const told = this.#afterSave.splice(0);
      const changes = this.#progress.takeChanges();
      const committed = changes.length === 0 ? undefined : await this.#record.commit(changes);
      if (committed?.ok === false) this.#progress.keepChanges();
      if (!this.#isStopped) for (const tell of told) tell();
    }
    this.#isSaving = false;
  }

  /** What is on its way to the disk gets there; nobody is told any more. */
  stop(): void {
    this.#isStopped = true;
    this.#writer.stop();
  }

  // ---- where messages stand

  delivery(seq: number): Delivery {
    if (seq <= this.#progress.confirmed) {
      const read = seq <= this.#progress.read ? { read: 1 } : {};
      return { kind: "sent", received: 1, silent: 0, of: 1, ...read };
    }
    for (const window of this.#windowByLink.values())
      if (window.has(seq)) return { kind: "sent", received: 0, silent: 0, of: 1 };
    return { kind: "held", reason: this.#whyHeld() };
  }

  /** Where the oldest one stands that nobody has. */
  whyWaiting(): Fault | undefined {
    const delivery = this.isWaiting ? this.delivery(this.#progress.confirmed + 1) : undefined;
    return delivery?.kind === "held" ? delivery.reason : undefined;
  }

  #whyHeld(): Fault {
    const why = this.#ports.whyHeld();
    // What only the user can change comes first.
    if (why.code === "identity_changed") return why;
    for (const { refused } of this.#windowByLink.values()) if (refused !== undefined) return refused;
    const isWithThem = this.#record.value?.state === "unanswered" || this.#windowByLink.size > 0;
    return this.#isAsking && isWithThem ? fault("not_accepted", "they have not answered yet") : why;
  }

  get #isAsking(): boolean {
    return isAsking(this.#record.value?.state);
  }

  /** Of those that wait, which stand elsewhere than was told: the newest ones. */
  tellMoved(): void {
    const head = this.#writer.headSeq;
    this.#tellMovedIn(Math.max(1, head - PRIVATE_TOLD_MAX + 1), head);
  }

  #tellMovedIn(from: number, to: number): void {
    for (let seq = from; seq <= to; seq += 1)
      if (this.#waiting.isNews(seq, () => standingOf(this.delivery(seq)))) this.#tellLine(seq);
  }

  #tellRange(from: number, to: number): void {
    for (const line of this.#lines(Math.max(from, to - PRIVATE_TOLD_MAX + 1), LINES_READ_AT_ONCE)) {
      if (line.seq === null || line.seq > to) return;
      this.#ports.moved(line);
    }
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
