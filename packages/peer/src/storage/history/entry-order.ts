import type { EntryPosition } from "./history.ts";

/** The order of a room: (effective, author, id), texts by their characters' codes. */
export function compareEntries(one: EntryPosition, other: EntryPosition): number {
  return one.effective - other.effective || compareText(one.author, other.author) || compareText(one.id, other.id);
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
