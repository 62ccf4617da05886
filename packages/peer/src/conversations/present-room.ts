import type { AccountKey, Member, Username } from "@papo/protocol";
import type { Reach, Room, RoomMember, Trust } from "../api.ts";
import type { RoomView } from "../tracker-session/room-view.ts";

export type RoomEyes = {
  readonly self: Username;
  readonly reach: (username: Username) => Reach;
  /** What they, or this user, say of being away; undefined: they are here. */
  readonly away: (username: Username) => string | undefined;
  readonly trust: (username: Username, account: AccountKey | null) => Trust;
  /** The key that a name is known by here, where the tracker tells none. */
  readonly accountOf: (username: Username) => AccountKey | null;
};

/** A room as front ends see it. Its members are gathered when somebody looks: most events are about one of a thousand. */
export function presentRoom(view: RoomView, eyes: RoomEyes): Room {
  const { id, name, kind, owner, capacity, members: memberCount } = view.room;
  let members: readonly RoomMember[] | undefined;
  return {
    ...{ id, name, kind, owner, capacity, memberCount },
    get members() {
      members ??= membersByName(view).map((member) => presentMember(member, eyes));
      return members;
    },
  };
}

/** A view never changes, so it is sorted once. */
const sortedByView = new WeakMap<RoomView, readonly Member[]>();

function membersByName(view: RoomView): readonly Member[] {
  const known = sortedByView.get(view);
  if (known !== undefined) return known;
  const sorted = [...view.memberByName.values()].toSorted((one, other) => (one.username < other.username ? -1 : 1));
  sortedByView.set(view, sorted);
  return sorted;
}

function presentMember({ username, account, online }: Member, eyes: RoomEyes): RoomMember {
  const known = account ?? eyes.accountOf(username);
  const away = withAway(eyes.away(username));
  if (username === eyes.self)
    return { username, account: known, online: true, trust: "verified", reach: { kind: "self" }, ...away };
  const reach = eyes.reach(username);
  return {
    username,
    account: known,
    online: online || reach.kind === "linked",
    trust: eyes.trust(username, account),
    reach,
    ...away,
  };
}

export function withAway(away: string | undefined): Pick<RoomMember, "away"> {
  return away === undefined ? {} : { away };
}
