import { type Socket, connect } from "node:net";
import { type Outcome, PUNCH_RETRY_MS, TLS_HANDSHAKE_TIMEOUT_MS, fail, succeed } from "@papo/protocol";
import { pause } from "../clock.ts";
import { connected } from "../connecting.ts";
import type { Link } from "../link.ts";
import type { PunchedOptions } from "../network.ts";
import { endsOf } from "../socket/link-ends.ts";
import { linkInRole } from "./in-role.ts";
import type { TcpParts } from "./tcp-parts.ts";

/** A link by TCP simultaneous open: what each sends out opens its own router for what the other sends. */
export async function punchedTcp(parts: TcpParts, options: PunchedOptions): Promise<Outcome<Link>> {
  const socket = await meet(parts, options);
  if (!socket.ok) return socket;
  return linkInRole(parts, socket.value, { ...options, timeoutMs: TLS_HANDSHAKE_TIMEOUT_MS });
}

async function meet(parts: TcpParts, options: PunchedOptions): Promise<Outcome<Socket>> {
  const { clock } = parts;
  const { host, port, localPort, forMs, signal } = options;
  const endMs = clock.monotonicMs() + forMs;
  while (signal?.aborted !== true) {
    const timeoutMs = endMs - clock.monotonicMs();
    if (timeoutMs <= 0) return fail("timeout", `nobody met in ${forMs} ms`);
    const socket = connect({ host, port, localPort, noDelay: true });
    const failed = await connected(clock, { timeoutMs, signal }, socket, "connect");
    if (failed === undefined && !isOurselves(socket)) return succeed(socket);
    socket.destroy();
    if (failed?.code === "EADDRINUSE") await giveUpRendezvous(parts, localPort);
    await pause(clock, Math.max(0, Math.min(PUNCH_RETRY_MS, endMs - clock.monotonicMs())), signal);
  }
  return fail("closed", "given up");
}

/** A socket that connects to its own port at its own address meets itself (RFC 9293 §3.5 allows it). */
function isOurselves(socket: Socket): boolean {
  const { localAddress, localPort, remoteAddress, remotePort } = endsOf(socket);
  return localAddress === remoteAddress && localPort === remotePort;
}

/** Where two bound sockets cannot share a port, the first one has done its work by now. */
async function giveUpRendezvous({ rendezvousByPort }: TcpParts, localPort: number): Promise<void> {
  const rendezvous = rendezvousByPort.get(localPort);
  rendezvous?.close();
  await rendezvous?.closed;
}
