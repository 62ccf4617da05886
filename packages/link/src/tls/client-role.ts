import type { ConnectionOptions, TLSSocket } from "node:tls";
import { type Outcome, type TlsKey, fail, succeed } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import type { Link, LinkEnds } from "../link.ts";
import type { LinkSettings } from "../network.ts";
import { tlsLink } from "../tls-link.ts";
import { checkChannel, groupAtDialler } from "./channel-check.ts";
import { secureContextOf } from "./tls-settings.ts";

export type ClientSettings = LinkSettings & { readonly expectedKey?: TlsKey | undefined };

/** How the client's side of every handshake is begun. */
export function clientRole({ identity, alpn }: LinkSettings): ConnectionOptions {
  return {
    secureContext: secureContextOf(identity),
    ALPNProtocols: [alpn],
    rejectUnauthorized: false,
    // No name of anybody is sent in the clear.
    servername: "",
  };
}

/** The link of a client whose handshake is over, if the far end is what it should be; else the socket is gone. */
export function linkOfClient(clock: Clock, socket: TLSSocket, ends: LinkEnds, settings: ClientSettings): Outcome<Link> {
  const { alpn, expectedKey, queueBytesMax } = settings;
  const security = checkChannel(socket, alpn, groupAtDialler(socket));
  const isOther = security.ok && expectedKey !== undefined && security.value.remoteKey !== expectedKey;
  if (security.ok && !isOther)
    return succeed(tlsLink(clock, { socket, ends, security: security.value, queueBytesMax }));
  socket.destroy();
  return security.ok ? fail("identity_changed", "TLS key: expected another one") : security;
}
