import { constants } from "node:crypto";
import { type SecureContext, type SecureContextOptions, createSecureContext } from "node:tls";
import type { TlsIdentity } from "./tls-identity.ts";

/** Key exchange, best first: hybrid post-quantum, then X25519 alone. Nothing else is spoken. */
const TLS_GROUPS = "X25519MLKEM768:X25519";

/**
 * What both sides of every Papo handshake insist on (docs/protocol/framing.md §5). NO_TICKET because a client that holds
 * a ticket could resume a session without the key that opened it.
 */
export function tlsSettings(identity: TlsIdentity): SecureContextOptions {
  return {
    cert: identity.certificatePem,
    key: identity.privateKeyPem,
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    ecdhCurve: TLS_GROUPS,
    sigalgs: "ed25519",
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

const contextByIdentity = new WeakMap<TlsIdentity, SecureContext>();

/** Reading keys costs more than a handshake's arithmetic, so each identity's context is made once. */
export function secureContextOf(identity: TlsIdentity): SecureContext {
  const known = contextByIdentity.get(identity);
  if (known !== undefined) return known;
  const made = createSecureContext(tlsSettings(identity));
  contextByIdentity.set(identity, made);
  return made;
}
