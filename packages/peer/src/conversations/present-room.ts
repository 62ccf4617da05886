import type { AccountKey, Member, Username } from "@papo/protocol";
import type { Reach, Room, RoomMember, Trust } from "../api.ts";
import type { RoomView } from "../tracker-session/room-view.ts";

export type RoomEyes = {
  readonly self: Username;
  readonly reach: (username: Username) => Reach;
  readonly trust: (username: Username, account: AccountKey | null) => Trust;
  /** The key that a name is known by here, where the tracker tells none. */
  readonly accountOf: (username: Username) => AccountKey | null;
};

/** A room as front ends see it. */
export function presentRoom({ room, memberByName }: RoomView, eyes: RoomEyes): Room {
  const members = [...memberByName.values()].map((member) => presentMember(member, eyes));
  const byName = members.toSorted((one, other) => (one.username < other.username ? -1 : 1));
  const { id, name, kind, owner, capacity, members: memberCount } = room;
  return { id, name, kind, owner, capacity, members: byName, memberCount };
}

function presentMember({ username, account, online }: Member, eyes: RoomEyes): RoomMember {
  const known = account ?? eyes.accountOf(username);
  if (username === eyes.self)
    return { username, account: known, online: true, trust: "verified", reach: { kind: "self" } };
  const reach = eyes.reach(username);
  return {
    username,
    account: known,
    online: online || reach.kind === "linked",
    trust: eyes.trust(username, account),
    reach,
  };
}
