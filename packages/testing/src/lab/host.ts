import { Program, type ProgramOptions } from "../processes/program.ts";
import { Namespace } from "./namespace.ts";
import type { Families, LabNetwork } from "./network.ts";

const DEVICE = "eth0";

/** A machine of the laboratory: programs started with its `wrap` before them run on it. */
export class LabHost {
  readonly name: string;
  readonly namespace: Namespace;
  #network: LabNetwork;
  #number: number;
  #port: string;

  readonly #families: Families;

  constructor(name: string, network: LabNetwork, families: Families) {
    this.name = name;
    this.namespace = new Namespace(name);
    this.#families = families;
    this.#network = network;
    this.#number = network.nextNumber();
    this.#port = this.#plugged();
  }

  get network(): LabNetwork {
    return this.#network;
  }

  /** Its end at the network's bridge. */
  get port(): string {
    return this.#port;
  }

  /** The command prefix with which a program runs here. */
  get wrap(): readonly string[] {
    return this.namespace.wrap;
  }

  /** This Node with these arguments, on this machine. */
  node(args: readonly string[], options: ProgramOptions): Program {
    const [command, ...before] = [...this.wrap, process.execPath];
    return new Program(command ?? process.execPath, [...before, ...args], options);
  }

  /** The IPv4 address, or the IPv6 address where there is no other. */
  get address(): string {
    const { ipv4 } = this.#network.addresses(this.#number, this.#families);
    return ipv4 ?? this.address6;
  }

  get address6(): string {
    const { ipv6 } = this.#network.addresses(this.#number, this.#families);
    if (ipv6 === undefined) throw new Error(`${this.name} has no IPv6 address`);
    return ipv6;
  }

  linkDown(): void {
    this.#network.setPort(this.#port, "down");
  }

  linkUp(): void {
    this.#network.setPort(this.#port, "up");
  }

  /** A cable that is out for this long: the fault itself, during which nothing here goes on. */
  linkOutFor(ms: number): void {
    this.linkDown();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    this.linkUp();
  }

  /** To another network, or to another address of the same one: the old address is gone without a word. */
  moveTo(network: LabNetwork): void {
    this.namespace.shell(`ip link del ${DEVICE}`);
    this.#network = network;
    this.#number = network.nextNumber();
    this.#port = this.#plugged();
  }

  changeAddress(): void {
    this.moveTo(this.#network);
  }

  /** From now on counts what arrives here: every IP packet, and everybody who asks who has this address. Then gives the packets that came. */
  countArrivals(): () => number {
    return this.#counted("arrivals", [`ip daddr ${this.address}`, `arp daddr ip ${this.address}`]);
  }

  /** From now on counts the connections that somebody tries to open to this machine, each try that is sent again included. */
  countDials(): () => number {
    return this.#counted("dials", [`ip daddr ${this.address} tcp flags & (syn | ack) == syn`]);
  }

  #counted(table: string, matches: readonly string[]): () => number {
    this.namespace.rules(`table netdev ${table} {
      chain in {
        type filter hook ingress device "${DEVICE}" priority 0
        ${matches.map((match) => `${match} counter`).join("\n")}
      }
    }`);
    return () => {
      const listed = this.namespace.run("nft", ["list", "table", "netdev", table]);
      return [...listed.matchAll(/counter packets (\d+)/gu)].reduce((sum, [, packets]) => sum + Number(packets), 0);
    };
  }

  #plugged(): string {
    const plug = { namespace: this.namespace, device: DEVICE, number: this.#number, families: this.#families };
    return this.#network.plug(plug);
  }
}
