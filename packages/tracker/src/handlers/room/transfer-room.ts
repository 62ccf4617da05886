import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §4.11 */
export const transferRoom: Handler<"TRANSFER_ROOM"> = ({ room, username }, { online }, { memberships }) =>
  memberships.transfer(room, username, online);
