import type { AccountKey, EntryId, Member, Username } from "@papo/protocol";
import type { RoomView } from "../../tracker-session/room-view.ts";
import type { RoomState } from "../log/room-state.ts";

/** What the tracker is to be told so that its list of who is present follows what the log says of who belongs there. */
export type TrackerDuty =
  | { readonly kind: "leave" }
  | { readonly kind: "delete" }
  | { readonly kind: "admit"; readonly account: AccountKey; readonly username: Username }
  | { readonly kind: "remove"; readonly by: EntryId; readonly username: Username }
  | { readonly kind: "transfer"; readonly username: Username };

/**
 * A function of what is known: whoever comes back after a day without a tracker finds the same duties again, and what the tracker has done already is none.
 * `nameOf`: what the tracker calls the account.
 */
export function trackerDuties(
  { state, view }: { readonly state: RoomState; readonly view: RoomView },
  self: {
    readonly account: AccountKey;
    readonly username: Username;
    /** Whether the log has our own word that the room is another's: who is told of it by the tracker first must not give it back. */
    readonly hasHandedOver: () => boolean;
  },
): readonly TrackerDuty[] {
  if (state.genesis === undefined) return [];
  const ownsThere = view.room.owner === self.username;
  if (state.closed) return [ownsThere ? { kind: "delete" } : { kind: "leave" }];
  const own = state.memberByAccount.get(self.account);
  if (own === undefined) return state.formerByAccount.has(self.account) ? [{ kind: "leave" }] : [];

  const listed = [...view.memberByName.values()];
  return [
    ...(ownsThere ? removals(state, listed) : []),
    ...(own.role === "member" ? [] : admissions(state, listed)),
    ...(ownsThere && own.role !== "owner" && self.hasHandedOver() ? handover(state, listed) : []),
  ];
}

/** Whoever left by themselves tells the tracker themselves, and may be on the way back. */
function removals(state: RoomState, listed: readonly Member[]): readonly TrackerDuty[] {
  return listed.flatMap(({ account, username }): TrackerDuty[] => {
    const former = account === null ? undefined : state.formerByAccount.get(account);
    const isMember = account !== null && state.memberByAccount.has(account);
    return former?.kind === "removed" && !isMember ? [{ kind: "remove", by: former.by, username }] : [];
  });
}

function admissions(state: RoomState, listed: readonly Member[]): readonly TrackerDuty[] {
  if (state.genesis?.room !== "invite") return [];
  const accounts = new Set(listed.map(({ account }) => account));
  return [...state.memberByAccount.values()].flatMap(({ account, username }): TrackerDuty[] =>
    accounts.has(account) || username === null ? [] : [{ kind: "admit", account, username }],
  );
}

function handover(state: RoomState, listed: readonly Member[]): readonly TrackerDuty[] {
  const owner = [...state.memberByAccount.values()].find(({ role }) => role === "owner");
  const there = listed.find(({ account }) => account !== null && account === owner?.account);
  return there === undefined ? [] : [{ kind: "transfer", username: there.username }];
}
