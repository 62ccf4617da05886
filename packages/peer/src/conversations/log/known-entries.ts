import type { EntryId } from "@papo/protocol";
import { KNOWN_ENTRIES_PER_ROOM_MAX } from "@papo/protocol";

/** Where an entry that is held stands in its room's order, and where it would like to stand. */
export type Place = {
  readonly effective: number;
  /** What its author claims; `effective` never goes beyond it. */
  readonly lamport: number;
  readonly hasBody: boolean;
};

/**
 * The entries of one room that were met last, so that a busy room asks its store for nothing. A view of what is durable. Two generations: when the young one is
 * full it becomes the old one, and what the old one still had and nobody asked for is forgotten.
 */
export class KnownEntries {
  #young = new Map<EntryId, Place>();
  #old = new Map<EntryId, Place>();

  get(id: EntryId): Place | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  set(id: EntryId, place: Place): void {
    if (this.#young.size >= KNOWN_ENTRIES_PER_ROOM_MAX / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(id, place);
  }

  delete(id: EntryId): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }
}
