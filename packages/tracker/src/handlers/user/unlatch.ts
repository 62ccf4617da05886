import { type Outcome, UNLATCH_SKEW_MS, type UnlatchText, fail, succeed } from "@papo/protocol";
import { openUnlatch } from "@papo/link";
import type { Domain, Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §3.5 */
export const unlatch: Handler<"UNLATCH"> = async ({ request }, { online }, domain) => {
  if (online.account === null) return fail("identity_required", "an account with a root");
  const opened = openUnlatch(request, online.account);
  if (!opened.ok) return opened;
  const dateMs = dateOf(opened.value, online.username, domain);
  if (!dateMs.ok) return dateMs;

  const done = await domain.accounts.unlatch(online.username, online.account, dateMs.value);
  if (done.ok) domain.log.event({ kind: "unlatched", username: online.username });
  return done;
};

/** For this tracker and this name, and of today: a request that was overheard is of no use later or elsewhere. */
function dateOf(request: UnlatchText, username: string, domain: Domain): Outcome<number> {
  if (request.tracker !== domain.trackerKey) return fail("invalid_message", "tracker: expected this one's key");
  if (request.name !== username) return fail("invalid_message", "name: expected the session's own");
  const dateMs = Date.parse(request.date);
  const isNear = Math.abs(dateMs - domain.wallMs()) <= UNLATCH_SKEW_MS;
  return isNear ? succeed(dateMs) : fail("statement_stale", "date: expected one near the tracker's clock");
}
