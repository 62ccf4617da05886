import type { Socket } from "node:net";
import { LINK_PING_INTERVAL_MS } from "@papo/protocol";
import type { Clock } from "./clock.ts";
import type { Link, LinkEnds } from "./link.ts";
import { ObjectWriter } from "./socket/object-writer.ts";
import { SocketLink } from "./socket/socket-link.ts";
import { ObjectReader } from "./socket/socket-reader.ts";

export type SeedLinkParts = {
  readonly socket: Socket;
  readonly ends: LinkEnds;
  readonly queueBytesMax: number;
  readonly readBytesMax?: number | undefined;
};

/**
 * Plain objects of the seed dialect over a TCP socket. The dialect has no word to ask with whether somebody is there, so the system asks:
 * otherwise a connection whose other end went without a word would stay for ever.
 */
export function seedLink(clock: Clock, { socket, ends, queueBytesMax, readBytesMax }: SeedLinkParts): Link {
  socket.setKeepAlive(true, LINK_PING_INTERVAL_MS);
  let heard = (): void => {};
  return new SocketLink({
    socket,
    clock,
    dialect: "seed",
    ends,
    security: undefined,
    readBytesMax,
    reader: new ObjectReader(() => heard()),
    writer: (onFailed) => {
      const writer = new ObjectWriter(socket, clock, queueBytesMax, onFailed);
      heard = () => writer.heard();
      return writer;
    },
  });
}
