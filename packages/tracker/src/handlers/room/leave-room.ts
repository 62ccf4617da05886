import { succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §4.3 */
export const leaveRoom: Handler<"LEAVE_ROOM"> = async (command, { online, policy }, { rooms }) => {
  const left = await rooms.leave(command.room, online, policy);
  return left.ok ? succeed({ room: left.value }) : left;
};
