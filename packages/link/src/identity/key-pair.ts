import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import {
  type AccountKey,
  type DeviceKey,
  type InviteId,
  type SealKey,
  type TrackerKey,
  accountKey,
  decodeWith,
  deviceKey,
  inviteId,
  sealKey,
  trackerKey,
} from "@papo/protocol";

/** 32 bytes each, base64url: as they stand in files and messages. `secretKey` is never logged and never sent. */
export type KeyPair<PublicKey extends string> = { readonly publicKey: PublicKey; readonly secretKey: string };

/** What can sign: the root of an account, a device, a tracker, an invite. */
export type SigningKey = KeyPair<AccountKey> | KeyPair<DeviceKey> | KeyPair<TrackerKey> | KeyPair<InviteId>;

export function createAccountKey(): KeyPair<AccountKey> {
  const { publicKey, secretKey } = generate("ed25519");
  return { publicKey: own(decodeWith(accountKey, publicKey)), secretKey };
}

/** PKCS #8 of an Ed25519 key (RFC 8410 §7): these bytes, then the seed. */
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The account key whose secret half is these 32 bytes (the seed of RFC 8032 §5.1.5): the same seed always gives the same pair. */
export function accountKeyOfSeed(seed: Uint8Array): KeyPair<AccountKey> {
  const { publicKey, secretKey } = ofSeed(seed);
  return { publicKey: own(decodeWith(accountKey, publicKey)), secretKey };
}

/** The one-time key of an invite, whose link carries the seed. docs/protocol/room-log.md §4.4 */
export function inviteKeyOfSeed(seed: Uint8Array): KeyPair<InviteId> {
  const { publicKey, secretKey } = ofSeed(seed);
  return { publicKey: own(decodeWith(inviteId, publicKey)), secretKey };
}

function ofSeed(seed: Uint8Array): { publicKey: string | undefined; secretKey: string } {
  if (seed.length !== 32) throw new TypeError("an Ed25519 seed has 32 bytes");
  const privateKey = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: "der", type: "pkcs8" });
  const { x, d } = privateKey.export({ format: "jwk" });
  return { publicKey: x, secretKey: own({ ok: d !== undefined, value: d ?? "" }) };
}

export function createDeviceKey(): KeyPair<DeviceKey> {
  const { publicKey, secretKey } = generate("ed25519");
  return { publicKey: own(decodeWith(deviceKey, publicKey)), secretKey };
}

export function createTrackerKey(): KeyPair<TrackerKey> {
  const { publicKey, secretKey } = generate("ed25519");
  return { publicKey: own(decodeWith(trackerKey, publicKey)), secretKey };
}

export function createSealKey(): KeyPair<SealKey> {
  const { publicKey, secretKey } = generate("x25519");
  return { publicKey: own(decodeWith(sealKey, publicKey)), secretKey };
}

function generate(kind: "ed25519" | "x25519"): { publicKey: string | undefined; secretKey: string } {
  const { privateKey } = kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  const { x, d } = privateKey.export({ format: "jwk" });
  return { publicKey: x, secretKey: own({ ok: d !== undefined, value: d ?? "" }) };
}

/** What OpenSSL has just made is well formed. */
function own<T>(made: { readonly ok: boolean; readonly value?: T }): T {
  if (!made.ok || made.value === undefined) throw new TypeError("a new key does not read back");
  return made.value;
}
