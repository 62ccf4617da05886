import type { Clock, Timer } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  type FaultCode,
  type PeerMessage,
  PRIVATE_PENDING_BYTES_MAX,
  PRIVATE_PENDING_MESSAGES_MAX,
  REOFFER_FIRST_MS,
  REOFFER_LAST_MS,
  fault,
} from "@papo/protocol";
import type { HistoryChange, HistoryReader, StoredPrivateMessage } from "../../storage/history/history.ts";
import type { ChatRecord } from "./chat-record.ts";
import type { Admission, ContactDesk } from "./contact-desk.ts";
import { type Arriving, IncomingChain, lookUpIn, referenceKey } from "./incoming-chain.ts";
import { type NumberedText, privateId } from "./private-id.ts";
import type { PrivateLink } from "./private-link.ts";

export type IncomingPorts = {
  readonly clock: Clock;
  readonly history: HistoryReader;
  readonly self: { readonly account: AccountKey };
  readonly desk: ContactDesk;
  readonly isAcquainted: (account: AccountKey) => boolean;
  readonly linksTo: (account: AccountKey) => readonly PrivateLink[];
  /** These lines are on the disk now, and were not before. */
  readonly arrived: (lines: readonly StoredPrivateMessage[]) => void;
  /** A stranger asks, which is on the disk. The text is in the chat, if it was short enough. */
  readonly asked: () => void;
  /** What they said means that they talk with us; that is on its way to the disk. */
  readonly opened: () => void;
  /** The same, and nothing else of it goes to the disk. */
  readonly accepted: () => void;
};

type Batch = { readonly arriving: Arriving[]; bytes: number; asks: HistoryChange | undefined; undo: (() => void)[] };

/** One chat's messages from the other account: taken once, in the order of their device, confirmed when they are on the disk. */
export class Incoming {
  readonly #ports: IncomingPorts;
  readonly #record: ChatRecord;
  readonly #chainByDevice = new Map<DeviceKey, IncomingChain>();
  /** Texts on their way to the disk that stand for others. */
  readonly #superseded = new Set<string>();
  /** Links that were told that nothing is taken. */
  readonly #refusedOn = new Set<PrivateLink>();
  /** A stranger's first message that was kept in this run, and the links on which it came. */
  #request: Arriving | undefined;
  #batch: Batch = emptyBatch();
  #isWriting = false;
  #isStopped = false;
  #failures = 0;
  #retry: Timer | undefined;

  constructor(record: ChatRecord, ports: IncomingPorts) {
    this.#ports = ports;
    this.#record = record;
    for (const { device, own, seq, id } of ports.history.privateHeads(record.account))
      if (!own) this.#chainByDevice.set(device, new IncomingChain(device, { seq, id }));
  }

  /** Whether something is under way that has to find this chat again. */
  get isBusy(): boolean {
    return this.#isWriting || this.#retry !== undefined;
  }

  /** How far a device's chain is held, for its author. */
  heldFrom(device: DeviceKey): number {
    return this.#chainByDevice.get(device)?.durable?.seq ?? 0;
  }

  hear(link: PrivateLink, message: PeerMessage): void {
    const text = numberedText(message);
    const { account } = this.#record;
    const name = { from: account, device: link.device, to: this.#ports.self.account };
    if (this.#isStopped) return;
    if (text !== undefined && privateId(name, text) !== message.id) return this.#refuse(link, "invalid_message");

    const chain = this.#chain(link.device);
    const arriving = chain.arriving.get(message.id);
    if (arriving !== undefined) return void arriving.links.add(link);
    const admission = this.#judge(message);
    // Nothing is confirmed to somebody who is not accepted, not even the request that is kept.
    if (admission.kind === "refuse") return this.#refuse(link, admission.code);
    if (this.#isHeld(chain, message)) {
      if (admission.kind === "take" && admission.opens) this.#ports.accepted();
      return confirm(link, message);
    }
    if (chain.stalled === undefined) this.#hearNew(link, chain, { message, text, admission });
  }

  #judge({ content }: PeerMessage): Admission {
    const { account, value } = this.#record;
    const isAcquainted = (): boolean => this.#ports.isAcquainted(account);
    return this.#ports.desk.judge(value?.state, { isAcquainted, chars: content.length });
  }

  /** Only what the chain has reached can be there: most messages need no look at the disk. */
  #isHeld({ device, durable }: IncomingChain, { id, seq }: PeerMessage): boolean {
    if (seq !== undefined && seq > (durable?.seq ?? 0)) return false;
    return this.#ports.history.privateMessage(this.#record.account, device, id) !== undefined;
  }

  #hearNew(link: PrivateLink, chain: IncomingChain, { message, text, admission }: Heard): void {
    const { account } = this.#record;
    const { desk, history } = this.#ports;
    const fit =
      text === undefined
        ? ({ kind: "next", afterGap: false, forked: false } as const)
        : chain.fit(link, text, lookUpIn(history, account, link.device));
    if (fit.kind === "gap") return this.#askAgain(link, chain);

    if (admission.kind === "ask") {
      this.#batch.undo.push(this.#record.set(link.party.username, { state: "asked" }), () => desk.settled(account));
      this.#batch.asks = desk.asked(account);
    } else if (admission.opens) this.#open(link);
    if (admission.kind === "ask" && !admission.withText) this.#refuse(link, "not_accepted");
    else this.#take(chain, { line: this.#line(link, message, fit), links: new Set([link]) });
    void this.#write();
  }

  /** What they say means that they talk with us. */
  #open({ party }: PrivateLink): void {
    this.#batch.undo.push(this.#record.set(party.username, { state: "open" }));
    this.#ports.desk.settled(this.#record.account);
    this.#ports.opened();
  }

  #line(
    link: PrivateLink,
    message: PeerMessage,
    fit: { readonly afterGap: boolean; readonly forked: boolean },
  ): StoredPrivateMessage {
    const { id, content, sent, seq, prev, supersedes } = message;
    const arrivedMs = this.#ports.clock.wallMs();
    const sentMs = Date.parse(sent);
    return {
      account: this.#record.account,
      ...{ id, device: link.device, own: false, text: content },
      ...{ seq: seq ?? null, prev: prev ?? null, supersedes: supersedes ?? null },
      ...{ sentMs: Number.isNaN(sentMs) ? arrivedMs : sentMs, arrivedMs, encrypted: true },
      ...{ shown: !this.#isShownAlready(link.device, message), afterGap: fit.afterGap, forked: fit.forked },
    };
  }

  /** The same text under another number: of a device that took new keys. Whichever comes first is shown. */
  #isShownAlready(device: DeviceKey, { id, supersedes }: PeerMessage): boolean {
    const { history } = this.#ports;
    const { account } = this.#record;
    if (this.#superseded.has(referenceKey({ device, id }))) return true;
    // Only another device can have said it in its place.
    const isOneOfSeveral = this.#chainByDevice.size > 1;
    if (isOneOfSeveral && history.privateSuperseding(account, { device, id }) !== undefined) return true;
    if (supersedes === undefined) return false;
    if (this.#superseded.has(referenceKey(supersedes)) || history.privateSuperseding(account, supersedes) !== undefined)
      return true;
    const isArriving = this.#chainByDevice.get(supersedes.device)?.arriving.has(supersedes.id) === true;
    return isArriving || history.privateMessage(account, supersedes.device, supersedes.id) !== undefined;
  }

  #take(chain: IncomingChain, arriving: Arriving): void {
    const { line } = arriving;
    const isFull =
      this.#batch.arriving.length >= PRIVATE_PENDING_MESSAGES_MAX || this.#batch.bytes > PRIVATE_PENDING_BYTES_MAX;
    if (isFull) {
      // It is asked for again as soon as the disk has caught up.
      chain.stalled = fault("slow_down", "the disk is behind");
      return;
    }
    chain.take(arriving);
    this.#batch.arriving.push(arriving);
    this.#batch.bytes += 2 * line.text.length;
    if (line.supersedes !== null) this.#superseded.add(referenceKey(line.supersedes));
  }

  // ---- to the disk

  /** One durable unit at a time; what comes meanwhile makes the next one. */
  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#batch.arriving.length > 0 || this.#batch.asks !== undefined) {
      const batch = this.#batch;
      this.#batch = emptyBatch();
      const puts: HistoryChange[] = batch.arriving.map(({ line }) => ({ kind: "put-private", message: line }));
      const committed = await this.#record.commit(batch.asks === undefined ? puts : [batch.asks, ...puts]);
      if (this.#isStopped) return;
      if (committed.ok) this.#stored(batch);
      else this.#failed(batch, committed.fault);
    }
    this.#isWriting = false;
  }

  #stored({ arriving, asks }: Batch): void {
    this.#failures = 0;
    for (const one of arriving) {
      this.#chainByDevice.get(one.line.device)?.stored(one);
      if (one.line.supersedes !== null) this.#superseded.delete(referenceKey(one.line.supersedes));
    }
    if (asks !== undefined && this.#record.value?.state === "asked") this.#keptAsRequest(arriving);
    else {
      this.#confirmAll(arriving);
      this.#ports.arrived(arriving.map(({ line }) => line));
    }
    this.#resumeStalled();
  }

  /** Its author hears what whoever is ignored or blocked hears. */
  #keptAsRequest(arriving: readonly Arriving[]): void {
    [this.#request] = arriving;
    for (const { links } of arriving) for (const link of links) this.#refuse(link, "not_accepted");
    this.#ports.asked();
  }

  #confirmAll(arriving: readonly Arriving[]): void {
    const newestByLink = new Map<PrivateLink, Arriving>();
    for (const one of arriving) {
      for (const link of one.links) {
        // One word covers all before it in the chain; what stands beside the chain needs its own.
        if (one.line.seq === null || one.line.forked) confirm(link, one.line);
        else if (one.line.seq > (newestByLink.get(link)?.line.seq ?? 0)) newestByLink.set(link, one);
      }
    }
    for (const [link, { line }] of newestByLink) confirm(link, line);
  }

  /** Nothing of it is there: everything that builds on it is left to its author, who keeps it, and asked for again after a while. */
  #failed(batch: Batch, reason: Fault): void {
    for (const undo of [...batch.undo, ...this.#batch.undo].toReversed()) undo();
    this.#batch = emptyBatch();
    this.#superseded.clear();
    for (const chain of this.#chainByDevice.values()) {
      chain.backToDisk();
      chain.stalled = reason;
    }
    for (const link of this.#ports.linksTo(this.#record.account)) this.#refuse(link, "storage_failed");
    const delayMs = Math.min(REOFFER_FIRST_MS * 2 ** this.#failures, REOFFER_LAST_MS);
    this.#failures += 1;
    this.#retry?.cancel();
    this.#retry = this.#ports.clock.after(delayMs, () => {
      this.#retry = undefined;
      this.#resumeStalled();
    });
  }

  #resumeStalled(): void {
    if (this.#retry !== undefined || this.#batch.arriving.length > 0) return;
    const stalled = [...this.#chainByDevice.values()].filter((chain) => chain.stalled !== undefined);
    for (const chain of stalled) chain.stalled = undefined;
    const devices = new Set(stalled.map(({ device }) => device));
    for (const link of this.#ports.linksTo(this.#record.account)) if (devices.has(link.device)) this.resume(link);
  }

  // ---- words to the author

  /** The way was closed before: takes what comes next. The last that is held comes again too, to be confirmed: it may be the request. */
  resume(link: PrivateLink): void {
    this.#refusedOn.delete(link);
    link.tellPrivate({ cmd: "PRIVATE_WANT", after: Math.max(0, this.#chain(link.device).heldTo - 1) });
  }

  /** They are accepted now, on every link on which they were refused. */
  resumeRefused(): void {
    const { line, links } = this.#request ?? {};
    // Programs that do not number know no other word.
    if (line?.seq === null) for (const link of links ?? []) confirm(link, line);
    this.#request = undefined;
    for (const link of [...this.#refusedOn]) if (link.isOpen) this.resume(link);
  }

  #askAgain(link: PrivateLink, chain: IncomingChain): void {
    const after = chain.heldTo;
    if (chain.asks(link, after)) link.tellPrivate({ cmd: "PRIVATE_WANT", after });
  }

  /** Once for each link: whoever hears it waits. Whoever is not accepted is not told either what of theirs is held. */
  #refuse(link: PrivateLink, code: FaultCode): void {
    if (this.#refusedOn.has(link)) return;
    this.#refusedOn.add(link);
    const after = code === "not_accepted" ? 0 : this.heldFrom(link.device);
    link.tellPrivate({ cmd: "PRIVATE_REFUSED", after, code });
  }

  skipsTo(link: PrivateLink, after: number, next: number): void {
    this.#chainByDevice.get(link.device)?.skipsTo(link, after, next);
  }

  linkClosed(link: PrivateLink): void {
    this.#refusedOn.delete(link);
    this.#request?.links.delete(link);
    for (const chain of this.#chainByDevice.values()) chain.linkClosed(link);
  }

  /** What is on its way to the disk gets there, and is confirmed when its author sends it again. */
  stop(): void {
    this.#isStopped = true;
    this.#retry?.cancel();
  }

  #chain(device: DeviceKey): IncomingChain {
    const known = this.#chainByDevice.get(device);
    if (known !== undefined) return known;
    const chain = new IncomingChain(device, undefined);
    this.#chainByDevice.set(device, chain);
    return chain;
  }
}

type Heard = {
  readonly message: PeerMessage;
  readonly text: NumberedText | undefined;
  readonly admission: Exclude<Admission, { kind: "refuse" }>;
};

function numberedText({ seq, prev, sent, content, supersedes }: PeerMessage): NumberedText | undefined {
  return seq === undefined ? undefined : { seq, prev: prev ?? null, sent, content, supersedes };
}

function confirm(
  link: PrivateLink,
  { id, seq }: { readonly id: PeerMessage["id"]; readonly seq?: number | null | undefined },
): void {
  link.tellPrivate({ cmd: "RECEIVED", id, ...(typeof seq === "number" ? { seq } : {}) });
}

function emptyBatch(): Batch {
  return { arriving: [], bytes: 0, asks: undefined, undo: [] };
}
