import type { AccountKey, Fault } from "@papo/protocol";
import { fault } from "@papo/protocol";
import type { RoomStanding } from "../../api.ts";
import type { StoredRoom } from "../../storage/history/history.ts";
import type { RoomState } from "../log/room-state.ts";

/** Where this account stands in a room: what was decided here (to leave, to be let in), and what the log says. */
export function standingOf(stored: StoredRoom["state"], state: RoomState, self: AccountKey): RoomStanding {
  if (state.closed || stored === "closed") return "closed";
  if (stored === "left") return "left";
  if (state.genesis === undefined) return "joining";
  if (state.memberByAccount.has(self)) return state.readOnly ? "read-only" : "member";
  const former = state.formerByAccount.get(self);
  if (former?.barred === true) return "removed";
  // Who comes back has not been a member since: nothing of it shows until somebody's answer, or the own entry, counts.
  if (stored === "joining" || former === undefined) return stored === "removed" ? "removed" : "joining";
  return former.kind;
}

/** Why nothing can be written; undefined: the log may be asked. */
export function whyNotWritable(standing: RoomStanding): Fault | undefined {
  switch (standing) {
    case "closed":
      return fault("room_closed", "room: expected one that is not closed");
    case "left":
      return fault("not_member", "room: expected one of ours");
    case "removed":
      return fault("removed", "room: expected one that we were not removed from");
    case "read-only":
      return fault("room_read_only", "room: needs a newer Papo");
    case "joining":
    case "member":
    case "live":
      return undefined;
  }
}

/** How the store remembers a standing. */
export function storedState(standing: RoomStanding): StoredRoom["state"] {
  return standing === "read-only" || standing === "live" ? "member" : standing;
}
