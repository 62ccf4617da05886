import * as v from "valibot";
import { checkRoomName } from "./names/room-name.ts";
import { checkUsername } from "./names/username.ts";
import { NAME_BYTES_MAX } from "./limits.ts";

// Strings that mean something. Only these decoders make them.

/** 32 bytes as base64url without padding: the last digit carries four bits, so two are always zero. */
const KEY_TEXT = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/u;
const SIGNATURE_TEXT = /^[A-Za-z0-9_-]{85}[AQgw]$/u;
const MESSAGE_ID_TEXT = /^[A-Za-z0-9_-]{21}[AQgw]$/u;

/** The account root `A`: an Ed25519 public key (RFC 8032), what people verify. */
export const accountKey = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("AccountKey"));
export type AccountKey = v.InferOutput<typeof accountKey>;

/** A device's signing key `D`: Ed25519. */
export const deviceKey = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("DeviceKey"));
export type DeviceKey = v.InferOutput<typeof deviceKey>;

/** A key used for TLS and nothing else: Ed25519. */
export const tlsKey = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("TlsKey"));
export type TlsKey = v.InferOutput<typeof tlsKey>;

/** A device's X25519 key (RFC 7748), reserved for copies sealed and left with others. */
export const sealKey = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("SealKey"));
export type SealKey = v.InferOutput<typeof sealKey>;

/** A tracker's signing key: Ed25519. As the `#k=` of its address it is the tracker's fingerprint. */
export const trackerKey = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("TrackerKey"));
export type TrackerKey = v.InferOutput<typeof trackerKey>;

/** An Ed25519 signature, 64 bytes. */
export const signature = v.pipe(v.string(), v.regex(SIGNATURE_TEXT), v.brand("Signature"));
export type Signature = v.InferOutput<typeof signature>;

/** SHA-256, 32 bytes (FIPS 180-4). */
export const sha256 = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("Sha256"));
export type Sha256 = v.InferOutput<typeof sha256>;

/** A room, whatever its name becomes: 32 bytes. */
export const roomId = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("RoomId"));
export type RoomId = v.InferOutput<typeof roomId>;

/** An entry of a room's log: the hash of its header. docs/protocol/room-log.md §2 */
export const entryId = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("EntryId"));
export type EntryId = v.InferOutput<typeof entryId>;

/** An invite: the public half (Ed25519) of the one-time key that its link carries. docs/protocol/room-log.md §4.4 */
export const inviteId = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("InviteId"));
export type InviteId = v.InferOutput<typeof inviteId>;

/** One start of a program, told with its epoch: 16 random bytes. docs/protocol/identity.md §10 */
export const startId = v.pipe(v.string(), v.regex(MESSAGE_ID_TEXT), v.brand("StartId"));
export type StartId = v.InferOutput<typeof startId>;

/** A live message: 16 random bytes chosen by its author's device. */
export const messageId = v.pipe(v.string(), v.regex(MESSAGE_ID_TEXT), v.brand("MessageId"));
export type MessageId = v.InferOutput<typeof messageId>;

/** One attempt of two devices to meet, through a tracker: 16 random bytes. docs/protocol/tracker.md §7 */
export const callId = v.pipe(v.string(), v.regex(MESSAGE_ID_TEXT), v.brand("CallId"));
export type CallId = v.InferOutput<typeof callId>;

/** What a plain connection to a tracker or relay begins with after its first byte: 32 bytes that only who made them can read. docs/protocol/tracker.md §8 */
export const relayTicket = v.pipe(v.string(), v.regex(KEY_TEXT), v.brand("RelayTicket"));
export type RelayTicket = v.InferOutput<typeof relayTicket>;

/** Pairs an answer (`re`) with its request (`id`) on one session; the asker counts up from 1. */
export const requestId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/**
 * A name as its owner typed it. Who may choose which is `newUsername`; this one also admits names
 * that came from an original tracker's files, which stay. docs/protocol/names.md §1
 */
export const username = v.pipe(v.string(), v.minLength(1), v.maxBytes(NAME_BYTES_MAX), v.brand("Username"));
export type Username = v.InferOutput<typeof username>;

/** A name that may be registered. */
export const newUsername = v.pipe(
  v.string(),
  v.check((text) => checkUsername(text) === undefined, "username"),
  v.brand("Username"),
);

/** A room's name as it was typed; `newRoomName` says which may be chosen. docs/protocol/names.md §2 */
export const roomName = v.pipe(v.string(), v.minLength(1), v.maxBytes(NAME_BYTES_MAX), v.brand("RoomName"));
export type RoomName = v.InferOutput<typeof roomName>;

/** A name that a room may be given. */
export const newRoomName = v.pipe(
  v.string(),
  v.check((text) => checkRoomName(text) === undefined, "room name"),
  v.brand("RoomName"),
);

/** The report's hash of a password: SHA-256 in 64 lower-case hex digits (report §3). */
export const passwordHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u), v.brand("PasswordHash"));
export type PasswordHash = v.InferOutput<typeof passwordHash>;

/** A TCP port. */
export const port = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_535));

/** A moment as a label for people (RFC 3339 in UTC). Nothing is ever decided by it. */
export const timestamp = v.pipe(v.string(), v.maxLength(30), v.isoTimestamp());
