import type { DeviceKey, EntryId } from "@papo/protocol";
import type { HistoryReader, StoredEntry } from "../../storage/history/history.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import type { RoomState } from "../log/room-state.ts";
import { forkIn, headerOf } from "./read-entry.ts";

/** A stretch of labels: from the first, up to and without the second. Milliseconds since 1970. */
export type TimeWindow = readonly [fromMs: number, toMs: number];

/** What an author says of when it wrote, and no later than it came. */
export function labelOf(entry: StoredEntry): number {
  return Math.min(headerOf(entry)?.time ?? entry.arrivedMs, entry.arrivedMs);
}

/**
 * Control entries by their labels. They have an order of their own, which says nothing of where they stand among what was said: between two messages
 * stands what says that it was done between them.
 */
export class RoomNotices {
  readonly #replica: RoomReplica;
  readonly #history: HistoryReader;
  #indexedFor: RoomState | undefined;
  #index: readonly { readonly id: EntryId; readonly timeMs: number }[] = [];

  constructor(replica: RoomReplica, history: HistoryReader) {
    this.#replica = replica;
    this.#history = history;
  }

  /** The newest `limit` of them, oldest first. */
  within([fromMs, toMs]: TimeWindow, limit: number): readonly StoredEntry[] {
    const inside = this.#indexed().filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs);
    return inside.slice(-limit).flatMap(({ id }) => this.#history.entry(this.#replica.id, id) ?? []);
  }

  #indexed(): readonly { readonly id: EntryId; readonly timeMs: number }[] {
    const { state, id } = this.#replica;
    if (this.#indexedFor !== state) {
      const forked = new Set<DeviceKey>();
      const entries = this.#history.control(id).filter((entry) => isFirst(entry, state, forked));
      const labelled = entries.map((entry) => ({ id: entry.id, timeMs: labelOf(entry) }));
      // Stable: of two with one label the one that knew less comes first.
      this.#index = labelled.toSorted((one, other) => one.timeMs - other.timeMs);
      this.#indexedFor = state;
    }
    return this.#index;
  }
}

/** Several members may have told of one fork at once: it is shown once. */
function isFirst(entry: StoredEntry, { voidIds }: RoomState, forked: Set<DeviceKey>): boolean {
  const device = voidIds.has(entry.id) ? undefined : forkIn(entry);
  if (device === undefined) return true;
  const isNews = !forked.has(device);
  forked.add(device);
  return isNews;
}
