import { type Outcome, fail } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import type { ListenOptions, Listener, Network } from "../network.ts";
import type { Random } from "../random.ts";
import type { Direction, Ether, LinkFaults, WiredEnd } from "./ether.ts";
import { type Caller, dialMemory } from "./memory-dial.ts";
import type { MemoryHost } from "./memory-host.ts";
import { MemoryListener } from "./memory-listener.ts";
import { MemoryPunches } from "./memory-punches.ts";
import { relayedMemory, rendezvousMemory } from "./memory-tickets.ts";
import { type Nat, Routes, type Spot } from "./routes.ts";
import { seededRandom } from "./seeded-random.ts";

const HEALTHY: LinkFaults = { delayMs: { min: 1, max: 1 }, dropRate: 0, duplicateRate: 0 };
const FIRST_FREE_PORT = 40_000;

/**
 * Many hosts in one process. All chance comes from `random` and all time from `clock`, so a run with the same seed and
 * a virtual clock is the same run. Hosts are named by their own first address, also where routers show others another one.
 */
export class MemoryNetwork implements Ether {
  readonly clock: Clock;
  readonly random: Random;
  readonly #links = new Set<WiredEnd>();
  readonly #faultsByDirection = new Map<string, LinkFaults>();
  readonly #blocked = new Set<string>();
  readonly #routes = new Routes(() => this.freePort());
  readonly #punches = new MemoryPunches();
  #partition: readonly (readonly string[])[] = [];
  #default: LinkFaults = HEALTHY;
  #nextPort = FIRST_FREE_PORT;

  constructor(clock: Clock, random: Random = seededRandom(1)) {
    this.clock = clock;
    this.random = random;
  }

  /** The network as the host at this IP address sees it, also after it has moved. */
  host(address: string): Network {
    const from = this.#routes.host(address);
    const caller: Caller = { ether: this, routes: this.#routes, from };
    return {
      listen: (options) => Promise.resolve(this.#listen(from, options)),
      dial: (options) => dialMemory(caller, options),
      relayed: (options) => relayedMemory(caller, options),
      punched: (options) => this.#punches.knock(caller, options),
      rendezvous: (options) => rendezvousMemory(caller, options),
    };
  }

  /** Puts a router or a firewall before one address of a host, from now on; undefined takes it away. */
  nat(address: string, nat: Nat | undefined): void {
    this.#routes.setNat(address, nat);
  }

  /** Makes a port of a router's outside address lead to a host behind it; undefined ends that. */
  mapPort(outside: Spot, inside: Spot | undefined): void {
    this.#routes.setMapping(outside, inside);
  }

  /** Gives a host another address, as of another family. */
  alsoAt(host: string, address: string): void {
    this.#routes.alsoAt(host, address);
  }

  /**
   * A host moves to another network: what it has open goes half-dead, nothing goes or comes any more and nobody is told. It goes on
   * listening and dialling at its new address, which nobody may have.
   */
  changeAddress(from: string, to: string): void {
    for (const link of this.#links) if (touches(link, from)) link.strand();
    this.#routes.rename(from, to);
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

  /** Ends all links that go between two hosts: both sides learn that theirs was lost. */
  cut(a: string, b: string): void {
    for (const link of this.#links) {
      const isBetween = link.way.some(({ from, to }) => (from === a && to === b) || (from === b && to === a));
      if (isBetween) link.lose("the connection was cut");
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

  #listen(host: MemoryHost, options: ListenOptions): Outcome<Listener> {
    const { listenerByPort } = host;
    const port = options.port === 0 ? this.freePort() : options.port;
    if (listenerByPort.has(port)) return fail("busy", "the port is in use");
    const listener = new MemoryListener(host.name, { ...options, port }, () => listenerByPort.delete(port));
    listenerByPort.set(port, listener);
    return { ok: true, value: listener };
  }
}

function touches({ way }: WiredEnd, host: string): boolean {
  return way.some(({ from, to }) => from === host || to === host);
}

function nameOf({ from, to }: Direction): string {
  return `${from} ${to}`;
}
