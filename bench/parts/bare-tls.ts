import { constants } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions, type TlsOptions } from "node:tls";
import type { TlsIdentity } from "@papo/link";

/** The settings of Papo's handshakes (docs/protocol/framing.md §5), spelled out again so that bare TLS stands by itself. */
function settingsOf(identity: TlsIdentity): SecureContextOptions {
  return {
    cert: identity.certificatePem,
    key: identity.privateKeyPem,
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    ecdhCurve: "X25519MLKEM768:X25519",
    sigalgs: "ed25519",
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

export const BARE_ALPN = "bench";

export function bareServerSettings(identity: TlsIdentity): TlsOptions {
  return { ...settingsOf(identity), ALPNProtocols: [BARE_ALPN], requestCert: true, rejectUnauthorized: false };
}

export function clientContext(identity: TlsIdentity): SecureContext {
  return createSecureContext(settingsOf(identity));
}
