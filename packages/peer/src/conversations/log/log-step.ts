import {
  type Chain,
  type DeviceKey,
  type EntryHeader,
  type EntryId,
  MISSING_ENTRIES_REMEMBERED_MAX,
} from "@papo/protocol";
import type { HistoryChange, StoredEntry } from "../../storage/history/history.ts";
import type { EntryContent } from "./entry-content.ts";
import type { Place } from "./known-entries.ts";
import type { OpenedEntry } from "./opened-entry.ts";
import { type RoomMemory, type Tip, chainName, headerOf, quotaSetting } from "./room-memory.ts";

/** An entry that this step accepts. */
export type NewEntry = {
  readonly opened: OpenedEntry;
  readonly content: EntryContent;
  /** Verified, or our own. */
  signature: Uint8Array | null;
  body: Uint8Array | null;
  effective: number;
  /** Which batch brought it; undefined: own. */
  readonly batch: object | undefined;
};

/**
 * What one commit will change of a room, laid over what is durable: reads see the changes, the memory underneath does not until `apply`. A commit
 * that fails is forgotten with its step.
 */
export class LogStep {
  readonly memory: RoomMemory;
  readonly newById = new Map<EntryId, NewEntry>();
  readonly #newAt = new Map<string, Map<number, EntryId>>();
  readonly #tips = new Map<string, Tip>();
  readonly #moved = new Map<EntryId, number>();
  readonly #headers = new Map<EntryId, EntryHeader>();
  /** Whether entries that were held count, where this step changes it. */
  readonly #counts = new Map<EntryId, boolean>();
  readonly #waiting = new Map<EntryId, Set<EntryId>>();
  readonly #forgotten = new Set<EntryId>();
  readonly #bodies = new Map<EntryId, boolean>();
  readonly #changes: HistoryChange[] = [];
  #uncovered: Map<DeviceKey, Tip> | undefined;

  constructor(memory: RoomMemory) {
    this.memory = memory;
  }

  get isEmpty(): boolean {
    return this.newById.size === 0 && this.#changes.length === 0 && this.#tips.size === 0 && this.#moved.size === 0;
  }

  /** A change that reads of this step need not see. */
  also(change: HistoryChange): void {
    this.#changes.push(change);
  }

  tip(device: DeviceKey, chain: Chain): Tip | undefined {
    const name = chainName(device, chain);
    return this.#tips.get(name) ?? this.memory.tipByName.get(name);
  }

  setTip(tip: Tip): void {
    this.#tips.set(chainName(tip.device, tip.chain), tip);
  }

  dropBody(id: EntryId): void {
    this.#bodies.set(id, false);
    this.#changes.push({ kind: "drop-body", room: this.memory.room, id });
  }

  /** A body that came after its entry. */
  putBody(id: EntryId, body: Uint8Array, text: string | null): void {
    if (this.#bodies.has(id)) return;
    this.#bodies.set(id, true);
    this.#changes.push({ kind: "put-body", room: this.memory.room, id, body, text });
  }

  /** Every chain of which something is held. */
  tips(): readonly Tip[] {
    const merged = new Map([...this.memory.tipByName, ...this.#tips]);
    return [...merged.values()];
  }

  accept(entry: NewEntry): void {
    const { id, header } = entry.opened;
    this.newById.set(id, entry);
    const name = chainName(header.author, header.chain);
    const ids = this.#newAt.get(name);
    if (ids === undefined) this.#newAt.set(name, new Map([[header.seq, id]]));
    else ids.set(header.seq, id);
  }

  placeOf(id: EntryId): Place | undefined {
    const counts = this.#counts.get(id);
    if (counts === false) return undefined;
    const entry = this.newById.get(id);
    if (entry !== undefined) {
      return { effective: entry.effective, lamport: entry.opened.header.lamport, hasBody: entry.body !== null };
    }
    const place = counts === true ? this.#placeOfVoid(id) : this.memory.placeOf(id);
    const moved = this.#moved.get(id);
    return place === undefined || moved === undefined ? place : { ...place, effective: moved };
  }

  #placeOfVoid(id: EntryId): Place | undefined {
    const line = this.memory.history.entry(this.memory.room, id);
    if (line === undefined) return undefined;
    return { effective: line.effective, lamport: headerOf(line.header).lamport, hasBody: line.body !== null };
  }

  /** Undefined where it is not held. */
  headerOf(id: EntryId): EntryHeader | undefined {
    const known = this.newById.get(id)?.opened.header ?? this.#headers.get(id);
    if (known !== undefined) return known;
    const line = this.memory.history.entry(this.memory.room, id);
    if (line === undefined) return undefined;
    const header = headerOf(line.header);
    this.#headers.set(id, header);
    return header;
  }

  idAt(device: DeviceKey, chain: Chain, seq: number): EntryId | undefined {
    const added = this.#newAt.get(chainName(device, chain))?.get(seq);
    if (added !== undefined) return added;
    const tip = this.tip(device, chain);
    if (tip === undefined || seq > tip.seq) return undefined;
    if (tip.seq === seq) return tip.id;
    return this.memory.history.entryAt(this.memory.room, device, chain, seq)?.id;
  }

  /** Content heads of others that no accepted entry builds on, by device. */
  uncovered(): ReadonlyMap<DeviceKey, Tip> {
    this.#uncovered ??= this.#firstUncovered();
    return this.#uncovered;
  }

  /** After a start: those that stand higher than the last of our own. Whatever is left out was named then, or matters little. */
  #firstUncovered(): Map<DeviceKey, Tip> {
    const { self } = this.memory;
    const own = this.tip(self, "content");
    const above = own === undefined ? 0 : (this.placeOf(own.id)?.effective ?? 0);
    const uncovered = new Map<DeviceKey, Tip>();
    for (const tip of this.tips()) {
      if (tip.chain === "control" || tip.device === self) continue;
      if ((this.placeOf(tip.id)?.effective ?? 0) > above) uncovered.set(tip.device, tip);
    }
    return uncovered;
  }

  /** A content entry was accepted: it stands for what it names. */
  cover(entry: NewEntry): void {
    const { memory } = this;
    if (this.#uncovered === undefined && memory.uncovered === undefined) return;
    this.#uncovered ??= new Map(memory.uncovered);
    const { author, seq, deps } = entry.opened.header;
    for (const [device, number] of deps) {
      const head = this.#uncovered.get(device);
      const isCovered =
        head !== undefined && head.seq <= number && (this.placeOf(head.id)?.effective ?? 0) < entry.effective;
      if (isCovered) this.#uncovered.delete(device);
    }
    const { id } = entry.opened;
    if (author !== memory.self) this.#uncovered.set(author, { device: author, chain: "content", seq, id, bytes: 0 });
  }

  /** Puts it elsewhere in the room's order. */
  move(id: EntryId, effective: number): void {
    const entry = this.newById.get(id);
    if (entry !== undefined) entry.effective = effective;
    else this.#moved.set(id, effective);
  }

  setCounts(id: EntryId, counts: boolean): void {
    this.#counts.set(id, counts);
  }

  /** Something that is held has changed. */
  get hasChangedHeld(): boolean {
    return this.#counts.size > 0 || this.#moved.size > 0 || this.#bodies.size > 0;
  }

  /** `dependent` is looked at again when `reference` comes, or moves. */
  wait(reference: EntryId, dependent: EntryId): void {
    const waiting = this.#waiting.get(reference);
    if (waiting === undefined) this.#waiting.set(reference, new Set([dependent]));
    else waiting.add(dependent);
  }

  /** Who waits for it, of what is durable and of this step; nobody does any more. */
  takeDependents(reference: EntryId, isArrival: boolean): readonly EntryId[] {
    const own = this.#waiting.get(reference);
    this.#waiting.delete(reference);
    const { memory } = this;
    const isUnnamed = isArrival && memory.named?.has(reference) === false;
    if (isUnnamed || this.#forgotten.has(reference)) return own === undefined ? [] : [...own];
    const durable = memory.history.dependents(memory.room, reference);
    if (durable.length > 0) this.#forgotten.add(reference);
    return own === undefined ? durable : [...new Set([...durable, ...own])];
  }

  /** What the store is to change, as one unit. */
  changes(toStored: (entry: NewEntry) => StoredEntry, countsBytes: boolean): readonly HistoryChange[] {
    const { room } = this.memory;
    const changes: HistoryChange[] = [];
    for (const entry of this.newById.values()) changes.push({ kind: "put-entry", entry: toStored(entry) });
    for (const [id, effective] of this.#moved) changes.push({ kind: "set-effective", room, id, effective });
    for (const tip of this.#tips.values()) {
      const { device, chain, seq, id } = tip;
      changes.push({ kind: "put-head", room, author: device, chain, seq, id });
      const before = this.memory.tipByName.get(chainName(device, chain))?.bytes ?? 0;
      const name = quotaSetting(room, device);
      if (countsBytes && tip.bytes !== before) changes.push({ kind: "put-setting", name, value: String(tip.bytes) });
    }
    for (const missing of this.#forgotten) changes.push({ kind: "remove-missing", room, missing });
    for (const [missing, dependents] of this.#waiting) {
      for (const dependent of dependents) changes.push({ kind: "put-missing", room, missing, dependent });
    }
    changes.push(...this.#changes);
    return changes;
  }

  /** It is durable now. */
  apply(): void {
    const { memory } = this;
    for (const [name, tip] of this.#tips) {
      if (tip.seq === 0) memory.tipByName.delete(name);
      else memory.tipByName.set(name, tip);
    }
    for (const [id, entry] of this.newById) {
      memory.changed(id);
      const { lamport } = entry.opened.header;
      memory.known.set(id, { effective: entry.effective, lamport, hasBody: entry.body !== null });
    }
    for (const [id, effective] of this.#moved) {
      const known = memory.known.get(id);
      if (known !== undefined) memory.known.set(id, { ...known, effective });
    }
    for (const [id, hasBody] of this.#bodies) {
      const known = memory.known.get(id);
      if (known !== undefined) memory.known.set(id, { ...known, hasBody });
    }
    for (const id of this.#counts.keys()) memory.changed(id);
    this.#rememberNamed();
    memory.uncovered = this.#counts.size > 0 ? undefined : (this.#uncovered ?? memory.uncovered);
  }

  #rememberNamed(): void {
    const { memory } = this;
    for (const reference of this.#forgotten) memory.named?.delete(reference);
    for (const reference of this.#waiting.keys()) memory.named?.add(reference);
    if ((memory.named?.size ?? 0) > MISSING_ENTRIES_REMEMBERED_MAX) memory.named = undefined;
  }
}
