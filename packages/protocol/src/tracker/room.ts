import * as v from "valibot";
import { newRoomName, requestId, roomId, roomName, username } from "../ids.ts";
import { PAGE_ITEMS_MAX, ROOM_CAPACITY_MAX, ROOM_VIEW_MEMBERS_MAX } from "../limits.ts";
import { signedRoomTicket } from "../room-log/ticket.ts";
import { member } from "./member.ts";

/**
 * `plain`: live and readable on the wire, the only kind that seed clients see. `open`: anyone whom the tracker admits.
 * `invite`: only whom a member admits. docs/protocol/tracker.md §4
 */
export const roomKind = v.picklist(["plain", "open", "invite"]);
export type RoomKind = v.InferOutput<typeof roomKind>;

const version = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A room without its members. `version` grows with every change of members or presence. */
export const roomView = v.object({
  id: roomId,
  name: roomName,
  kind: roomKind,
  owner: username,
  capacity: v.pipe(count, v.minValue(1), v.maxValue(ROOM_CAPACITY_MAX)),
  members: count,
  online: count,
  version,
});
export type RoomView = v.InferOutput<typeof roomView>;

/**
 * Peer → tracker. The caller becomes the owner and a member. `roomId` is the hash of the room's genesis: required for `open` and `invite`,
 * none for `plain`, which has no log. docs/protocol/tracker.md §4.1
 */
export const createRoomRequest = v.object({
  cmd: v.literal("CREATE_ROOM"),
  id: requestId,
  room: newRoomName,
  kind: v.optional(roomKind, "open"),
  roomId: v.optional(roomId),
  capacity: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(ROOM_CAPACITY_MAX))),
});
export type CreateRoomRequest = v.InferOutput<typeof createRoomRequest>;

/**
 * Peer → tracker. Become a member (again: nothing changes) and learn who is there. With `roomId`, only if the room of that name has this id: for who
 * means a certain room, and not whichever has the name by now. docs/protocol/tracker.md §4.2
 */
export const joinRoomRequest = v.object({
  cmd: v.literal("JOIN_ROOM"),
  id: requestId,
  room: roomName,
  roomId: v.optional(roomId),
});
export type JoinRoomRequest = v.InferOutput<typeof joinRoomRequest>;

/** Peer → tracker. Stop being a member; the owner keeps the owner's place. docs/protocol/tracker.md §4.3 */
export const leaveRoomRequest = v.object({ cmd: v.literal("LEAVE_ROOM"), id: requestId, room: roomId });
export type LeaveRoomRequest = v.InferOutput<typeof leaveRoomRequest>;

/** Peer → tracker. Owner only: the room ends for everyone and its name is free. docs/protocol/tracker.md §4.4 */
export const deleteRoomRequest = v.object({ cmd: v.literal("DELETE_ROOM"), id: requestId, room: roomId });
export type DeleteRoomRequest = v.InferOutput<typeof deleteRoomRequest>;

/** Peer → tracker, members only. `after` is the last username of the page before. docs/protocol/tracker.md §4.5 */
export const listMembersRequest = v.object({
  cmd: v.literal("LIST_MEMBERS"),
  id: requestId,
  room: roomId,
  after: v.optional(username),
});
export type ListMembersRequest = v.InferOutput<typeof listMembersRequest>;

/** Peer → tracker. Any member of an `invite` room: another account may join it. docs/protocol/tracker.md §4.9 */
export const admitMemberRequest = v.object({ cmd: v.literal("ADMIT_MEMBER"), id: requestId, room: roomId, username });
export type AdmitMemberRequest = v.InferOutput<typeof admitMemberRequest>;

/** Peer → tracker. Owner only, not of a `plain` room: another account is a member no more. docs/protocol/tracker.md §4.10 */
export const removeMemberRequest = v.object({ cmd: v.literal("REMOVE_MEMBER"), id: requestId, room: roomId, username });
export type RemoveMemberRequest = v.InferOutput<typeof removeMemberRequest>;

/** Peer → tracker. Owner only, not of a `plain` room: another member is the owner from now on. docs/protocol/tracker.md §4.11 */
export const transferRoomRequest = v.object({ cmd: v.literal("TRANSFER_ROOM"), id: requestId, room: roomId, username });
export type TransferRoomRequest = v.InferOutput<typeof transferRoomRequest>;

/** The answer to ADMIT_MEMBER, REMOVE_MEMBER and TRANSFER_ROOM. */
export const memberChangedAnswer = v.object({ room: roomId, username });
export type MemberChangedAnswer = v.InferOutput<typeof memberChangedAnswer>;

/** The answer to LIST_MEMBERS, and what those to CREATE_ROOM and JOIN_ROOM begin with: one page of members by username, `next` null on the last. */
export const roomAnswer = v.object({
  room: roomView,
  members: v.pipe(v.array(member), v.maxLength(ROOM_VIEW_MEMBERS_MAX)),
  next: v.nullable(username),
});
export type RoomAnswer = v.InferOutput<typeof roomAnswer>;

/** The answer to CREATE_ROOM and JOIN_ROOM. The ticket is for `open` rooms and accounts with a root only. */
export const enteredRoomAnswer = v.object({
  ...roomAnswer.entries,
  ticket: v.optional(v.nullable(signedRoomTicket), null),
});
export type EnteredRoomAnswer = v.InferOutput<typeof enteredRoomAnswer>;

/** The answer to LEAVE_ROOM and DELETE_ROOM. */
export const roomGoneAnswer = v.object({ room: roomId });
export type RoomGoneAnswer = v.InferOutput<typeof roomGoneAnswer>;

/** Peer → tracker. Rooms by name; `query` keeps those whose folded name contains it. docs/protocol/tracker.md §4.6 */
export const listRoomsRequest = v.object({
  cmd: v.literal("LIST_ROOMS"),
  id: requestId,
  after: v.optional(roomName),
  query: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
});
export type ListRoomsRequest = v.InferOutput<typeof listRoomsRequest>;

export const listRoomsAnswer = v.object({
  rooms: v.pipe(v.array(v.object({ ...roomView.entries, joined: v.boolean() })), v.maxLength(PAGE_ITEMS_MAX)),
  next: v.nullable(roomName),
});
export type ListRoomsAnswer = v.InferOutput<typeof listRoomsAnswer>;
