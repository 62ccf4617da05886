import type { DeviceKey, Fault, MessageId } from "@papo/protocol";
import type { HistoryReader, PrivateReference, StoredPrivateMessage } from "../../storage/history/history.ts";
import type { NumberedText } from "./private-id.ts";
import type { PrivateLink } from "./private-link.ts";

/** A place in a chain. */
export type Head = { readonly seq: number; readonly id: MessageId };

/** A message on its way to the disk, and the links on which it is to be confirmed. */
export type Arriving = {
  readonly line: StoredPrivateMessage;
  readonly links: Set<PrivateLink>;
};

/** What a numbered message is to its chain. `gap`: something before it has not come; its author is asked for it. */
export type Fit =
  | { readonly kind: "next"; readonly afterGap: boolean; readonly forked: boolean }
  | { readonly kind: "gap"; readonly after: number };

/** One device's chain with us: what is held of it, what is on its way to the disk, and what was asked for. */
export class IncomingChain {
  readonly device: DeviceKey;
  /** The last that is on the disk. */
  durable: Head | undefined;
  /** The last that is on the disk or on its way there. */
  tail: Head | undefined;
  readonly arriving = new Map<MessageId, Arriving>();
  /** Nothing more is taken until it was asked for again, and why. */
  stalled: Fault | undefined;
  /** Where the author says that its chain goes on for us. */
  readonly #nextByLink = new Map<PrivateLink, number>();
  /** What was asked for on which link: once is enough until more has come. */
  readonly #askedByLink = new Map<PrivateLink, number>();

  constructor(device: DeviceKey, durable: Head | undefined) {
    this.device = device;
    this.durable = durable;
    this.tail = durable;
  }

  get heldTo(): number {
    return this.tail?.seq ?? 0;
  }

  /** `lookUp` tells of what is on the disk. */
  fit(link: PrivateLink, { seq, prev }: NumberedText, lookUp: ChainLookUp): Fit {
    const { tail } = this;
    // The first that comes is where the chain begins for us: its author sends the oldest that is ours first.
    if (tail === undefined) return { kind: "next", afterGap: seq > 1, forked: false };
    if (seq === tail.seq + 1) {
      const follows = prev === tail.id;
      return { kind: "next", afterGap: !follows && !this.#has(prev, lookUp), forked: !follows };
    }
    if (seq <= tail.seq) return { kind: "next", afterGap: false, forked: this.#isTaken(seq, lookUp) };
    if (this.#nextByLink.get(link) === seq) return { kind: "next", afterGap: true, forked: false };
    return { kind: "gap", after: tail.seq };
  }

  #has(id: MessageId | null, lookUp: ChainLookUp): boolean {
    return id !== null && (this.arriving.has(id) || lookUp.has(id));
  }

  #isTaken(seq: number, lookUp: ChainLookUp): boolean {
    for (const { line } of this.arriving.values()) if (line.seq === seq) return true;
    return lookUp.isTaken(seq);
  }

  /** It is on its way to the disk. */
  take(arriving: Arriving): void {
    const { seq, id } = arriving.line;
    this.arriving.set(id, arriving);
    if (seq !== null && seq > this.heldTo) this.tail = { seq, id };
  }

  stored({ line }: Arriving): void {
    this.arriving.delete(line.id);
    if (line.seq !== null && line.seq > (this.durable?.seq ?? 0)) this.durable = { seq: line.seq, id: line.id };
  }

  /** What was on its way did not get there. */
  backToDisk(): void {
    this.arriving.clear();
    this.tail = this.durable;
    this.#askedByLink.clear();
  }

  /** Whether this is news to whoever is asked. */
  asks(link: PrivateLink, after: number): boolean {
    if (this.#askedByLink.get(link) === after) return false;
    this.#askedByLink.set(link, after);
    return true;
  }

  skipsTo(link: PrivateLink, after: number, next: number): void {
    if (after === this.heldTo && next > after) this.#nextByLink.set(link, next);
  }

  linkClosed(link: PrivateLink): void {
    this.#nextByLink.delete(link);
    this.#askedByLink.delete(link);
    for (const { links } of this.arriving.values()) links.delete(link);
  }
}

export type ChainLookUp = { readonly has: (id: MessageId) => boolean; readonly isTaken: (seq: number) => boolean };

/** What the store knows of one device's chain. */
export function lookUpIn(
  history: HistoryReader,
  account: StoredPrivateMessage["account"],
  device: DeviceKey,
): ChainLookUp {
  return {
    has: (id) => history.privateMessage(account, device, id) !== undefined,
    isTaken: (seq) => history.privateChain(account, device, seq, 1)[0]?.seq === seq,
  };
}

export function referenceKey({ device, id }: PrivateReference): string {
  return `${device} ${id}`;
}
