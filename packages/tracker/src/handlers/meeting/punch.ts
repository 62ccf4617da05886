import { fail } from "@papo/protocol";
import type { Handler } from "../../domain.ts";
import { isCallable } from "../../services/introductions.ts";

/** docs/protocol/tracker.md §7.6 */
export const punch: Handler<"PUNCH"> = async ({ call, ticket }, { online }, { introductions, observations }) => {
  if (!isCallable(online)) return fail("unknown_command", "a session with a device");
  const place = observations.placeOf(ticket, online.outbox);
  if (place === undefined) return fail("invalid_message", "ticket: expected one whose connection stands");
  return introductions.punch(online, call, place);
};
