import * as v from "valibot";
import { keyBytes, keyText } from "../bytes/key-text.ts";
import { decodeWith } from "../decode.ts";
import { type Outcome, fail, succeed } from "../faults.ts";
import {
  type AccountKey,
  type RoomId,
  type RoomName,
  type Username,
  accountKey,
  roomId,
  roomName,
  username,
} from "../ids.ts";
import { decodeUtf8 } from "../json/strict-json.ts";
import { INVITE_LINK_CHARS_MAX, INVITE_SEED_BYTES } from "../limits.ts";
import { type TrackerAddress, formatTrackerAddress, parseTrackerAddress } from "../tracker-address.ts";

/**
 * What lets its holder into an `invite` room. Everything but the room and the seed is a hint: names are what the inviter wrote, and the expiry is
 * judged by the inviter's device alone. docs/protocol/room-log.md §4.4
 */
export type InviteLink = {
  readonly tracker: Extract<TrackerAddress, { dialect: "papo" }>;
  readonly room: RoomId;
  readonly roomName: RoomName;
  /** Secret: the Ed25519 seed of the invite's one-time key, whose public half is the invite's id. */
  readonly seed: Uint8Array;
  /** Who made the link and can let its holder in. */
  readonly account: AccountKey;
  readonly username: Username;
  /** Milliseconds since 1970. */
  readonly expiresMs: number;
};

const VERSION = 1;
const KEY_BYTES = 32;
const EXPIRY_BYTES = 6;
const NAMES_START = 1 + 3 * KEY_BYTES + EXPIRY_BYTES;
const PAYLOAD_TEXT = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{140,}$/u));

/** What the inviter and the joiner sign and check with the invite's key (context `papo/invite-proof/1`). */
export function inviteProofText(room: RoomId, account: AccountKey): string {
  return `${room}|${account}`;
}

/**
 * `papo://host:port/#i=PAYLOAD`, with `&k=KEY` where the tracker's key is known. PAYLOAD, as base64url: version 1, the room, the seed and the inviter's
 * account with 32 bytes each, the expiry in 6 bytes, then the room's name and the inviter's, each after its length in bytes (16 bits, big-endian).
 */
export function formatInviteLink(link: InviteLink): string {
  const { key } = link.tracker;
  const place = formatTrackerAddress({ ...link.tracker, key: undefined });
  return `${place}/#i=${keyText(payloadOf(link))}${key === undefined ? "" : `&k=${key}`}`;
}

function payloadOf(link: InviteLink): Uint8Array {
  if (link.seed.length !== INVITE_SEED_BYTES) throw new RangeError("an invite's seed has 32 bytes");
  const encoder = new TextEncoder();
  const names = [link.roomName, link.username].map((name) => encoder.encode(name));
  const bytes = new Uint8Array(names.reduce((sum, name) => sum + 2 + name.length, NAMES_START));
  bytes[0] = VERSION;
  bytes.set(keyBytes(link.room), 1);
  bytes.set(link.seed, 1 + KEY_BYTES);
  bytes.set(keyBytes(link.account), 1 + 2 * KEY_BYTES);
  for (let at = 0, rest = link.expiresMs; at < EXPIRY_BYTES; at += 1, rest = Math.floor(rest / 256))
    bytes[NAMES_START - 1 - at] = rest % 256;
  let at = NAMES_START;
  for (const name of names) {
    bytes[at] = name.length >>> 8;
    bytes[at + 1] = name.length;
    bytes.set(name, at + 2);
    at += 2 + name.length;
  }
  return bytes;
}

/** Whether a text means to be an invite: what a screen asks before it reads one where a command or an address could stand. */
export function looksLikeInvite(text: string): boolean {
  return /^\s*papo:\/\/[^#]*#(?:[^#]*&)?i=/u.test(text);
}

/** Any text: it was pasted from anywhere. Never throws, never repeats what came in. */
export function parseInviteLink(text: string): Outcome<InviteLink> {
  const trimmed = text.trim();
  if (trimmed.length > INVITE_LINK_CHARS_MAX) return refuse(`at most ${INVITE_LINK_CHARS_MAX} characters`);
  const [place = "", hash, ...more] = trimmed.split("#");
  if (hash === undefined || more.length > 0 || !place.startsWith("papo://")) return refuse("papo://host:port/#i=…");
  const parts = readParts(hash);
  if (parts === undefined) return refuse("i= once and k= at most once");
  const tracker = parseTrackerAddress(parts.k === undefined ? place : `${place}#k=${parts.k}`);
  if (!tracker.ok || tracker.value.dialect !== "papo") return refuse("papo://host:port/#i=…&k=…");
  const payload = decodeWith(PAYLOAD_TEXT, parts.i);
  if (!payload.ok) return refuse("a whole one");
  const read = readPayload(keyBytes(payload.value));
  return read.ok ? succeed({ tracker: tracker.value, ...read.value }) : read;
}

/** What a newer link says beside these is passed over. */
function readParts(hash: string): { readonly i: string; readonly k: string | undefined } | undefined {
  const of = (name: string): readonly string[] =>
    hash
      .split("&")
      .filter((part) => part.startsWith(`${name}=`))
      .map((part) => part.slice(name.length + 1));
  const [i, ...otherI] = of("i");
  const [k, ...otherK] = of("k");
  return i === undefined || otherI.length + otherK.length > 0 ? undefined : { i, k };
}

function readPayload(bytes: Uint8Array): Outcome<Omit<InviteLink, "tracker">> {
  if (bytes[0] !== VERSION) return fail("unsupported", "invite link: of a newer Papo");
  const keyAt = (index: number): Uint8Array => bytes.slice(1 + index * KEY_BYTES, 1 + (index + 1) * KEY_BYTES);
  const room = decodeWith(roomId, keyText(keyAt(0)));
  const account = decodeWith(accountKey, keyText(keyAt(2)));
  const expiresMs = bytes.subarray(NAMES_START - EXPIRY_BYTES, NAMES_START).reduce((sum, byte) => sum * 256 + byte, 0);
  const first = readName(bytes, NAMES_START);
  const second = first === undefined ? undefined : readName(bytes, first.next);
  if (first === undefined || second === undefined || second.next !== bytes.length) return refuse("a whole one");
  const named = decodeWith(roomName, first.name);
  const inviter = decodeWith(username, second.name);
  if (!room.ok || !account.ok || !named.ok || !inviter.ok) return refuse("a whole one");
  const hints = { roomName: named.value, username: inviter.value, expiresMs };
  return succeed({ room: room.value, seed: keyAt(1), account: account.value, ...hints });
}

function readName(bytes: Uint8Array, at: number): { readonly name: string; readonly next: number } | undefined {
  const high = bytes[at];
  const low = bytes[at + 1];
  if (high === undefined || low === undefined) return undefined;
  const next = at + 2 + high * 256 + low;
  if (next > bytes.length) return undefined;
  const name = decodeUtf8(bytes.subarray(at + 2, next));
  return name === undefined ? undefined : { name, next };
}

function refuse(expected: string): { readonly ok: false; readonly fault: { code: "invite_invalid"; detail: string } } {
  return { ok: false, fault: { code: "invite_invalid", detail: `invite link: expected ${expected}` } };
}
