import type { Party } from "../mesh/peer-link.ts";
import type { RoomView } from "../tracker-session/room-view.ts";

/**
 * What becomes of a room message. `early`: the tracker may be about to tell us of this room or this member, so it is kept
 * a while. docs/protocol/peer.md §3
 */
export type Admission = "show" | "early" | "ignore";

/**
 * Who may speak in a room: only the link's own account, and only if our view of the room has it as a member. In a kept room what is said is in its log: a line
 * beside it would be nobody's to prove, and anybody's whom the tracker lists.
 */
export function admit(
  view: RoomView | undefined,
  party: Party,
  rules: { readonly tracksAccounts: boolean },
): Admission {
  const isPlainParty = party.account === null;
  if (view === undefined) return isPlainParty ? "ignore" : "early";
  if (view.room.kind !== "plain") return "ignore";

  const member = view.memberByName.get(party.username);
  if (member === undefined) return isPlainParty ? "ignore" : "early";
  // An original tracker knows no keys: there the pins have judged the name already.
  if (!rules.tracksAccounts) return "show";
  if (member.account === party.account) return "show";
  // A member that is known without a key, or with another one: our view may be behind, unless it is a plain program's.
  return isPlainParty ? "ignore" : "early";
}
