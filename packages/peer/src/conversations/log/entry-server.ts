import {
  CONTROL_ENTRIES_MAX,
  type Chain,
  type DeviceKey,
  ENTRIES_PER_SIGNATURE_MAX,
  SERVED_AHEAD_ENTRIES_MAX,
  type WireEntry,
  batchBytesOf,
} from "@papo/protocol";

import { compareEntries } from "../../storage/history/entry-order.ts";
import type { StoredEntry } from "../../storage/history/history.ts";
import { type RoomMemory, chainName } from "./room-memory.ts";

/** Accepted numbers of one chain that may be given away. `effectiveMax`: nothing that stands higher. */
export type ServedRange = {
  readonly device: DeviceKey;
  readonly chain: Chain;
  readonly from: number;
  readonly to: number;
  readonly effectiveMax: number;
};

export type Served = { readonly entries: readonly WireEntry[]; readonly more: boolean };

/** Entries read at once of one chain, and at least so many where many chains are asked for at once. */
const PAGE = 64;
const PAGE_LEAST = 4;
/** What a run may go beyond the credit to end at a signature: so many times the credit in all. */
const OVERDRAFT = 2;

/**
 * Gives entries away in the room's order, which is causal: chains are merged as they are read. What was read and not given is kept for the next call, so
 * that a long backlog is read once. docs/protocol/room-log.md §7
 */
export class EntryServer {
  readonly #memory: RoomMemory;
  readonly #aheadByName = new Map<string, readonly StoredEntry[]>();

  constructor(memory: RoomMemory) {
    this.#memory = memory;
  }

  /** Something that is held has changed: what was read ahead is old. */
  forget(): void {
    this.#aheadByName.clear();
  }

  serve(ranges: readonly ServedRange[], credit: number): Served {
    const served: WireEntry[] = [];
    let left = credit;
    let more = false;
    for (const kind of ["control", "content"] as const) {
      const chosen: StoredEntry[] = [];
      const asked = ranges.filter(({ chain }) => chain === kind);
      // Whoever asks for little of many chains is not to have much of each read for it.
      const page = Math.max(PAGE_LEAST, Math.min(PAGE, Math.floor(SERVED_AHEAD_ENTRIES_MAX / asked.length)));
      const cursors = asked.map((range) => this.#cursor(range, page));
      if (left > 0) left = merge(cursors, left, chosen);
      if (cursors.some((cursor) => cursor.peek() !== undefined)) more = true;
      const ended = endAtSignatures(cursors, chosen, {
        isFirst: served.length === 0,
        overdraft: credit * OVERDRAFT - (credit - left),
      });
      if (ended.isCut) more = true;
      served.push(...ended.entries);
      this.#keepAhead(cursors);
      if (more) break;
    }
    return { entries: served.map(toWire), more };
  }

  #cursor(range: ServedRange, page: number): Cursor {
    const ahead = this.#aheadByName.get(chainName(range.device, range.chain)) ?? [];
    return new Cursor(this.#memory, { range, page, ahead: ahead[0]?.seq === range.from ? ahead : [] });
  }

  #keepAhead(cursors: readonly Cursor[]): void {
    let count = 0;
    for (const cursor of cursors) {
      // Of a control chain several entries may have one number.
      if (cursor.range.chain === "control") continue;
      const ahead = cursor.ahead();
      count += ahead.length;
      const name = chainName(cursor.range.device, cursor.range.chain);
      if (ahead.length > 0 && count <= SERVED_AHEAD_ENTRIES_MAX) this.#aheadByName.set(name, ahead);
      else this.#aheadByName.delete(name);
    }
  }
}

/** Reads one chain page by page. */
class Cursor {
  readonly range: ServedRange;
  readonly #memory: RoomMemory;
  readonly #last: number;
  readonly #limit: number;
  #page: readonly StoredEntry[];
  #at = 0;
  #next: number;

  constructor(
    memory: RoomMemory,
    {
      range,
      page,
      ahead,
    }: { readonly range: ServedRange; readonly page: number; readonly ahead: readonly StoredEntry[] },
  ) {
    this.#memory = memory;
    this.range = range;
    this.#limit = page;
    this.#page = ahead;
    this.#next = (ahead.at(-1)?.seq ?? range.from - 1) + 1;
    this.#last = memory.tipByName.get(chainName(range.device, range.chain))?.seq ?? 0;
  }

  /** Within what was asked for. */
  peek(): StoredEntry | undefined {
    const entry = this.beyond();
    return entry !== undefined && entry.seq <= this.range.to ? entry : undefined;
  }

  /** The next of the chain, asked for or not. */
  beyond(): StoredEntry | undefined {
    if (this.#at >= this.#page.length && this.#next <= this.#last) this.#read();
    const entry = this.#page[this.#at];
    const isServed = entry !== undefined && entry.seq <= this.#last && entry.effective <= this.range.effectiveMax;
    return isServed ? entry : undefined;
  }

  /** Nothing more of the chain is accepted here. */
  get isAtEnd(): boolean {
    return this.#at >= this.#page.length && this.#next > this.#last;
  }

  take(): void {
    this.#at += 1;
  }

  /** What the chain went on with when its end was cut off later: it counts for nothing, but may carry the signature that vouches for what does. */
  *evidence(): Iterable<WireEntry> {
    const { device, chain } = this.range;
    const { history, room } = this.#memory;
    let before = chain === "content" ? history.entryAt(room, device, chain, this.#last) : undefined;
    for (let seq = this.#last + 1; before !== undefined; seq += 1) {
      const next = history.entryAt(room, device, chain, seq);
      if (next === undefined || next.prev !== before.id) return;
      yield { header: next.header, signature: next.signature, body: null };
      before = next;
    }
  }

  untake(count: number): void {
    this.#at = Math.max(0, this.#at - count);
  }

  ahead(): readonly StoredEntry[] {
    return this.#page.slice(this.#at, this.#at + PAGE);
  }

  #read(): void {
    // What was taken of the last pages stays within reach of `untake`.
    const page = this.#wholeNumbers();
    const kept = this.#page.slice(Math.max(0, this.#at - ENTRIES_PER_SIGNATURE_MAX), this.#at);
    this.#page = [...kept, ...page];
    this.#at = kept.length;
    const last = page.at(-1);
    this.#next = last === undefined ? Number.POSITIVE_INFINITY : last.seq + 1;
  }

  /** A page, which in a control chain ends between two numbers: where it forked, there are as many of one as the device has made. */
  #wholeNumbers(): readonly StoredEntry[] {
    const { device, chain } = this.range;
    const { room, history } = this.#memory;
    for (let limit = this.#limit; ; limit *= 4) {
      const page = history.range(room, device, chain, this.#next, limit);
      const last = page.at(-1);
      if (chain === "content" || last === undefined || page.length < limit) return page;
      const whole = page.filter(({ seq }) => seq < last.seq);
      if (whole.length > 0 || limit > CONTROL_ENTRIES_MAX) return whole;
    }
  }
}

/** Takes from all chains in the room's order while there is credit; at least one entry. Returns what is left of it. */
function merge(cursors: readonly Cursor[], credit: number, into: StoredEntry[]): number {
  let left = credit;
  while (left > 0) {
    let first: { readonly cursor: Cursor; readonly entry: StoredEntry } | undefined;
    for (const cursor of cursors) {
      const entry = cursor.peek();
      if (entry !== undefined && (first === undefined || compareEntries(entry, first.entry) < 0))
        first = { cursor, entry };
    }
    if (first === undefined) break;
    first.cursor.take();
    into.push(first.entry);
    left -= bytesOf(first.entry);
  }
  return left;
}

/**
 * Without a signature at its end a run only waits at the receiver. So what follows a chain's last signature here is left for the next time; where there is
 * none at all, the run goes on to the next one.
 */
function endAtSignatures(
  cursors: readonly Cursor[],
  chosen: readonly StoredEntry[],
  { isFirst, overdraft }: { readonly isFirst: boolean; readonly overdraft: number },
): { readonly entries: readonly WireEntry[]; readonly isCut: boolean } {
  const runByDevice = Map.groupBy(chosen, ({ author }) => author);
  const left = new Set<StoredEntry>();
  const added: WireEntry[] = [];
  let allowance = overdraft;
  let isCut = false;
  for (const cursor of cursors) {
    const run = runByDevice.get(cursor.range.device) ?? [];
    const end = run.findLastIndex(({ signature }) => signature !== null);
    const tail = run.slice(end + 1);
    if (tail.length === 0) continue;
    const extension = end < 0 ? toSignature(cursor, allowance) : undefined;
    if (extension !== undefined) {
      added.push(...extension);
      allowance -= extension.reduce((sum, entry) => sum + bytesOf(entry), 0);
    } else if (end >= 0 || !isFirst || left.size + tail.length < chosen.length) {
      for (const entry of tail) left.add(entry);
      cursor.untake(tail.length);
      isCut = true;
    }
  }
  const kept = chosen.filter((entry) => !left.has(entry));
  return { entries: [...kept, ...added], isCut };
}

function toSignature(cursor: Cursor, allowance: number): readonly WireEntry[] | undefined {
  const taken: WireEntry[] = [];
  let left = allowance;
  for (let entry = cursor.beyond(); entry !== undefined; entry = cursor.beyond()) {
    left -= bytesOf(entry);
    if (left < 0 || taken.length >= ENTRIES_PER_SIGNATURE_MAX) break;
    cursor.take();
    taken.push(entry);
    if (entry.signature !== null) return taken;
  }
  const evidence = cursor.isAtEnd ? upToSignature(cursor.evidence(), { count: taken.length, bytes: left }) : undefined;
  if (evidence !== undefined) return [...taken, ...evidence];
  cursor.untake(taken.length);
  return undefined;
}

function upToSignature(
  entries: Iterable<WireEntry>,
  room: { readonly count: number; readonly bytes: number },
): readonly WireEntry[] | undefined {
  const taken: WireEntry[] = [];
  let left = room.bytes;
  for (const entry of entries) {
    left -= bytesOf(entry);
    if (left < 0 || room.count + taken.length >= ENTRIES_PER_SIGNATURE_MAX) return undefined;
    taken.push(entry);
    if (entry.signature !== null) return taken;
  }
  return undefined;
}

function bytesOf(entry: WireEntry): number {
  return batchBytesOf(entry);
}

function toWire({ header, signature, body }: WireEntry): WireEntry {
  return { header, signature, body };
}
