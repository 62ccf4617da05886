import { fail } from "@papo/protocol";
import type { Handler } from "../../domain.ts";
import { readUnlatch } from "../../services/unlatch-request.ts";

/** docs/protocol/tracker.md §3.5 */
export const unlatch: Handler<"UNLATCH"> = async ({ request }, { online }, domain) => {
  const { account, username } = online;
  if (account === null) return fail("identity_required", "an account with a root");
  const expected = { account, username, tracker: domain.trackerKey, nowMs: domain.wallMs() };
  const dateMs = readUnlatch(request, expected);
  if (!dateMs.ok) return dateMs;

  const done = await domain.accounts.unlatch(username, account, dateMs.value);
  if (done.ok) domain.log.event({ kind: "unlatched", username });
  return done;
};
