import { fail, succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §4.5 */
export const listMembers: Handler<"LIST_MEMBERS"> = async (command, { online }, { liveRooms, rooms }) => {
  // A room of somebody who is online is in memory; who is no member learns nothing, not even whether it exists.
  const live = liveRooms.get(command.room);
  if (live === undefined || !live.seats.has(online.username)) return fail("not_member", "a room of yours");
  return succeed(await rooms.page(live, command.after));
};
