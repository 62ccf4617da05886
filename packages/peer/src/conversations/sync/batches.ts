import {
  ENTRIES_PER_BATCH_MAX,
  ENTRY_BATCH_BYTES,
  type EntryBatch,
  type RoomId,
  type WireEntry,
  batchBytesOf,
} from "@papo/protocol";

/** Entries in frames of about ENTRY_BATCH_BYTES, in their order. */
export function batchesOf(room: RoomId, entries: readonly WireEntry[]): readonly EntryBatch[] {
  const batches: EntryBatch[] = [];
  let batch: WireEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = batchBytesOf(entry);
    const isFull = bytes + size > ENTRY_BATCH_BYTES || batch.length >= ENTRIES_PER_BATCH_MAX;
    if (isFull && batch.length > 0) {
      batches.push({ room, entries: batch });
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) batches.push({ room, entries: batch });
  return batches;
}

export function bytesOf(entries: readonly WireEntry[]): number {
  return entries.reduce((sum, entry) => sum + batchBytesOf(entry), 0);
}
