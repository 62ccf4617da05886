import type { FoundFork } from "./fork-finder.ts";
import type { RoomState } from "./room-state.ts";

/**
 * The room knows enough of this fork: nothing counts beyond the place where the branches part. Of a device whose control chain is known to have forked, content
 * up to some number still counts, and of that there may be two as well.
 */
export function isSettled(state: RoomState, { device, chain, common }: FoundFork): boolean {
  if (!state.forked.has(device)) return false;
  return chain === "control" || state.spans(device, "content").every(([, to]) => to <= common);
}
