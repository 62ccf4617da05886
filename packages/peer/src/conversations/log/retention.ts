import type { HistoryChange } from "../../storage/history/history.ts";
import { isExpired } from "./bodies.ts";
import { type RoomMemory, headerOf } from "./room-memory.ts";
import type { RoomState } from "./room-state.ts";

const PAGE = 64;

/**
 * What a room's retention takes away now, at most about `limit` bodies. Along each chain from where the last time ended, up to the first entry that is
 * young enough: numbers are given in time, whatever the labels say. docs/protocol/room-log.md §5
 */
export function expiredBodies(
  memory: RoomMemory,
  state: RoomState,
  nowMs: number,
  limit: number,
): readonly HistoryChange[] {
  const days = state.genesis?.retentionDays ?? null;
  if (days === null) return [];
  const { room, history } = memory;
  const changes: HistoryChange[] = [];
  let left = limit;
  for (const tip of memory.tipByName.values()) {
    if (tip.chain === "control" || left <= 0) continue;
    const name = `room-retired/${room}/${tip.device}`;
    const start = Number(history.setting(name) ?? 0);
    let done = start;
    for (let isOld = true; isOld && left > 0 && done < tip.seq; ) {
      const page = history.range(room, tip.device, "content", done + 1, PAGE);
      if (page.length === 0) break;
      for (const { id, seq, header, body, arrivedMs } of page) {
        isOld = isExpired(days, Math.min(headerOf(header).time, arrivedMs), nowMs);
        if (!isOld) break;
        done = seq;
        if (body === null) continue;
        changes.push({ kind: "drop-body", room, id });
        left -= 1;
      }
    }
    if (done > start) changes.push({ kind: "put-setting", name, value: String(done) });
  }
  return changes;
}
