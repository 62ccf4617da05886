import { fail, succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";
import { isCallable } from "../../services/introductions.ts";
import { checkTerms } from "./check-terms.ts";

/** docs/protocol/tracker.md §7.3 */
export const connect: Handler<"CONNECT"> = async (command, { online }, domain) => {
  const { username, device } = command;
  if (!isCallable(online)) return fail("unknown_command", "a session with a device");
  if (device === online.device) return fail("wrong_recipient", "device: expected another than the session's own");
  const terms = checkTerms(command, online);
  if (!terms.ok) return terms;

  const called = domain.presence.sessionsOf(username).find((session) => session.device === device);
  if (called !== undefined && isCallable(called)) {
    const call = domain.introductions.connect(online, called, terms.value);
    return call.ok ? succeed({ call: call.value }) : call;
  }
  const user = await domain.accounts.findUser(username);
  return user === undefined
    ? fail("peer_missing", "a registered name")
    : fail("peer_offline", "a device that is online");
};
