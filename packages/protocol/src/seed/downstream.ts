import * as v from "valibot";
import { roomName, username } from "../ids.ts";
import { MSG_CHARS_MAX, NAME_BYTES_MAX, SEED_LISTED_MAX } from "../limits.ts";
import { entriesOf } from "./entries.ts";

// What a tracker says to an original peer (report §2.2). docs/protocol/seed.md §3

/** `last_ping` is `{}` in the original program and an ISO 8601 text in the report: both are read, the text is written. */
const lastPing = v.optional(v.nullable(v.union([v.string(), v.looseObject({})])));
const seedPort = v.optional(v.nullable(v.pipe(v.number(), v.safeInteger())));

export const seedPeer = v.object({
  username: v.optional(username),
  last_ping: lastPing,
  address: v.optional(v.nullable(v.pipe(v.string(), v.maxBytes(NAME_BYTES_MAX)))),
  port: seedPort,
  connected: v.optional(v.boolean(), false),
});
export type SeedPeer = v.InferOutput<typeof seedPeer>;

export const seedListedPeer = v.object({ ...seedPeer.entries, room: v.optional(v.nullable(roomName)) });
export type SeedListedPeer = v.InferOutput<typeof seedListedPeer>;

const place = v.optional(v.nullable(seedPeer), null);

export const seedRoom = v.object({ name: roomName, peer_owner: place, peer_one: place, peer_two: place });
export type SeedRoom = v.InferOutput<typeof seedRoom>;

const msg = v.optional(v.pipe(v.string(), v.maxLength(MSG_CHARS_MAX)), "");

export const seedOk = v.object({
  status: v.literal("OK"),
  msg,
  peers: v.optional(entriesOf(seedListedPeer, SEED_LISTED_MAX)),
  rooms: v.optional(entriesOf(seedRoom, SEED_LISTED_MAX)),
  room: v.optional(seedRoom),
});
export type SeedOk = v.InferOutput<typeof seedOk>;

export const seedError = v.object({ status: v.literal("ERROR"), msg });
export type SeedError = v.InferOutput<typeof seedError>;

export const seedRoomUpdate = v.object({ status: v.literal("ROOM_UPDATE"), msg, room: seedRoom });
export type SeedRoomUpdate = v.InferOutput<typeof seedRoomUpdate>;

export const seedDownstream = v.variant("status", [seedOk, seedError, seedRoomUpdate]);
export type SeedDownstream = v.InferOutput<typeof seedDownstream>;
