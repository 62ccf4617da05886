import type { Chain, DeviceKey, EntryHeader, EntryId } from "@papo/protocol";
import type { Place } from "./known-entries.ts";
import type { LogStep, NewEntry } from "./log-step.ts";
import type { Tip } from "./room-memory.ts";
import type { Span } from "./room-state.ts";
import { lastNumber } from "./spans.ts";

// Where entries stand in their room: effective = min(claimed, 1 + the highest effective among what the entry names and what is held and counts).
// A function of the set, kept as the set grows. docs/protocol/room-log.md §3.2
//
// Along a chain it only grows, because claims do. An entry whose effective is its claim can rise no more, and falls only when something that it
// names counts no more; so of most entries nobody needs to know who names them. Those of whom one does are kept as "missing": what is not held, what
// may still rise, and what stands as high as the claim of the entry that names it (which is then capped by its claim alone).

/** What counts here. Numbers up to `base` are not ours to read: they are taken to stand at `baseEffective`. */
export type OrderRules = {
  base(device: DeviceKey): number;
  readonly baseEffective: number;
  spans(device: DeviceKey, chain: Chain): readonly Span[];
};

type Reference = { readonly id: EntryId; readonly device: DeviceKey | undefined; readonly seq: number };

/** Entries of one step that are put at their place. */
export class EffectiveOrder {
  readonly #step: LogStep;
  readonly #rules: OrderRules;
  readonly #queue = new Set<EntryId>();
  /** Who names what, of entries that may fall. */
  readonly #namers = new Map<EntryId, EntryId[]>();

  constructor(step: LogStep, rules: OrderRules) {
    this.#step = step;
    this.#rules = rules;
  }

  /** Gives a new entry its place. Others may wait for it: `settle` tells them. */
  place(entry: NewEntry): void {
    const { id, header } = entry.opened;
    entry.effective = this.#compute(id, header);
    this.#step.accept(entry);
  }

  /** Everything that named one of these is looked at again, and what follows from it. Returns who waited for an arrival. */
  arrived(id: EntryId, isNew: boolean): readonly EntryId[] {
    const dependents = this.#step.takeDependents(id, isNew);
    for (const dependent of dependents) this.#queue.add(dependent);
    return dependents;
  }

  /** An entry that was void counts again. */
  returned(id: EntryId): void {
    this.#queue.add(id);
    this.arrived(id, false);
  }

  /** These entries count no more: what names them may fall. `lowest`: the lowest effective among them. */
  voided(ids: ReadonlySet<EntryId>, lowest: number): void {
    for (const tip of this.#step.tips()) this.#indexAbove(tip, lowest);
    for (const id of ids) {
      for (const dependent of this.#step.takeDependents(id, false)) this.#queue.add(dependent);
      for (const namer of this.#namers.get(id) ?? []) this.#queue.add(namer);
    }
  }

  /** Works until nothing moves: chains cannot name one another in a circle, so it ends. */
  settle(): void {
    for (const id of this.#queue) {
      this.#queue.delete(id);
      this.#replace(id);
    }
  }

  #replace(id: EntryId): void {
    const place = this.#step.placeOf(id);
    const header = this.#step.headerOf(id);
    if (place === undefined || header === undefined) return;
    const effective = this.#compute(id, header);
    if (effective === place.effective) return;
    this.#step.move(id, effective);
    for (const dependent of this.#step.takeDependents(id, false)) this.#queue.add(dependent);
    for (const namer of this.#namers.get(id) ?? []) this.#queue.add(namer);
    const next = this.#step.idAt(header.author, header.chain, header.seq + 1);
    if (next !== undefined) this.#queue.add(next);
  }

  #compute(id: EntryId, header: EntryHeader): number {
    let highest = 0;
    const held: (readonly [EntryId, Place])[] = [];
    for (const reference of referencesOf(header)) {
      const place = this.#placeOf(reference);
      if (place === undefined) this.#step.wait(reference.id, id);
      else {
        if (place.effective > highest) highest = place.effective;
        if (reference.id !== header.prev) held.push([reference.id, place]);
      }
    }
    for (const [reference, { effective, lamport }] of held) {
      if (effective < lamport || effective >= header.lamport) this.#step.wait(reference, id);
    }
    return Math.min(header.lamport, highest + 1);
  }

  #placeOf({ id, device, seq }: Reference): Place | undefined {
    const { baseEffective } = this.#rules;
    if (device !== undefined && seq <= this.#rules.base(device)) {
      return { effective: baseEffective, lamport: baseEffective, hasBody: false };
    }
    return this.#step.placeOf(id);
  }

  /** Remembers what the entries of a chain name that stand above `lowest`. */
  #indexAbove(tip: Tip, lowest: number): void {
    const spans = this.#rules.spans(tip.device, tip.chain);
    for (let seq = lastNumber(spans, tip.seq); seq > 0; seq = lastNumber(spans, seq - 1)) {
      const id = this.#step.idAt(tip.device, tip.chain, seq);
      if (id === undefined) return;
      const place = this.#step.placeOf(id);
      const header = this.#step.headerOf(id);
      if (place === undefined || header === undefined) return;
      if (place.effective <= lowest) return;
      for (const reference of referencesOf(header)) {
        const namers = this.#namers.get(reference.id);
        if (namers === undefined) this.#namers.set(reference.id, [id]);
        else namers.push(id);
      }
    }
  }
}

/** What an entry builds on: control entries on control alone, so that what is said cannot move what is decided. */
function referencesOf(header: EntryHeader): readonly Reference[] {
  const references: Reference[] = [];
  const { prev, author, seq, chain } = header;
  const isContent = chain === "content";
  if (prev !== null) references.push({ id: prev, device: isContent ? author : undefined, seq: seq - 1 });
  for (const id of header.auth) references.push({ id, device: undefined, seq: 0 });
  if (isContent) for (const [device, number, id] of header.deps) references.push({ id, device, seq: number });
  return references;
}
