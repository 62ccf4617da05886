import { fail, succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §5.2 */
export const findPeer: Handler<"FIND_PEER"> = async ({ username }, { online }, { accounts, presence, bind }) => {
  const user = await accounts.findUser(username);
  if (user === undefined) return fail("peer_missing", "a registered name");
  const account = user.identity?.account ?? null;
  return succeed({
    peer: presence.view(username, account),
    isNear: presence.areNear(online.username, username),
    binding: account === null ? null : bind(username, account),
  });
};
