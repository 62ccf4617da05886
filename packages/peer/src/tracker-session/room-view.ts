import type { Member, RoomId, RoomName, RoomKind, Username } from "@papo/protocol";

/** A room as the tracker's view of it, in either dialect. `version` orders what is said about one room. */
export type RoomSummary = {
  readonly id: RoomId;
  readonly name: RoomName;
  readonly kind: RoomKind;
  readonly owner: Username | null;
  readonly capacity: number;
  readonly members: number;
  readonly online: number;
  readonly version: number;
};

/** A room of which this account is a member, with everyone in it. */
export type RoomView = { readonly room: RoomSummary; readonly memberByName: ReadonlyMap<Username, Member> };

/** Takes a room from version `from` to `room.version`; `changed` are whole members, so applying one twice is harmless. */
export type RoomDelta = {
  readonly room: RoomSummary;
  readonly from: number;
  readonly changed: readonly Member[];
  readonly gone: readonly Username[];
};

export type DeltaResult =
  | { readonly kind: "applied"; readonly view: RoomView }
  | { readonly kind: "late" }
  | { readonly kind: "gap" };

/** Pure. A late delta changes nothing; one that starts beyond what we know means that something was missed. */
export function applyDelta(view: RoomView, delta: RoomDelta): DeltaResult {
  if (delta.room.version <= view.room.version) return { kind: "late" };
  if (delta.from > view.room.version) return { kind: "gap" };

  const memberByName = new Map(view.memberByName);
  for (const name of delta.gone) memberByName.delete(name);
  for (const member of delta.changed) memberByName.set(member.username, member);
  return { kind: "applied", view: { room: delta.room, memberByName } };
}

/** A view from one whole list of members. */
export function viewOf(room: RoomSummary, members: Iterable<Member>): RoomView {
  const memberByName = new Map<Username, Member>();
  for (const member of members) memberByName.set(member.username, member);
  return { room, memberByName };
}

export type MemberChange = {
  readonly kind: "member-joined" | "member-left" | "member-online" | "member-offline";
  readonly username: Username;
};

/** Who joined and who left. Derived from two states, never from messages, so that nothing is told twice however often it arrives. */
export function membershipChanges(before: RoomView, after: RoomView, self: Username): readonly MemberChange[] {
  const joined = [...after.memberByName.keys()].filter((name) => name !== self && !before.memberByName.has(name));
  const left = [...before.memberByName.keys()].filter((name) => name !== self && !after.memberByName.has(name));
  return [
    ...joined.map((username) => ({ kind: "member-joined" as const, username })),
    ...left.map((username) => ({ kind: "member-left" as const, username })),
  ];
}
