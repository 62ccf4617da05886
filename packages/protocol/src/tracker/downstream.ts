import * as v from "valibot";
import { FAULT_CODES } from "../faults.ts";
import { requestId, roomId, username } from "../ids.ts";
import { signedStatement } from "../identity/account-statement.ts";
import { MSG_CHARS_MAX, ROOM_VIEW_MEMBERS_MAX } from "../limits.ts";
import { loginAnswer } from "./account.ts";
import { call, checkReachAnswer, connectAnswer, observeAnswer, observed, paths, punch } from "./connect.ts";
import { helloAnswer } from "./hello.ts";
import { ping, pong } from "../keep-alive.ts";
import { member } from "./member.ts";
import { findPeerAnswer, listPeersAnswer } from "./peers.ts";
import {
  enteredRoomAnswer,
  listRoomsAnswer,
  memberChangedAnswer,
  roomAnswer,
  roomGoneAnswer,
  roomView,
} from "./room.ts";

const msg = v.optional(v.pipe(v.string(), v.maxLength(MSG_CHARS_MAX)));
const code = v.picklist(FAULT_CODES);
const retryAfterMs = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));

/** The request with `id` = `re` was done. Its own fields stand beside these (see `trackerAnswers`). */
export const okAnswer = v.looseObject({ status: v.literal("OK"), re: requestId, msg });
export type OkAnswer = v.InferOutput<typeof okAnswer>;

/** The request was refused, and nothing changed. Without `re`: what came in could not be read. */
export const errorAnswer = v.object({
  status: v.literal("ERROR"),
  re: v.optional(requestId),
  code,
  msg,
  retryAfterMs,
  /** Of a LOGIN refused for its statement: the newest that the tracker has, for whoever can sign the next one. */
  statement: v.optional(signedStatement),
});
export type ErrorAnswer = v.InferOutput<typeof errorAnswer>;

/**
 * Tracker → every session of a room's members. Takes the room from version `from` to `room.version`: `changed` are members that joined or whose
 * presence or addresses are new, `gone` are members no more. One that ends at or below the version already known is late and ignored;
 * one that starts above it means that something was missed: ask LIST_MEMBERS. docs/protocol/tracker.md §4.7
 */
export const roomUpdate = v.object({
  status: v.literal("ROOM_UPDATE"),
  msg,
  room: roomView,
  from: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  changed: v.pipe(v.array(member), v.maxLength(ROOM_VIEW_MEMBERS_MAX)),
  gone: v.pipe(v.array(username), v.maxLength(ROOM_VIEW_MEMBERS_MAX)),
});
export type RoomUpdate = v.InferOutput<typeof roomUpdate>;

/** Tracker → a session: this room is no more, or this account is its member no more. docs/protocol/tracker.md §4.8 */
export const roomClosed = v.object({
  status: v.literal("ROOM_CLOSED"),
  msg,
  room: roomId,
  reason: v.picklist(["deleted", "left", "removed"]),
});
export type RoomClosed = v.InferOutput<typeof roomClosed>;

/** Tracker → a session: it closes now, and why. docs/protocol/tracker.md §6 */
export const closing = v.object({ status: v.literal("CLOSING"), code, msg, retryAfterMs });
export type Closing = v.InferOutput<typeof closing>;

/** Everything a tracker may say to a peer. Adding a member means moving PROTOCOL_VERSION. */
export const trackerDownstream = v.union([
  v.variant("status", [okAnswer, errorAnswer, roomUpdate, roomClosed, observed, call, paths, punch, closing]),
  v.variant("cmd", [ping, pong]),
]);
export type TrackerDownstream = v.InferOutput<typeof trackerDownstream>;

/** What stands beside `status`, `re` and `msg` in the answer to each command. */
export const trackerAnswers = {
  HELLO: helloAnswer,
  REGISTER: loginAnswer,
  LOGIN: loginAnswer,
  LOGOUT: v.object({}),
  UNLATCH: v.object({}),
  LIST_PEERS: listPeersAnswer,
  FIND_PEER: findPeerAnswer,
  LIST_ROOMS: listRoomsAnswer,
  CREATE_ROOM: enteredRoomAnswer,
  JOIN_ROOM: enteredRoomAnswer,
  LEAVE_ROOM: roomGoneAnswer,
  DELETE_ROOM: roomGoneAnswer,
  LIST_MEMBERS: roomAnswer,
  ADMIT_MEMBER: memberChangedAnswer,
  REMOVE_MEMBER: memberChangedAnswer,
  TRANSFER_ROOM: memberChangedAnswer,
  ADDRESSES: v.object({}),
  OBSERVE: observeAnswer,
  CHECK_REACH: checkReachAnswer,
  CONNECT: connectAnswer,
  ANSWER: v.object({}),
  PUNCH: v.object({}),
} as const;

export type TrackerAnswers = { [C in keyof typeof trackerAnswers]: v.InferOutput<(typeof trackerAnswers)[C]> };
