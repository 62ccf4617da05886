import { fail } from "@papo/protocol";
import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §4.9 */
export const admitMember: Handler<"ADMIT_MEMBER"> = async ({ room, username }, { online }, domain) => {
  // Before anything else: who is no member learns nothing here about rooms or names.
  const refusal = domain.memberships.refuseAdmission(room, online);
  if (refusal !== undefined) return { ok: false, fault: refusal };
  const user = await domain.accounts.findUser(username);
  if (user === undefined) return fail("peer_missing", "a registered name");
  if (user.identity === null) return fail("plaintext_refused", "an account that has shown a key");
  return domain.memberships.admit(room, { username, account: user.identity.account }, online);
};
