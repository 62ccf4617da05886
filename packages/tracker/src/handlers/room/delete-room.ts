import { succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §4.4 */
export const deleteRoom: Handler<"DELETE_ROOM"> = async (command, { online, policy }, { rooms }) => {
  const deleted = await rooms.delete(command.room, online, policy);
  return deleted.ok ? succeed({ room: deleted.value }) : deleted;
};
