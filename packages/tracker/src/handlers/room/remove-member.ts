import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §4.10 */
export const removeMember: Handler<"REMOVE_MEMBER"> = ({ room, username }, { online }, { memberships }) =>
  memberships.remove(room, username, online);
