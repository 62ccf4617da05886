import type { StoredEntry } from "./history.ts";

/** Of what each device says in each kind, in the room's order, the newest `perAuthor`; entries come and go in that order. */
export function newestOfEach<T extends Pick<StoredEntry, "kind" | "author">>(
  entries: readonly T[],
  perAuthor: number,
): readonly T[] {
  if (entries.length <= perAuthor) return entries;
  const countBySpeaker = new Map<string, number>();
  const kept = entries.toReversed().filter(({ kind, author }) => {
    const speaker = `${kind} ${author}`;
    const count = (countBySpeaker.get(speaker) ?? 0) + 1;
    countBySpeaker.set(speaker, count);
    return count <= perAuthor;
  });
  return kept.toReversed();
}
