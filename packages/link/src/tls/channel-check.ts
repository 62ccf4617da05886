import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { CERTIFICATE_BYTES_MAX, type Outcome, type TlsKey, fail, succeed } from "@papo/protocol";
import type { ChannelSecurity } from "../link.ts";
import { tlsKeyOf } from "./tls-identity.ts";

/**
 * What TLS itself does not insist on, checked on both sides before anyone holds a link (docs/protocol/framing.md §5).
 * Names, dates and issuers in the certificate are not looked at: the handshake has proven the key, and who may
 * use which key is decided above.
 */
export function checkChannel(socket: TLSSocket, alpn: string, group: string): Outcome<ChannelSecurity> {
  if (socket.alpnProtocol !== alpn) return fail("unsupported", `ALPN: expected ${alpn}`);
  if (socket.getProtocol() !== "TLSv1.3") return fail("unsupported", "TLS version: expected 1.3");
  if (socket.isSessionReused()) return fail("unsupported", "TLS session: expected a full handshake");

  const remoteKey = keyOf(socket.getPeerX509Certificate());
  if (!remoteKey.ok) return remoteKey;
  const cipher = socket.getCipher().name;
  return succeed({ remoteKey: remoteKey.value, protocol: "TLSv1.3", cipher, group });
}

function keyOf(certificate: X509Certificate | undefined): Outcome<TlsKey> {
  if (certificate === undefined) return fail("unsupported", "certificate: expected one");
  if (certificate.raw.length > CERTIFICATE_BYTES_MAX) return fail("unsupported", "certificate: expected a small one");
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== "ed25519") return fail("unsupported", "certificate: expected an Ed25519 key");
  // Its signature is not checked: the handshake has proven who holds the key, which is all it could say.
  const isAlone = certificate.issuerCertificate === undefined && certificate.checkIssued(certificate);
  if (!isAlone) return fail("unsupported", "certificate: expected a self-signed one");
  return succeed(tlsKeyOf(publicKey));
}

/** Bytes of an ML-KEM-768 ciphertext (FIPS 203), which only a hybrid handshake contains. */
const ML_KEM_CIPHERTEXT_BYTES = 1_088;

/**
 * The group that a listener agreed to. Node tells it to diallers only (`getEphemeralKeyInfo`), but only two groups are
 * possible, our side of a handshake has some 700 bytes without the post-quantum part, and that part alone is longer.
 */
export function groupAtListener(handshakeBytesWritten: number): string {
  return handshakeBytesWritten > ML_KEM_CIPHERTEXT_BYTES ? "X25519MLKEM768" : "X25519";
}

/** The group that a dialler agreed to. */
export function groupAtDialler(socket: TLSSocket): string {
  const info = socket.getEphemeralKeyInfo();
  return info !== null && "name" in info && typeof info.name === "string" ? info.name : "unknown";
}
