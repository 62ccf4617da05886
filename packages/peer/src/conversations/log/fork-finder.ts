import {
  type Chain,
  type DeviceKey,
  type EntryId,
  type ForkBody,
  FORK_HEADERS_MAX,
  SIGNATURE_TRIES_PER_CHAIN_MAX,
  type SyncRange,
  decodeWith,
  signature as signatureText,
} from "@papo/protocol";
import type { PendingChain, PendingEntry } from "./pending-entries.ts";
import { chainName } from "./room-memory.ts";
import { isSigned } from "./vouching.ts";

// A device that writes two entries of one number has two branches. Which of them came first here is chance, so both are cut where they part; to find
// that place the other branch is asked for backwards from what came of it, twice as much each time. docs/protocol/room-log.md §4.9

/** An entry as evidence needs it. */
export type Held = {
  readonly id: EntryId;
  readonly header: Uint8Array;
  readonly signature: Uint8Array | null;
};

/** An accepted entry of a control chain. */
export type HeldControl = Held & { readonly seq: number; readonly prev: EntryId | null };

/** What is accepted of the chain in question. */
export type HeldChain = {
  /** The last accepted number. */
  readonly seq: number;
  /** The first number that we hold or may hold; what is before it cannot be compared. */
  readonly first: number;
  idAt(seq: number): EntryId | undefined;
  /** From a number on, at most so many. */
  from(seq: number, limit: number): readonly Held[];
};

type Branches = ForkBody["branches"];

/** One chain of which another branch has been seen. */
type Search = {
  readonly device: DeviceKey;
  readonly chain: Chain;
  /** The lowest entry of the other branch that is proven and was not here yet. */
  want: { readonly seq: number; readonly id: EntryId };
  stride: number;
  branches: Branches | undefined;
};

/** A fork that is proven, and the last number that both branches share. */
export type FoundFork = {
  readonly device: DeviceKey;
  readonly chain: Chain;
  readonly common: number;
  readonly branches: Branches;
};

export class ForkFinder {
  readonly #searchByName = new Map<string, Search>();
  readonly #foundByDevice = new Map<DeviceKey, FoundFork>();

  devices(): readonly DeviceKey[] {
    return [...this.#foundByDevice.keys()];
  }

  found(device: DeviceKey): FoundFork | undefined {
    return this.#foundByDevice.get(device);
  }

  /** More of another branch of this chain is looked for, or has been found. */
  isSearching(device: DeviceKey, chain: Chain): boolean {
    return this.#searchByName.has(chainName(device, chain)) || this.#foundByDevice.get(device)?.chain === chain;
  }

  /** It has been told in the log. */
  forget(device: DeviceKey): void {
    this.#foundByDevice.delete(device);
    for (const chain of ["control", "content"] as const) this.#searchByName.delete(chainName(device, chain));
  }

  /** What is still needed of other branches. */
  wants(): readonly SyncRange[] {
    return [...this.#searchByName.values()].map(({ device, chain, want, stride }) => ({
      device,
      chain,
      from: Math.max(1, want.seq - stride + 1),
      to: want.seq,
    }));
  }

  /** Looks at a control chain of which several branches have been taken. True when the fork is proven now. */
  examineControl(device: DeviceKey, entries: readonly HeldControl[]): boolean {
    if (this.#foundByDevice.has(device)) return false;
    const childrenOf = Map.groupBy(entries, ({ prev }) => prev);
    for (const [, [one, other]] of childrenOf) {
      if (one === undefined || other === undefined) continue;
      const branches = [one, other].map((first) => branchOf(followed(first, childrenOf)));
      const [ours, theirs] = branches;
      if (ours === undefined || theirs === undefined) continue;
      this.#foundByDevice.set(device, { device, chain: "control", common: one.seq - 1, branches: [ours, theirs] });
      return true;
    }
    return false;
  }

  /** Looks at what waits of a chain and cannot follow what is accepted of it. True when a fork is proven now. */
  examine(pending: PendingChain, held: HeldChain): boolean {
    if (this.#foundByDevice.has(pending.device)) return false;
    const name = chainName(pending.device, pending.chain);
    const search = this.#searchByName.get(name);
    const lowest = lowestProven(pending, held, search?.want.id);
    if (lowest === undefined) return false;

    const branches = search?.branches ?? proofOf(pending, held);
    const { seq, prev } = lowest.opened.header;
    const ours = seq - 1 < held.first ? undefined : held.idAt(seq - 1);
    const shared = prev === null || ours === undefined || ours === prev;
    if (shared && branches !== undefined) {
      this.#searchByName.delete(name);
      this.#foundByDevice.set(pending.device, {
        device: pending.device,
        chain: pending.chain,
        common: ours === undefined ? 0 : seq - 1,
        branches,
      });
      return true;
    }
    if (shared) this.#searchByName.delete(name);
    else {
      const stride = Math.min((search?.stride ?? 8) * 2, STRIDE_MAX);
      const want = { seq: seq - 1, id: prev };
      this.#searchByName.set(name, { device: pending.device, chain: pending.chain, want, stride, branches });
    }
    return false;
  }
}

/** Entries of one branch asked for at once. */
const STRIDE_MAX = 256;

/** The lowest entry of another branch that a signature, or what is known of the branch, vouches for. */
function lowestProven(pending: PendingChain, held: HeldChain, wanted: EntryId | undefined): PendingEntry | undefined {
  const bottoms = new Map<EntryId, PendingEntry>();
  let tries = SIGNATURE_TRIES_PER_CHAIN_MAX;
  let lowest: PendingEntry | undefined;
  for (const entry of pending.byId.values()) {
    const bottom = bottomOf(pending, entry, bottoms);
    if (!isElsewhere(bottom, held)) continue;
    const isProven = entry.isVouched || entry.opened.id === wanted;
    if (!isProven) {
      if (entry.signature === null || tries <= 0) continue;
      tries -= 1;
      if (!isSigned(entry)) continue;
    }
    vouchBackwards(pending, entry);
    if (lowest === undefined || bottom.opened.header.seq < lowest.opened.header.seq) lowest = bottom;
  }
  return lowest;
}

/** Where the run that leads to an entry begins, as far as it is here. */
function bottomOf(pending: PendingChain, entry: PendingEntry, bottoms: Map<EntryId, PendingEntry>): PendingEntry {
  const run: PendingEntry[] = [];
  let bottom = entry;
  for (let at: PendingEntry | undefined = entry; at !== undefined; at = before(pending, at)) {
    const known = bottoms.get(at.opened.id);
    bottom = known ?? at;
    if (known !== undefined) break;
    run.push(at);
  }
  for (const { opened } of run) bottoms.set(opened.id, bottom);
  return bottom;
}

function vouchBackwards(pending: PendingChain, entry: PendingEntry): void {
  entry.isVouched = true;
  let at = before(pending, entry);
  while (at !== undefined && !at.isVouched) {
    at.isVouched = true;
    at = before(pending, at);
  }
}

function before(pending: PendingChain, { opened }: PendingEntry): PendingEntry | undefined {
  const { prev } = opened.header;
  return prev === null ? undefined : pending.byId.get(prev);
}

/** It has the number of an accepted entry, or follows another one than the last accepted. */
function isElsewhere({ opened }: PendingEntry, held: HeldChain): boolean {
  const { seq, prev } = opened.header;
  if (seq < held.first) return false;
  if (seq <= held.seq) {
    const ours = held.idAt(seq);
    return ours !== undefined && ours !== opened.id;
  }
  return seq === held.seq + 1 && held.seq >= held.first && prev !== held.idAt(held.seq);
}

/** Two runs from one number on, each to its next signature, where both are short enough to be told. */
function proofOf(pending: PendingChain, held: HeldChain): Branches | undefined {
  for (const entry of pending.byId.values()) {
    const { seq } = entry.opened.header;
    if (!entry.isVouched || !isElsewhere(entry, held) || seq > held.seq) continue;
    const theirs = branchOf(pendingFrom(pending, entry));
    const ours = branchOf(held.from(seq, FORK_HEADERS_MAX));
    if (theirs !== undefined && ours !== undefined) return [ours, theirs];
  }
  return undefined;
}

function pendingFrom(pending: PendingChain, first: PendingEntry): readonly Held[] {
  const run: PendingEntry[] = [];
  let at: PendingEntry | undefined = first;
  while (at !== undefined && run.length < FORK_HEADERS_MAX) {
    run.push(at);
    const { id, header }: PendingEntry["opened"] = at.opened;
    at = pending.at(header.seq + 1).find(({ opened }) => opened.header.prev === id);
  }
  // Signatures here are as they came: only verified ones prove anything.
  return run.map((entry) => ({
    id: entry.opened.id,
    header: entry.opened.bytes,
    signature: isSigned(entry) ? entry.signature : null,
  }));
}

/** An entry and what follows it, as far as a proof can tell. */
function followed(
  first: HeldControl,
  childrenOf: ReadonlyMap<EntryId | null, readonly HeldControl[]>,
): readonly HeldControl[] {
  const run: HeldControl[] = [];
  let at: HeldControl | undefined = first;
  while (at !== undefined && run.length < FORK_HEADERS_MAX) {
    run.push(at);
    at = childrenOf.get(at.id)?.[0];
  }
  return run;
}

function branchOf(run: readonly Held[]): Branches[0] | undefined {
  const end = run.findIndex(({ signature }) => signature !== null);
  const last = run[end];
  if (last?.signature === undefined || last.signature === null) return undefined;
  const sig = decodeWith(signatureText, Buffer.from(last.signature).toString("base64url"));
  if (!sig.ok) return undefined;
  return { headers: run.slice(0, end + 1).map(({ header }) => Buffer.from(header).toString("utf8")), sig: sig.value };
}
