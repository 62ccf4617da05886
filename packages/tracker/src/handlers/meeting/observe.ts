import { succeed } from "@papo/protocol";
import type { Caller, Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §7.1 */
export const observe: Handler<"OBSERVE", Caller> = async (_command, caller, { observations }) => {
  const ticket = observations.ask(caller);
  return ticket.ok ? succeed({ ticket: ticket.value }) : ticket;
};
