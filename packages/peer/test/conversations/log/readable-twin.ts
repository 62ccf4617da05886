import type { DeviceKey, EntryId } from "@papo/protocol";
import { compareEntries } from "../../../src/storage/history/entry-order.ts";
import { evaluateControl } from "../../../src/conversations/log/control-set.ts";
import { type OpenedEntry, verifyEntry } from "../../../src/conversations/log/opened-entry.ts";
import type { RoomId } from "@papo/protocol";

export type TwinEntry = { readonly id: EntryId; readonly author: DeviceKey; readonly effective: number };

/**
 * What a room says by its whole set of entries, computed anew by the letter of docs/protocol/room-log.md, without a thought for speed. Forked content chains are
 * not for it: which branch came first is chance until the fork is told.
 */
export function readContent(room: RoomId, entries: readonly OpenedEntry[]): readonly TwinEntry[] {
  const distinct = [...new Map(entries.map((entry) => [entry.id, entry])).values()];
  const control = distinct.filter(({ header }) => header.chain === "control");
  const state = evaluateControl(room, control);
  const controlIds = new Set(control.map(({ id }) => id));
  const accepted = new Map<EntryId, OpenedEntry>(control.map((entry) => [entry.id, entry]));

  const devices = new Set(distinct.map(({ header }) => header.author));
  for (const device of devices) {
    const chain = distinct.filter(({ header }) => header.author === device && header.chain === "content");
    const spans = state.spans(device, "content");
    let last: OpenedEntry | undefined;
    const run: OpenedEntry[] = [];
    for (let seq = 1; ; seq++) {
      const next = chain.find(({ header }) => header.seq === seq && header.prev === (last?.id ?? null));
      if (next === undefined || next.header.lamport <= (last?.header.lamport ?? 0)) break;
      if (!next.header.auth.every((id) => controlIds.has(id))) break;
      run.push(next);
      last = next;
    }
    const signed = run.findLastIndex((entry) => entry.signature !== null && verifyEntry(entry, entry.signature));
    for (const entry of run.slice(0, signed + 1)) {
      const counts = spans.some(([from, to]) => entry.header.seq >= from && entry.header.seq <= to);
      if (!counts) break;
      accepted.set(entry.id, entry);
    }
  }

  const effectives = new Map<EntryId, number>();
  const effectiveOf = (id: EntryId): number => {
    const known = effectives.get(id);
    if (known !== undefined) return known;
    const entry = accepted.get(id);
    if (entry === undefined) return 0;
    const { prev, auth, deps, lamport, chain } = entry.header;
    const named = [
      ...(prev === null ? [] : [prev]),
      ...auth,
      ...(chain === "content" ? deps.map((dep) => dep[2]) : []),
    ];
    const effective = Math.min(lamport, 1 + Math.max(0, ...named.map(effectiveOf)));
    effectives.set(id, effective);
    return effective;
  };
  return [...accepted.values()]
    .filter(({ header }) => header.chain === "content")
    .map(({ id, header }) => ({ id, author: header.author, effective: effectiveOf(id) }))
    .toSorted(compareEntries);
}
