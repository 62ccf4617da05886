import { checkRoomName, fail, succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";
import { ticketFor } from "./ticket-for.ts";

/** docs/protocol/tracker.md §4.1 */
export const createRoom: Handler<"CREATE_ROOM"> = async (command, caller, domain) => {
  if (checkRoomName(command.room) !== undefined)
    return fail("room_name_not_allowed", "a name that a room may be given");
  const room = {
    id: command.roomId ?? domain.newRoomId(),
    name: command.room,
    kind: command.kind,
    capacity: command.capacity ?? caller.policy.capacityDefault,
    createdAt: domain.now(),
  };
  const created = await domain.rooms.create(room, caller.online, caller.policy);
  if (!created.ok) return created;
  return succeed({ ...created.value, ticket: ticketFor(created.value.live, caller, domain) });
};
