import { checkRoomName, fail } from "@papo/protocol";
import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §4.1 */
export const createRoom: Handler<"CREATE_ROOM"> = async (command, { online, policy }, { rooms, newRoomId, now }) => {
  if (checkRoomName(command.room) !== undefined)
    return fail("room_name_not_allowed", "a name that a room may be given");
  const room = {
    id: newRoomId(),
    name: command.room,
    kind: command.kind,
    capacity: command.capacity ?? policy.capacityDefault,
    createdAt: now(),
  };
  return rooms.create(room, online, policy);
};
