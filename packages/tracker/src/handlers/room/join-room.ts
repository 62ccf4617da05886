import { succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";
import { ticketFor } from "./ticket-for.ts";

/** docs/protocol/tracker.md §4.2 */
export const joinRoom: Handler<"JOIN_ROOM"> = async (command, caller, domain) => {
  const entered = await domain.rooms.join(command, caller.online, caller.policy);
  if (!entered.ok) return entered;
  return succeed({ ...entered.value, ticket: ticketFor(entered.value.live, caller, domain) });
};
