import { createHash } from "node:crypto";
import { once } from "node:events";
import { type Socket, connect } from "node:net";
import type { TestContext } from "node:test";
import { type Network, systemClock, tcpNetwork } from "@papo/link";
import { openMemoryStore } from "../src/stores/memory/open-memory-store.ts";
import { type Tracker, startTracker } from "../src/tracker.ts";
import { createTrackerIdentity } from "../src/tracker-identity.ts";
import type { TrackerOptions } from "../src/tracker-options.ts";
import type { TrackerInReach } from "./tracker-in-reach.ts";

const LOOPBACK = "127.0.0.1";

/** A tracker on real sockets, in real time, with quick passwords. */
export class TcpRig implements TrackerInReach {
  readonly network: Network = tcpNetwork(systemClock);
  readonly trackerHost = LOOPBACK;
  readonly clock = { runUntil: untilTrue };
  readonly tracker: Tracker;

  private constructor(tracker: Tracker) {
    this.tracker = tracker;
  }

  /** Ends with the test. */
  static async start(context: TestContext, options: Partial<TrackerOptions> = {}): Promise<TcpRig> {
    const started = await startTracker({
      clock: systemClock,
      network: tcpNetwork(systemClock),
      identity: createTrackerIdentity(),
      repositories: openMemoryStore(),
      host: LOOPBACK,
      port: 0,
      log: { event: () => {} },
      deriveKey: async (password, salt) => createHash("sha256").update(password).update(salt).digest(),
      ...options,
    });
    if (!started.ok) throw new Error(started.fault.detail);
    context.after(() => started.value.drain());
    return new TcpRig(started.value);
  }

  newHost(): string {
    return LOOPBACK;
  }

  host(): Network {
    return this.network;
  }

  during<T>(task: Promise<T>): Promise<T> {
    return task;
  }
}

/** Lets everything else run until it is so. */
export async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Plain TCP that begins with these bytes, and says nothing by itself. It ends with the test. */
export async function plain(context: TestContext, port: number, first: Uint8Array): Promise<Socket> {
  const socket = connect({ host: LOOPBACK, port, noDelay: true, allowHalfOpen: true });
  socket.on("error", () => {});
  context.after(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(first);
  return socket;
}

/** As it is shown on a connection. */
export function shown(ticket: string): Buffer {
  return Buffer.concat([Buffer.of(0x50), Buffer.from(ticket, "base64url")]);
}
