import { createHash } from "node:crypto";
import type { ListenOptions, Network } from "@papo/link";
import { MemoryNetwork, VirtualClock } from "@papo/link/memory";
import type { Repositories } from "../src/repositories/repositories.ts";
import type { DeriveKey } from "../src/services/passwords.ts";
import { openMemoryStore } from "../src/stores/memory/open-memory-store.ts";
import { openHumanLog } from "../src/log/human-log.ts";
import { type Tracker, startTracker } from "../src/tracker.ts";
import { createTrackerIdentity } from "../src/tracker-identity.ts";
import type { TrackerOptions } from "../src/tracker-options.ts";
import { PapoClient } from "./papo-client.ts";
import { SeedClient } from "./seed-client.ts";
import { FakeCaller } from "./relay/fake-caller.ts";
import { TRACKER_HOST, type TrackerInReach } from "./tracker-in-reach.ts";

const TRACKER_PORT = 6060;

/** Where the tracker takes tickets. */
type Door = { onTicket: ListenOptions["onTicket"] };

function watched(network: Network, door: Door): Network {
  const listen: Network["listen"] = (options) => {
    door.onTicket = options.onTicket;
    return network.listen(options);
  };
  return { ...network, listen };
}

/** A tracker on a network in memory, in virtual time, with quick passwords. */
export class TrackerRig implements TrackerInReach {
  readonly clock: VirtualClock;
  readonly memory: MemoryNetwork;
  readonly tracker: Tracker;
  readonly repositories: Repositories;
  /** What the operator reads. */
  readonly lines: string[];
  /** How often a password was worked on. */
  readonly derived: { count: number };
  readonly #door: Door;
  #nextHost = 2;

  private constructor(
    parts: Pick<TrackerRig, "clock" | "memory" | "tracker" | "repositories" | "lines" | "derived">,
    door: Door,
  ) {
    this.#door = door;
    this.clock = parts.clock;
    this.memory = parts.memory;
    this.tracker = parts.tracker;
    this.repositories = parts.repositories;
    this.lines = parts.lines;
    this.derived = parts.derived;
  }

  static async start(options: Partial<TrackerOptions> = {}): Promise<TrackerRig> {
    const clock = new VirtualClock();
    const memory = new MemoryNetwork(clock);
    const repositories = options.repositories ?? openMemoryStore();
    const lines: string[] = [];
    const derived = { count: 0 };
    const deriveKey: DeriveKey = async (password, salt) => {
      derived.count += 1;
      return createHash("sha256").update(password).update(salt).digest();
    };
    const door: Door = { onTicket: undefined };
    const started = await startTracker({
      clock,
      network: watched(memory.host(TRACKER_HOST), door),
      identity: createTrackerIdentity(),
      repositories,
      host: TRACKER_HOST,
      port: TRACKER_PORT,
      log: openHumanLog((line) => lines.push(line)),
      deriveKey,
      ...options,
    });
    if (!started.ok) throw new Error(started.fault.detail);
    return new TrackerRig({ clock, memory, tracker: started.value, repositories, lines, derived }, door);
  }

  /** A plain connection with a ticket arrives from there. */
  comeWith(ticket: string, from: { readonly remoteAddress?: string; readonly remotePort?: number } = {}): FakeCaller {
    const caller = new FakeCaller(ticket, from);
    this.#door.onTicket?.(caller);
    return caller;
  }

  /** An address nobody has used yet. */
  newHost(): string {
    this.#nextHost += 1;
    return `10.0.${this.#nextHost >> 8}.${this.#nextHost & 255}`;
  }

  host(address: string): Network {
    return this.memory.host(address);
  }

  async seed(address = this.newHost()): Promise<SeedClient> {
    return SeedClient.dial(this, address);
  }

  async papo(name: string, address = this.newHost()): Promise<PapoClient> {
    return PapoClient.dial(this, { name, address });
  }

  /** Runs virtual time until `task` is done. */
  async during<T>(task: Promise<T>): Promise<T> {
    let isDone = false;
    const settled = settle(task).finally(() => {
      isDone = true;
    });
    await this.clock.runUntil(() => isDone);
    const outcome = await settled;
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }
}

/** A rejection is nobody's surprise while the clock runs. */
async function settle<T>(task: Promise<T>): Promise<{ readonly value: T } | { readonly error: Error }> {
  try {
    return { value: await task };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error("not an error") };
  }
}
