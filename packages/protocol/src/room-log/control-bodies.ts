import * as v from "valibot";
import { accountKey, deviceKey, entryId, inviteId, roomName, signature, trackerKey } from "../ids.ts";
import { features } from "../features.ts";
import { signedStatement } from "../identity/account-statement.ts";
import { signedBinding } from "../identity/name-binding.ts";
import {
  CUT_DEVICES_MAX,
  ENTRY_HEADER_BYTES_MAX,
  FORK_HEADERS_MAX,
  HISTORY_BASE_CHARS_MAX,
  ROOM_CAPACITY_MAX,
  TOPIC_BYTES_MAX,
} from "../limits.ts";
import { chain } from "./entry-header.ts";
import { signedRoomTicket } from "./ticket.ts";

// Bodies of the control chain: who belongs to a room and what they may do. docs/protocol/room-log.md §4

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What one device wrote up to here: its last control entry and its last content entry, null where it has none. */
const cut = v.object({
  device: deviceKey,
  control: v.nullable(v.tuple([count, entryId])),
  content: v.nullable(v.tuple([count, entryId])),
});
export type Cut = v.InferOutput<typeof cut>;

const cuts = v.pipe(v.array(cut), v.maxLength(CUT_DEVICES_MAX));

/** Which messages a newcomer may read: all, or those after joining. */
const roomHistory = v.picklist(["all", "join"]);
export type RoomHistory = v.InferOutput<typeof roomHistory>;

/** The first entry of a room; its id is the room's. */
const genesisBody = v.object({
  name: roomName,
  room: v.picklist(["open", "invite"]),
  history: roomHistory,
  capacity: v.pipe(count, v.minValue(2), v.maxValue(ROOM_CAPACITY_MAX)),
  /** Days after which bodies are dropped by everybody; null: never. */
  retentionDays: v.nullable(v.pipe(count, v.minValue(1))),
  /** Bytes of bodies that one device may have in the room, counted along its chain; null: no bound. */
  quotaBytes: v.nullable(v.pipe(count, v.minValue(1))),
  features,
  /** Whose tickets open an `open` room; null where no tracker gives any. */
  tracker: v.nullable(trackerKey),
  statement: signedStatement,
  binding: v.nullable(signedBinding),
});
export type GenesisBody = v.InferOutput<typeof genesisBody>;

/**
 * A device of a member begins to write: in an `open` room with the tracker's ticket, in an `invite` room after an `admit`. `content` is the number of the
 * first entry of its content chain that counts from here on: more than 1 when the account comes back.
 */
const joinBody = v.object({
  statement: signedStatement,
  binding: v.nullable(signedBinding),
  ticket: v.nullable(signedRoomTicket),
  content: v.pipe(count, v.minValue(1)),
});
export type JoinBody = v.InferOutput<typeof joinBody>;

/** A member with the right to do so lets an account in. `proof`: the invite's one-time key over `room | account`. */
const admitBody = v.object({
  account: accountKey,
  statement: signedStatement,
  binding: v.nullable(signedBinding),
  invite: v.nullable(inviteId),
  proof: v.nullable(signature),
  /** Where the newcomer's history starts (`history-base.ts`); null: at the beginning. */
  base: v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/u), v.maxLength(HISTORY_BASE_CHARS_MAX))),
});
export type AdmitBody = v.InferOutput<typeof admitBody>;

/** The author's account leaves; the cuts say up to where its devices' entries count. */
const leaveBody = v.object({ cuts });

/** The owner gives a role. `owner` hands the room over. */
const roleBody = v.object({ account: accountKey, role: v.picklist(["owner", "moderator", "member"]) });

/** An account is out: what its devices wrote beyond the cuts is not accepted. `bar`: tickets do not bring it back. */
const removeBody = v.object({ account: accountKey, bar: v.boolean(), cuts });

/** A newer statement of the author's account: devices that are new, and cuts for those that are revoked. */
const deviceBody = v.object({ statement: signedStatement, cuts, content: v.pipe(count, v.minValue(1)) });

const branch = v.object({
  headers: v.pipe(
    v.array(v.pipe(v.string(), v.maxBytes(ENTRY_HEADER_BYTES_MAX))),
    v.minLength(1),
    v.maxLength(FORK_HEADERS_MAX),
  ),
  sig: signature,
});

/** Proof that a device wrote two different entries of one number: two runs of headers from there on, the last of each signed. */
const forkBody = v.object({ device: deviceKey, chain, branches: v.tuple([branch, branch]), cut });
export type ForkBody = v.InferOutput<typeof forkBody>;

/** The author has seen the control entries that this one names, and changes nothing: what is written next names one head instead of many. */
const mergeBody = v.object({});

const topicBody = v.object({ text: v.pipe(v.string(), v.maxBytes(TOPIC_BYTES_MAX)) });

/** Features that every program in the room needs from here on; the owner's alone. */
const upgradeBody = v.object({ features });

/** The room is over: nothing written after this counts. */
const closeBody = v.object({});

/** Every kind of control entry that this Papo knows; another one makes the room read-only here. */
export const CONTROL_BODIES = {
  genesis: genesisBody,
  join: joinBody,
  admit: admitBody,
  leave: leaveBody,
  role: roleBody,
  remove: removeBody,
  device: deviceBody,
  fork: forkBody,
  merge: mergeBody,
  topic: topicBody,
  upgrade: upgradeBody,
  close: closeBody,
} as const;
export type ControlKind = keyof typeof CONTROL_BODIES;
export type ControlBody = {
  [K in ControlKind]: { readonly kind: K; readonly body: v.InferOutput<(typeof CONTROL_BODIES)[K]> };
}[ControlKind];
