import { type Clock, systemClock } from "./clock.ts";
import { dialTcp } from "./dialer.ts";
import { listenTcp } from "./listener.ts";
import { fail } from "@papo/protocol";
import type { Network } from "./network.ts";

/** Links over TCP: the real network. */
export function tcpNetwork(clock: Clock = systemClock): Network {
  return {
    listen: (options) => listenTcp(clock, options),
    dial: (options) => dialTcp(clock, options),
    relayed: async () => fail("unsupported", "no relays yet"),
    punched: async () => fail("unsupported", "no punching yet"),
    rendezvous: async () => fail("unsupported", "no rendezvous yet"),
  };
}
