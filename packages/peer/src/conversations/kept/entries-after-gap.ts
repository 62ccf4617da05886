import type { DeviceKey } from "@papo/protocol";
import type { HistoryReader, StoredEntry } from "../../storage/history/history.ts";
import { headerOf } from "./read-entry.ts";

/**
 * Whether an entry is shown though something that its author had seen is not here. `base`: where this account's own history starts; what lies
 * before is not ours to read, so it is not missing.
 */
export function isAfterGap(
  entry: StoredEntry,
  history: Pick<HistoryReader, "effectiveOf">,
  base: ReadonlyMap<DeviceKey, number>,
): boolean {
  const deps = headerOf(entry)?.deps ?? [];
  return deps.some(([device, seq, id]) => {
    const isOurs = seq > (base.get(device) ?? 0);
    return isOurs && history.effectiveOf(entry.room, id) === undefined;
  });
}
