import { randomInt } from "node:crypto";
import { type Socket, connect, isIP } from "node:net";
import { type Outcome, fail, succeed } from "@papo/protocol";
import { connected } from "../connecting.ts";
import type { Rendezvous, RendezvousOptions } from "../network.ts";
import { endsOf } from "../socket/link-ends.ts";
import { ticketBytes } from "../tickets/ticket-bytes.ts";
import type { TcpParts } from "./tcp-parts.ts";

/** The dynamic ports (RFC 6335 §6). */
const PORT_FIRST = 49_152;
const PORT_AFTER_LAST = 65_536;
/** One port in sixteen thousand is rarely taken; so many are not, unless something else is wrong. */
const PORT_TRIES_MAX = 16;

/**
 * A plain connection from a port that we bind ourselves: a socket that the system gave a port to cannot share it, and this one's
 * is to be shared with the sockets of `punched`. A port on which somebody listens is refused by the system, and another one tried.
 */
export async function rendezvousTcp(parts: TcpParts, options: RendezvousOptions): Promise<Outcome<Rendezvous>> {
  const { host, port, ticket, family, timeoutMs, signal } = options;
  if (signal?.aborted === true) return fail("closed", "given up");
  // For a literal the system would not ask which family counts.
  if (isIP(host) !== 0 && family !== undefined && isIP(host) !== family) {
    return fail("unreachable", "cannot connect: no address of that kind");
  }
  const greeting = ticketBytes(ticket);
  const endMs = parts.clock.monotonicMs() + timeoutMs;
  const ofFamily = family === undefined ? {} : { family };
  for (let tries = 1; ; tries++) {
    const localPort = randomInt(PORT_FIRST, PORT_AFTER_LAST);
    const socket = connect({ host, port, localPort, noDelay: true, ...ofFamily });
    const patience = { timeoutMs: endMs - parts.clock.monotonicMs(), signal };
    const failed = await connected(parts.clock, patience, socket, "connect");
    if (failed === undefined) return succeed(kept(parts, socket, greeting));
    const isTaken = failed.code === "EADDRINUSE" || failed.code === "EACCES";
    if (!isTaken || tries === PORT_TRIES_MAX) return { ok: false, fault: failed.fault };
  }
}

function kept({ rendezvousByPort }: TcpParts, socket: Socket, greeting: Uint8Array): Rendezvous {
  const { localPort, localAddress, remoteAddress } = endsOf(socket);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const rendezvous = { localPort, localAddress, remoteAddress, close: () => socket.destroy(), closed };
  rendezvousByPort.set(localPort, rendezvous);
  void closed.then(() => rendezvousByPort.get(localPort) === rendezvous && rendezvousByPort.delete(localPort));
  // Nothing is said here; reading is how its end is noticed.
  socket.resume();
  socket.write(greeting);
  return rendezvous;
}
