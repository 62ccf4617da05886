import { constants } from "node:crypto";
import { createSecureContext, type ConnectionOptions, type SecureContextOptions, type TlsOptions } from "node:tls";
import type { TlsIdentity } from "@papo/link";

/** The settings of Papo's handshakes (docs/protocol/framing.md §5), spelled out again so that bare TLS stands by itself. */
export function bareTlsSettings(identity: TlsIdentity): {
  readonly listen: TlsOptions;
  readonly dial: ConnectionOptions;
} {
  const settings: SecureContextOptions = {
    cert: identity.certificatePem,
    key: identity.privateKeyPem,
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    ecdhCurve: "X25519MLKEM768:X25519",
    sigalgs: "ed25519",
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
  const alone = { rejectUnauthorized: false } as const;
  return {
    listen: { ...settings, ...alone, requestCert: true, ALPNProtocols: ["bench"] },
    dial: { ...alone, secureContext: createSecureContext(settings), ALPNProtocols: ["bench"], servername: "" },
  };
}
