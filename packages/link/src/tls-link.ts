import type { TLSSocket } from "node:tls";
import type { Clock } from "./clock.ts";
import type { ChannelSecurity, Link, LinkEnds } from "./link.ts";
import { FrameWriter } from "./socket/frame-writer.ts";
import { SocketLink } from "./socket/socket-link.ts";
import { FrameReader } from "./socket/socket-reader.ts";

export type TlsLinkParts = {
  readonly socket: TLSSocket;
  readonly ends: LinkEnds;
  readonly security: ChannelSecurity;
  readonly queueBytesMax: number;
};

/** Papo frames over a TLS socket whose channel has been checked. */
export function tlsLink(clock: Clock, { socket, ends, security, queueBytesMax }: TlsLinkParts): Link {
  return new SocketLink({
    socket,
    clock,
    dialect: "papo",
    ends,
    security,
    reader: new FrameReader(),
    writer: (onFailed) => new FrameWriter(socket, clock, queueBytesMax, onFailed),
  });
}
