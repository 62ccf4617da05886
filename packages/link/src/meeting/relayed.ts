import { connect } from "node:net";
import { type Outcome, fail } from "@papo/protocol";
import { connected } from "../connecting.ts";
import type { Link } from "../link.ts";
import type { RelayedOptions } from "../network.ts";
import { ticketBytes } from "../tickets/ticket-bytes.ts";
import { linkInRole } from "./in-role.ts";
import type { TcpParts } from "./tcp-parts.ts";

/** A link through a relay: it sees where the two are and how much they say, and TLS records. */
export async function relayedTcp(parts: TcpParts, options: RelayedOptions): Promise<Outcome<Link>> {
  const { host, port, ticket, timeoutMs, signal } = options;
  if (signal?.aborted === true) return fail("closed", "given up");
  const greeting = ticketBytes(ticket);
  const endMs = parts.clock.monotonicMs() + timeoutMs;
  const socket = connect({ host, port, noDelay: true });
  const failed = await connected(parts.clock, options, socket, "connect");
  if (failed !== undefined) return { ok: false, fault: failed.fault };
  socket.write(greeting);
  return linkInRole(parts, socket, { ...options, timeoutMs: endMs - parts.clock.monotonicMs() });
}
