import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §4.2 */
export const joinRoom: Handler<"JOIN_ROOM"> = (command, { online, policy }, { rooms }) =>
  rooms.join(command.room, online, policy);
