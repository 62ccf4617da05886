import { LabHost } from "./host.ts";
import { Namespace, sweepNamespaces } from "./namespace.ts";
import { LabNat } from "./nat.ts";
import type { NatKind } from "./nat-rules.ts";
import { type Families, LabNetwork } from "./network.ts";

/**
 * Ranges that count as public: what is reserved for documentation and tests is refused by whoever looks closely, `miniupnpd` among them.
 * No packet of these leaves the laboratory, which has no way out.
 */
const INTERNET = { ipv4: "25.1.0", ipv6: "2a00:25:0:1" };
/** Packets for addresses that nobody has end here in silence, as they do in the internet. */
const BLACK_HOLE = 254;

export type HostOptions = { readonly behind?: LabNat; readonly on?: LabNetwork; readonly families?: Families };

/** Whoever has a cable to a network: a machine, or a router with what is behind it. */
type Plugged = { readonly name: string; readonly network: LabNetwork; readonly port: string };

/**
 * A laboratory of network namespaces: an internet, routers of all kinds, and machines on which real programs run.
 * Needs root; see `Lab.isPossible`. Dispose of it and all is gone, with what runs in it.
 */
export class Lab implements Disposable {
  readonly internet: LabNetwork;
  readonly #namespaces: Namespace[] = [];
  readonly #networks: LabNetwork[] = [];
  #lans = 0;

  constructor() {
    sweepNamespaces();
    const core = this.#kept(new Namespace("internet"));
    core.shell("sysctl -qw net.ipv6.conf.all.forwarding=1");
    this.internet = new LabNetwork(core, { bridge: "internet", range: INTERNET, gateway: BLACK_HOLE });
    this.#networks.push(this.internet);
  }

  /** Whether this machine lets us make one: asked once, by making a small one. */
  static isPossible(): boolean {
    possible ??= canBuild();
    return possible;
  }

  /** A machine: directly in the internet and with IPv4 unless told otherwise. */
  host(name: string, { behind, on = behind?.lan ?? this.internet, families }: HostOptions = {}): LabHost {
    const host = new LabHost(name, on, families ?? (behind?.kind === "firewall" ? "ipv6" : "ipv4"));
    this.#kept(host.namespace);
    return host;
  }

  /** A network that leads nowhere else. */
  lan(name: string): LabNetwork {
    const range = { ipv4: this.#privateRange() };
    const lan = new LabNetwork(this.#kept(new Namespace(name)), { bridge: "lan", range, gateway: BLACK_HOLE });
    this.#networks.push(lan);
    return lan;
  }

  nat(name: string, kind: NatKind): LabNat {
    const range = kind === "firewall" ? { ipv6: this.#publicRange6() } : { ipv4: this.#privateRange() };
    const nat = new LabNat(name, { kind, internet: this.internet, range });
    this.#kept(nat.namespace);
    this.#networks.push(nat.lan);
    if (range.ipv6 !== undefined)
      this.internet.namespace.shell(`ip -6 route add ${range.ipv6}::/64 via ${nat.address}`);
    return nat;
  }

  /** Whatever goes from one to the other is lost on the way; the other direction works. Both have a cable to the same network: who is behind a router, that is the router. */
  dropOneWay(from: Plugged, to: Plugged): void {
    if (from.network !== to.network) throw new Error(`${from.name} and ${to.name} are not in one network`);
    from.network.cut(from.port, to.port);
  }

  /** Nothing goes between the two groups any more, each within itself goes on. */
  partition(some: readonly Plugged[], others: readonly Plugged[]): void {
    for (const one of some) {
      for (const other of others) {
        this.dropOneWay(one, other);
        this.dropOneWay(other, one);
      }
    }
  }

  /** Takes back every loss and partition. */
  heal(): void {
    for (const network of this.#networks) network.heal();
  }

  [Symbol.dispose](): void {
    for (const namespace of this.#namespaces.splice(0).toReversed()) namespace.end();
  }

  #kept(namespace: Namespace): Namespace {
    this.#namespaces.push(namespace);
    return namespace;
  }

  #privateRange(): string {
    this.#lans += 1;
    return `192.168.${this.#lans}`;
  }

  #publicRange6(): string {
    this.#lans += 1;
    return `2a00:25:0:${100 + this.#lans}`;
  }
}

let possible: boolean | undefined;

/** Being root is not enough where a container withholds namespaces or filters. */
function canBuild(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    const probe = new Namespace("probe");
    probe.shell("ip link add one type veth peer name other", "ip link add bridge type bridge");
    probe.rules("add table inet probe\nadd chain inet probe translated { type nat hook postrouting priority 100; }");
    probe.rules("add rule inet probe translated masquerade random,fully-random");
    probe.end();
    return true;
  } catch {
    return false;
  }
}
