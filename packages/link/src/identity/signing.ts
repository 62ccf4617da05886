import { type KeyObject, createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import {
  ENTRY_CONTEXT,
  PUBLIC_KEYS_KEPT_MAX,
  type Sha256,
  type Signature,
  type SignatureContext,
  type SignedText,
  decodeWith,
  sha256,
  signature,
} from "@papo/protocol";
import type { SigningKey } from "./key-pair.ts";

// docs/protocol/identity.md §2. Keys come in as JWK: OpenSSL reads that ten times faster than DER.

const publicKeyByText = new Map<string, KeyObject>();
const privateKeyByPair = new WeakMap<SigningKey, KeyObject>();

/** Signs the context, a NUL and the text's UTF-8 bytes. */
export function signText(key: SigningKey, context: SignatureContext, text: string): SignedText {
  const bytes = sign(null, signedBytes(context, text), privateKeyOf(key));
  return { text, sig: branded(decodeWith(signature, bytes.toString("base64url"))) };
}

/** True only for a signature by that key, over that text, for that purpose. Never throws. */
export function verifyText(publicKey: string, context: SignatureContext, signed: SignedText): boolean {
  const key = publicKeyOf(publicKey);
  if (key === undefined || !signed.text.isWellFormed()) return false;
  return verify(null, signedBytes(context, signed.text), key, Buffer.from(signed.sig, "base64url"));
}

/** Signs an entry of a room's log by the exact bytes of its header: 64 bytes. docs/protocol/room-log.md §2.3 */
export function signEntry(key: SigningKey, header: Uint8Array): Uint8Array {
  return sign(null, entryBytes(header), privateKeyOf(key));
}

/** True only for a signature of an entry's header by that key. Never throws. */
export function verifyEntrySignature(publicKey: string, header: Uint8Array, bytes: Uint8Array): boolean {
  const key = publicKeyOf(publicKey);
  return key !== undefined && bytes.length === 64 && verify(null, entryBytes(header), key, bytes);
}

const ENTRY_PREFIX = Buffer.from(`${ENTRY_CONTEXT}\0`, "utf8");

function entryBytes(header: Uint8Array): Buffer {
  return Buffer.concat([ENTRY_PREFIX, header]);
}

/** SHA-256 of a text's UTF-8 bytes. */
export function sha256Text(text: string): Sha256 {
  return branded(decodeWith(sha256, createHash("sha256").update(text, "utf8").digest("base64url")));
}

function signedBytes(context: SignatureContext, text: string): Buffer {
  return Buffer.from(`${context}\0${text}`, "utf8");
}

function privateKeyOf(pair: SigningKey): KeyObject {
  const known = privateKeyByPair.get(pair);
  if (known !== undefined) return known;
  const read = createPrivateKey({ key: jwk(pair.publicKey, pair.secretKey), format: "jwk" });
  privateKeyByPair.set(pair, read);
  return read;
}

function publicKeyOf(text: string): KeyObject | undefined {
  const known = publicKeyByText.get(text);
  if (known !== undefined) return known;

  let read: KeyObject;
  try {
    read = createPublicKey({ key: jwk(text), format: "jwk" });
  } catch {
    return undefined;
  }
  const [oldest] = publicKeyByText.keys();
  if (publicKeyByText.size >= PUBLIC_KEYS_KEPT_MAX && oldest !== undefined) publicKeyByText.delete(oldest);
  publicKeyByText.set(text, read);
  return read;
}

function jwk(publicKey: string, secretKey?: string): Record<string, string> {
  const key = { kty: "OKP", crv: "Ed25519", x: publicKey };
  return secretKey === undefined ? key : { ...key, d: secretKey };
}

/** What we have just computed is well formed. */
function branded<T extends Signature | Sha256>(made: { readonly ok: boolean; readonly value?: T }): T {
  if (made.value === undefined) throw new TypeError("own output does not read back");
  return made.value;
}
