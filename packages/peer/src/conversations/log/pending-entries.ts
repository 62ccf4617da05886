import {
  type Chain,
  type DeviceKey,
  type EntryId,
  PENDING_BYTES_MAX,
  PENDING_BYTES_PER_CHAIN_MAX,
  PENDING_CANDIDATES_PER_NUMBER_MAX,
  PENDING_CHAINS_PER_ROOM_MAX,
  PENDING_ENTRIES_PER_CHAIN_MAX,
} from "@papo/protocol";
import type { OpenedEntry } from "./opened-entry.ts";
import { isSigned } from "./vouching.ts";

// Entries that came but are not accepted: something before them is missing, or a signature that vouches for them, or the control entries
// that they were written under. In memory alone, bounded, and never told to anybody. docs/protocol/room-log.md §2.3

/** An entry that waits. */
export type PendingEntry = {
  readonly opened: OpenedEntry;
  /** As it came, until `isVerified`; null: none came, or it was wrong. */
  signature: Uint8Array | null;
  isVerified: boolean;
  /** A signature at or after it has been verified, and its chain leads here. */
  isVouched: boolean;
  readonly bytes: number;
  /** Which batch brought it. */
  readonly batch: object;
};

/** What all rooms of one account may keep waiting together. The room in which most waits makes place for the others. */
export class PendingBudget {
  readonly #rooms = new Set<PendingEntries>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  join(room: PendingEntries): void {
    this.#rooms.add(room);
  }

  leave(room: PendingEntries): void {
    this.#rooms.delete(room);
  }

  /** False: there is no place for it. `by`: the chain that it is for, which does not make place for itself. */
  take(bytes: number, by: PendingChain): boolean {
    while (this.#bytes + bytes > PENDING_BYTES_MAX) if (!this.#fullest()?.letGo(by)) return false;
    this.#bytes += bytes;
    return true;
  }

  #fullest(): PendingEntries | undefined {
    let fullest: PendingEntries | undefined;
    for (const room of this.#rooms) if (fullest === undefined || room.bytes > fullest.bytes) fullest = room;
    return fullest;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** What waits of one chain. */
export class PendingChain {
  readonly device: DeviceKey;
  readonly chain: Chain;
  readonly byId = new Map<EntryId, PendingEntry>();
  readonly #byNumber = new Map<number, PendingEntry[]>();
  bytes = 0;

  constructor(device: DeviceKey, chain: Chain) {
    this.device = device;
    this.chain = chain;
  }

  at(seq: number): readonly PendingEntry[] {
    return this.#byNumber.get(seq) ?? NONE;
  }

  add(entry: PendingEntry): void {
    const { id, header } = entry.opened;
    this.byId.set(id, entry);
    this.bytes += entry.bytes;
    const others = this.#byNumber.get(header.seq);
    if (others === undefined) this.#byNumber.set(header.seq, [entry]);
    else others.push(entry);
  }

  remove(entry: PendingEntry): void {
    const { id, header } = entry.opened;
    if (!this.byId.delete(id)) return;
    this.bytes -= entry.bytes;
    const left = this.at(header.seq).filter((other) => other !== entry);
    if (left.length === 0) this.#byNumber.delete(header.seq);
    else this.#byNumber.set(header.seq, left);
  }
}

const NONE: readonly PendingEntry[] = [];

/**
 * What waits in one room. Nobody knows of it who wrote it: it may be junk, in anybody's name. So there is always place for what comes, and what makes it is
 * what nothing was added to for longest, of devices that the room does not know before others.
 */
export class PendingEntries {
  readonly #budget: PendingBudget;
  readonly #isKnown: (device: DeviceKey) => boolean;
  /** The one that was added to last stands last. */
  readonly #chainByName = new Map<string, PendingChain>();
  #bytes = 0;

  constructor(budget: PendingBudget, isKnown: (device: DeviceKey) => boolean) {
    this.#budget = budget;
    this.#isKnown = isKnown;
    budget.join(this);
  }

  get bytes(): number {
    return this.#bytes;
  }

  countByBatch(): ReadonlyMap<object, number> {
    const counts = new Map<object, number>();
    for (const chain of this.#chainByName.values()) {
      for (const { batch } of chain.byId.values()) counts.set(batch, (counts.get(batch) ?? 0) + 1);
    }
    return counts;
  }

  chains(): readonly PendingChain[] {
    return [...this.#chainByName.values()];
  }

  chain(device: DeviceKey, chain: Chain): PendingChain | undefined {
    return this.#chainByName.get(chain + device);
  }

  /**
   * Keeps it. What was let go of for it will be asked for again. The bounds of one chain are for what waits from one batch to the next, so they are applied
   * by `trim`.
   */
  add(opened: OpenedEntry, batch: object): boolean {
    const { author, chain: kind } = opened.header;
    const chain = this.chain(author, kind) ?? new PendingChain(author, kind);
    const same = chain.byId.get(opened.id);
    if (same !== undefined) {
      // The newest signature counts: one that was made wrong on the way must not keep out the right one.
      if (!same.isVerified && opened.signature !== null) same.signature = opened.signature;
      return true;
    }
    const bytes = opened.bytes.length + (opened.body?.length ?? 0);
    const entry: PendingEntry = {
      ...{ opened, signature: opened.signature, isVerified: false, isVouched: false, bytes, batch },
    };
    if (!this.#makePlace(chain, entry)) return false;
    if (!this.#budget.take(bytes, chain)) return false;
    this.#bytes += bytes;
    this.#chainByName.delete(kind + author);
    if (this.#chainByName.size >= PENDING_CHAINS_PER_ROOM_MAX) this.letGo(chain);
    this.#chainByName.set(kind + author, chain);
    chain.add(entry);
    return true;
  }

  /** Of a control chain every branch is taken: what its author has signed needs no place that junk could have. */
  #makePlace(chain: PendingChain, entry: PendingEntry): boolean {
    const others = chain.at(entry.opened.header.seq);
    if (others.length < PENDING_CANDIDATES_PER_NUMBER_MAX) return true;
    if (chain.chain === "control" && isSigned(entry)) return true;
    const oldest = others.find(({ isVouched, isVerified }) => !isVouched && !isVerified);
    if (oldest !== undefined) this.remove(oldest);
    return oldest !== undefined;
  }

  remove(entry: PendingEntry): void {
    const { author, chain: kind } = entry.opened.header;
    const chain = this.chain(author, kind);
    if (chain?.byId.has(entry.opened.id) !== true) return;
    chain.remove(entry);
    this.#give(entry.bytes);
    if (chain.byId.size === 0) this.#chainByName.delete(kind + author);
  }

  /** Lets go of all that waits of one chain, to be asked for again if it was any good. False: there is none but `keep`. */
  letGo(keep: PendingChain): boolean {
    let first: PendingChain | undefined;
    for (const chain of this.#chainByName.values()) {
      if (chain === keep) continue;
      first ??= chain;
      if (this.#isKnown(chain.device)) continue;
      first = chain;
      break;
    }
    if (first === undefined) return false;
    this.#chainByName.delete(first.chain + first.device);
    this.#give(first.bytes);
    return true;
  }

  #give(bytes: number): void {
    this.#bytes -= bytes;
    this.#budget.give(bytes);
  }

  /** Lets go of what is beyond the bounds of one chain, the highest numbers first. */
  trim(chain: PendingChain): void {
    if (chain.byId.size <= PENDING_ENTRIES_PER_CHAIN_MAX && chain.bytes <= PENDING_BYTES_PER_CHAIN_MAX) return;
    const downwards = [...chain.byId.values()].toSorted((a, b) => b.opened.header.seq - a.opened.header.seq);
    for (const entry of downwards) {
      if (chain.byId.size <= PENDING_ENTRIES_PER_CHAIN_MAX && chain.bytes <= PENDING_BYTES_PER_CHAIN_MAX) return;
      this.remove(entry);
    }
  }

  /** Everything goes: the room is closed. */
  clear(): void {
    this.#give(this.#bytes);
    this.#chainByName.clear();
    this.#budget.leave(this);
  }
}
