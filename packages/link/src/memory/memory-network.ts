import { type Outcome, fail } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import type { Link } from "../link.ts";
import type { DialOptions, ListenOptions, Listener, Network } from "../network.ts";
import type { Random } from "../random.ts";
import type { Direction, Ether, LinkFaults, WiredEnd } from "./ether.ts";
import { dialMemory } from "./memory-dial.ts";
import { MemoryListener } from "./memory-listener.ts";
import { seededRandom } from "./seeded-random.ts";

const HEALTHY: LinkFaults = { delayMs: { min: 1, max: 1 }, dropRate: 0, duplicateRate: 0 };
const FIRST_FREE_PORT = 40_000;

/**
 * Many hosts in one process. All chance comes from `random` and all time from `clock`, so a run with the same seed and
 * a virtual clock is the same run.
 */
export class MemoryNetwork implements Ether {
  readonly clock: Clock;
  readonly random: Random;
  readonly #listenerByPlace = new Map<string, MemoryListener>();
  readonly #links = new Set<WiredEnd>();
  readonly #faultsByDirection = new Map<string, LinkFaults>();
  readonly #blocked = new Set<string>();
  #partition: readonly (readonly string[])[] = [];
  #default: LinkFaults = HEALTHY;
  #nextPort = FIRST_FREE_PORT;

  constructor(clock: Clock, random: Random = seededRandom(1)) {
    this.clock = clock;
    this.random = random;
  }

  /** The network as the host at this IP address sees it. */
  host(address: string): Network {
    return {
      listen: (options) => Promise.resolve(this.#listen(address, options)),
      dial: (options) => this.#dial(address, options),
      relayed: async () => fail("unsupported", "no relays yet"),
      punched: async () => fail("unsupported", "no punching yet"),
      rendezvous: async () => fail("unsupported", "no rendezvous yet"),
    };
  }

  /** Links that are open at either end, each end counted. */
  get openLinks(): number {
    return this.#links.size;
  }

  /** How one direction misbehaves from now on; without a direction, all those that have no rule of their own. */
  faults(direction: Direction | undefined, faults: Partial<LinkFaults>): void {
    if (direction === undefined) this.#default = { ...HEALTHY, ...faults };
    else this.#faultsByDirection.set(nameOf(direction), { ...HEALTHY, ...faults });
  }

  /** Ends all links between two hosts: both sides learn that theirs was lost. */
  cut(a: string, b: string): void {
    for (const link of this.#links) {
      const { localAddress, remoteAddress } = link.ends;
      const isBetween = localAddress === a && remoteAddress === b;
      if (isBetween || (localAddress === b && remoteAddress === a)) link.lose("the connection was cut");
    }
  }

  /** What `from` sends to `to` stays on its way until `heal`, and neither side is told. */
  halfOpen(direction: Direction): void {
    this.#blocked.add(nameOf(direction));
  }

  /** Only hosts of the same group reach each other, until `heal`; a host in no group reaches nobody. Neither side is told. */
  partition(...groups: readonly (readonly string[])[]): void {
    this.#partition = groups;
  }

  /** Ends every block and partition; what was on its way arrives, where the link still lives. */
  heal(): void {
    this.#blocked.clear();
    this.#partition = [];
    for (const link of this.#links) link.networkChanged();
  }

  faultsOf(direction: Direction): LinkFaults {
    return this.#faultsByDirection.get(nameOf(direction)) ?? this.#default;
  }

  isBlocked({ from, to }: Direction): boolean {
    if (from === to) return false;
    const isApart =
      this.#partition.length > 0 && !this.#partition.some((group) => group.includes(from) && group.includes(to));
    return isApart || this.#blocked.has(nameOf({ from, to }));
  }

  /** How long the next thing sent that way takes. */
  delayOf(direction: Direction): number {
    const { min, max } = this.faultsOf(direction).delayMs;
    return min === max ? min : min + this.random.fraction() * (max - min);
  }

  freePort(): number {
    return this.#nextPort++;
  }

  opened(link: WiredEnd): void {
    this.#links.add(link);
  }

  ended(link: WiredEnd): void {
    this.#links.delete(link);
  }

  #listen(address: string, options: ListenOptions): Outcome<Listener> {
    const port = options.port === 0 ? this.freePort() : options.port;
    const place = `${address} ${port}`;
    if (this.#listenerByPlace.has(place)) return fail("busy", "the port is in use");
    const listener = new MemoryListener(address, { ...options, port }, () => this.#listenerByPlace.delete(place));
    this.#listenerByPlace.set(place, listener);
    return { ok: true, value: listener };
  }

  #dial(from: string, options: DialOptions): Promise<Outcome<Link>> {
    const isSelf = ["localhost", "127.0.0.1", "::1"].includes(options.host);
    const way = { from, to: isSelf ? from : options.host };
    return dialMemory(this, way, {
      options,
      find: () => this.#listenerByPlace.get(`${way.to} ${options.port}`),
    });
  }
}

function nameOf({ from, to }: Direction): string {
  return `${from} ${to}`;
}
