import { MemoryHost } from "./memory-host.ts";

/**
 * What stands between one address of a host and everybody else; it lets nothing in that was not asked for from inside.
 * `firewall` changes nothing on its way out. `preserving` shows another address and the same port, `symmetric` another address
 * and a new port for each place that is dialled; hosts with the same `outside` share a router and reach each other by their
 * own addresses, and not by the outside one.
 */
export type Nat =
  | { readonly kind: "firewall"; readonly refuses?: boolean }
  | {
      readonly kind: "preserving" | "symmetric";
      readonly outside: string /** Answers who comes uninvited, instead of being silent; so nobody is met by simultaneous open. */;
      readonly refuses?: boolean;
    };

export type Spot = { readonly address: string; readonly port: number };

/** Where something that is sent ends up: at a host, at a door that says no, nowhere, or it cannot even leave. */
export type Route =
  | {
      readonly kind: "host";
      readonly host: MemoryHost;
      readonly port: number /** The sender's address as it is seen there. */;
      readonly seenAs: string;
      readonly isTranslated: boolean;
      readonly isSelf: boolean;
    }
  | { readonly kind: "refused" }
  | { readonly kind: "silent" }
  | { readonly kind: "no-route" };

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

/** Who is where, and who reaches whom. */
export class Routes {
  readonly #hostByAddress = new Map<string, MemoryHost>();
  readonly #natByAddress = new Map<string, Nat>();
  readonly #mappings = new Map<string, Spot>();
  readonly #symmetricPorts = new Map<string, number>();
  readonly #freePort: () => number;

  constructor(freePort: () => number) {
    this.#freePort = freePort;
  }

  host(address: string): MemoryHost {
    const known = this.#hostByAddress.get(address);
    if (known !== undefined) return known;
    const made = new MemoryHost(address);
    this.#hostByAddress.set(address, made);
    return made;
  }

  alsoAt(host: string, address: string): void {
    const known = this.host(host);
    known.addresses = [...known.addresses, address];
    this.#hostByAddress.set(address, known);
  }

  rename(from: string, to: string): void {
    const host = this.host(from);
    if (this.#hostByAddress.has(to)) throw new TypeError(`somebody is at ${to}`);
    this.#hostByAddress.delete(from);
    host.addresses = host.addresses.map((address) => (address === from ? to : address));
    this.#hostByAddress.set(to, host);
  }

  setNat(address: string, nat: Nat | undefined): void {
    if (nat === undefined) this.#natByAddress.delete(address);
    else this.#natByAddress.set(address, nat);
  }

  /** A port of a router that leads to one of the hosts behind it. */
  setMapping(outside: Spot, inside: Spot | undefined): void {
    if (inside === undefined) this.#mappings.delete(nameOf(outside));
    else this.#mappings.set(nameOf(outside), inside);
  }

  /** The address of a host's that a name for it stands for, if only one family counts. */
  addressOf(host: string, family: 4 | 6 | undefined): string | undefined {
    if (family === undefined) return host;
    const addresses = this.#hostByAddress.get(host)?.addresses ?? [host];
    return addresses.find((address) => isV6(address) === (family === 6));
  }

  route(from: MemoryHost, to: Spot): Route {
    if (LOOPBACK.has(to.address))
      return { kind: "host", host: from, port: to.port, seenAs: from.name, isTranslated: false, isSelf: true };
    const source = this.source(from, to.address);
    if (source === undefined) return { kind: "no-route" };
    const target = this.#hostByAddress.get(to.address);
    const isHome = this.#isHome(source, to.address);
    const seenAs = isHome ? source : this.#outside(source);
    const mapped = this.#mappings.get(nameOf(to));
    if (mapped !== undefined) return this.#arrives(this.host(mapped.address), mapped.port, source, seenAs);
    const closed = this.#closedTo(source, to.address);
    if (closed !== undefined) return closed;
    return this.#arrives(target ?? this.host(to.address), to.port, source, seenAs);
  }

  /** Whether `address` belongs to somebody behind the same router. */
  #isHome(source: string, address: string): boolean {
    const [ours, theirs] = [this.#natByAddress.get(source), this.#natByAddress.get(address)];
    const isOneHost = this.#hostByAddress.get(source) === this.#hostByAddress.get(address);
    return isOneHost || (isTranslating(ours) && isTranslating(theirs) && ours.outside === theirs.outside);
  }

  #arrives(host: MemoryHost, port: number, source: string, seenAs: string): Route {
    return { kind: "host", host, port, seenAs, isTranslated: seenAs !== source, isSelf: false };
  }

  #closedTo(source: string, address: string): Route | undefined {
    if (this.#isHome(source, address)) return undefined;
    const nat = this.#natByAddress.get(address);
    // Addresses behind a router mean nothing outside.
    if (isTranslating(nat)) return { kind: "silent" };
    const door =
      nat ?? [...this.#natByAddress.values()].find((each) => isTranslating(each) && each.outside === address);
    if (door === undefined) return undefined;
    return { kind: door.refuses === true ? "refused" : "silent" };
  }

  /** The address of ours that something to that address leaves with. */
  source(from: MemoryHost, to: string): string | undefined {
    const fitting = from.addresses.find((address) => isV6(address) === isV6(to));
    const isStrict = from.addresses.length > 1 || this.#hostByAddress.get(to)?.addresses.indexOf(to) !== 0;
    if (fitting !== undefined) return fitting;
    return isStrict && this.#hostByAddress.has(to) ? undefined : from.name;
  }

  #outside(address: string): string {
    const nat = this.#natByAddress.get(address);
    return isTranslating(nat) ? nat.outside : address;
  }

  /** Where something from that port of ours to that place is seen to come from. */
  seen(from: MemoryHost, localPort: number, to: Spot): Spot {
    const source = this.source(from, to.address) ?? from.name;
    if (this.#isHome(source, to.address)) return { address: source, port: localPort };
    const nat = this.#natByAddress.get(source);
    if (nat?.kind !== "symmetric") return { address: this.#outside(source), port: localPort };
    const key = `${source} ${localPort} ${nameOf(to)}`;
    const port = this.#symmetricPorts.get(key) ?? this.#freePort();
    this.#symmetricPorts.set(key, port);
    return { address: nat.outside, port };
  }

  /** Whether what comes back through the door that stands before a host can find one who knocks from inside as well. */
  canBeMet(from: MemoryHost, to: Spot): boolean {
    const source = this.source(from, to.address);
    return source !== undefined && this.#natByAddress.get(source)?.refuses !== true;
  }
}

function isTranslating(nat: Nat | undefined): nat is Extract<Nat, { readonly outside: string }> {
  return nat !== undefined && nat.kind !== "firewall";
}

function isV6(address: string): boolean {
  return address.includes(":");
}

export function nameOf({ address, port }: Spot): string {
  return `${address} ${port}`;
}
