import { type Clock, systemClock } from "./clock.ts";
import { dialTcp } from "./dialer.ts";
import { listenTcp } from "./listener.ts";
import { punchedTcp } from "./meeting/punched.ts";
import { relayedTcp } from "./meeting/relayed.ts";
import { rendezvousTcp } from "./meeting/rendezvous.ts";
import { TcpParts } from "./meeting/tcp-parts.ts";
import type { Network } from "./network.ts";

/** Links over TCP: the real network. */
export function tcpNetwork(clock: Clock = systemClock): Network {
  const parts = new TcpParts(clock);
  return {
    listen: (options) => listenTcp(clock, options),
    dial: (options) => dialTcp(clock, options),
    relayed: (options) => relayedTcp(parts, options),
    punched: (options) => punchedTcp(parts, options),
    rendezvous: (options) => rendezvousTcp(parts, options),
  };
}
