import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Outcome, type TlsKey, decodeWith, fail, succeed, tlsKey } from "@papo/protocol";
import { certificateOf } from "./certificate.ts";

/** What TLS needs to prove who we are: a self-signed certificate that only carries the key. Never logged. */
export type TlsIdentity = {
  readonly key: TlsKey;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
};

/** A new key for TLS, and nothing else, with its certificate. */
export function createTlsIdentity(): TlsIdentity {
  return identityOf(generateKeyPairSync("ed25519").privateKey);
}

/** The identity of a stored private key (PKCS #8 in PEM). The certificate comes out the same every time. */
export function readTlsIdentity(privateKeyPem: string): Outcome<TlsIdentity> {
  try {
    const privateKey = createPrivateKey(privateKeyPem);
    if (privateKey.asymmetricKeyType === "ed25519") return succeed(identityOf(privateKey));
  } catch {
    // What OpenSSL says about it may hold parts of the file.
  }
  return fail("invalid_message", "TLS key: expected an Ed25519 private key in PEM");
}

function identityOf(privateKey: KeyObject): TlsIdentity {
  const publicKey = createPublicKey(privateKey);
  return {
    key: tlsKeyOf(publicKey),
    certificatePem: certificateOf(publicKey, privateKey),
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** The raw Ed25519 public key, base64url. Throws for any other kind of key. */
export function tlsKeyOf(publicKey: KeyObject): TlsKey {
  const decoded = decodeWith(tlsKey, publicKey.export({ format: "jwk" }).x);
  if (publicKey.asymmetricKeyType !== "ed25519" || !decoded.ok) throw new TypeError("expected an Ed25519 key");
  return decoded.value;
}
