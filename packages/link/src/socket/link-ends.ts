import type { Socket } from "node:net";
import type { LinkEnds } from "../link.ts";

/** Read while the socket is connected: Node forgets the addresses of a closed one. */
export function endsOf(socket: Socket): LinkEnds {
  return {
    remoteAddress: usualAddress(socket.remoteAddress),
    remotePort: socket.remotePort ?? 0,
    localAddress: usualAddress(socket.localAddress),
    localPort: socket.localPort ?? 0,
  };
}

/** One spelling per address: v4-mapped ones as IPv4, no zone ids. */
export function usualAddress(address: string | undefined): string {
  const withoutZone = (address ?? "").replace(/%.*$/u, "");
  return withoutZone.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/iu, "");
}
