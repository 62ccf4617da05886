import { type Clock, systemClock } from "./clock.ts";
import { dialTcp } from "./dialer.ts";
import { listenTcp } from "./listener.ts";
import type { Network } from "./network.ts";

/** Links over TCP: the real network. */
export function tcpNetwork(clock: Clock = systemClock): Network {
  return {
    listen: (options) => listenTcp(clock, options),
    dial: (options) => dialTcp(clock, options),
  };
}
