import type { AccountKey } from "@papo/protocol";
import type { ReadingRight } from "./room-replica.ts";
import type { RoomState } from "./room-state.ts";

/** A member reads from its base on; who was one reads what ended it, and nothing later. docs/protocol/room-log.md §4.4, §7.8 */
export function readingRightOf(state: RoomState, account: AccountKey): ReadingRight {
  const member = state.memberByAccount.get(account);
  if (member !== undefined) return { kind: "from", base: member.base };
  const former = state.formerByAccount.get(account);
  return former === undefined ? { kind: "none" } : { kind: "until", removal: former.by };
}
