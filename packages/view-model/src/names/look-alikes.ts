import type { Room, RoomMember } from "@papo/peer/api";
import { ROOM_CAPACITY_MAX, skeletonOf, type Username } from "@papo/protocol";
import { shownName } from "./shown-name.ts";

/** Characters of a key that tell two names apart which look the same. */
const KEY_SUFFIX_CHARS = 6;

/**
 * How to show each of these members: the name, and where two of them look alike (UTS 39) the start of the key as
 * well, or `?` when there is none.
 */
export function shownMembers(members: readonly RoomMember[]): ReadonlyMap<Username, string> {
  const counts = new Map<string, number>();
  for (const { username } of members) {
    const skeleton = skeletonByName(username);
    counts.set(skeleton, (counts.get(skeleton) ?? 0) + 1);
  }
  return new Map(members.map((member) => [member.username, shownMember(member, counts)]));
}

/** One of them as `shownMembers` would have it; somebody who is not there by the name alone. */
export function memberName({ members }: Room, username: Username): string {
  return shownMembers(members).get(username) ?? shownName(username);
}

function shownMember(member: RoomMember, counts: ReadonlyMap<string, number>): string {
  const name = shownName(member.username);
  if ((counts.get(skeletonByName(member.username)) ?? 0) < 2) return name;
  return `${name}~${member.account?.slice(0, KEY_SUFFIX_CHARS) ?? "?"}`;
}

/** A skeleton costs tens of microseconds and a room is looked through at every line: those of the largest room are kept. */
const SKELETONS_KEPT_MAX = ROOM_CAPACITY_MAX;
const keptSkeletons = new Map<Username, string>();

function skeletonByName(name: Username): string {
  const kept = keptSkeletons.get(name);
  if (kept !== undefined) return kept;
  const skeleton = skeletonOf(name);
  if (keptSkeletons.size >= SKELETONS_KEPT_MAX) keptSkeletons.clear();
  keptSkeletons.set(name, skeleton);
  return skeleton;
}
