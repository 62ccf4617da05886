import type { Namespace } from "./namespace.ts";

/** What a network gives to those in it: the first three parts of its IPv4 addresses, the first half of its IPv6 addresses. */
export type Range = { readonly ipv4?: string; readonly ipv6?: string };

/** Which addresses somebody in a network has, of those that it gives. */
export type Families = "ipv4" | "ipv6" | "both";

/** Who gets a cable, and which addresses at its end. */
export type Plug = {
  readonly namespace: Namespace;
  readonly device: string;
  /** The last part of its addresses. */
  readonly number: number;
  readonly families: Families;
};

const FIRST_NUMBER = 10;
const CUTS = "cuts";

type Addresses = { readonly ipv4: string | undefined; readonly ipv6: string | undefined };

/** One broadcast domain: a bridge in a namespace, with a port for each who is in it. Multicast reaches everybody. */
export class LabNetwork {
  readonly namespace: Namespace;
  readonly range: Range;
  readonly gateway: Addresses;
  readonly #bridge: string;
  #numbers = FIRST_NUMBER;
  #ports = 0;

  /** `gateway` is the last part of the bridge's own addresses, through which all else is reached. */
  constructor(
    namespace: Namespace,
    options: { readonly bridge: string; readonly range: Range; readonly gateway: number },
  ) {
    this.namespace = namespace;
    this.#bridge = options.bridge;
    this.range = options.range;
    this.gateway = this.addresses(options.gateway, "both");
    namespace.shell(
      `ip link add ${this.#bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      `ip link set ${this.#bridge} up`,
      ...addressed(this.#bridge, this.gateway),
    );
    namespace.rules(`table bridge ${CUTS} {\nchain forward {\ntype filter hook forward priority 0\n}\n}`);
  }

  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  addresses(number: number, families: Families): Addresses {
    const { ipv4, ipv6 } = this.range;
    return {
      ipv4: ipv4 === undefined || families === "ipv6" ? undefined : `${ipv4}.${number}`,
      ipv6: ipv6 === undefined || families === "ipv4" ? undefined : `${ipv6}::${number}`,
    };
  }

  /** A cable between the bridge and `device` of a namespace, with addresses and the way to everywhere else. Returns the bridge's end. */
  plug({ namespace, device, number, families }: Plug): string {
    const addresses = this.addresses(number, families);
    this.#ports += 1;
    const port = `port${this.#ports}`;
    this.namespace.shell(
      `ip link add ${port} type veth peer name ${device} netns ${namespace.name}`,
      `ip link set ${port} master ${this.#bridge} up`,
    );
    namespace.shell(
      `ip link set ${device} up`,
      ...addressed(device, addresses),
      ...routed(device, addresses, this.gateway),
    );
    return port;
  }

  /** Takes the cable out at the bridge's end, or puts it in again: the other end loses its carrier and keeps its addresses. */
  setPort(port: string, state: "up" | "down"): void {
    this.namespace.shell(`ip link set ${port} ${state}`);
  }

  /** What comes in at one port no longer leaves at the other, whatever it is. Nobody is told. */
  cut(from: string, to: string): void {
    this.namespace.rules(`add rule bridge ${CUTS} forward iifname "${from}" oifname "${to}" drop`);
  }

  heal(): void {
    this.namespace.rules(`flush chain bridge ${CUTS} forward`);
  }
}

function addressed(device: string, { ipv4, ipv6 }: Addresses): readonly string[] {
  return [
    ...(ipv4 === undefined ? [] : [`ip addr add ${ipv4}/24 dev ${device}`]),
    ...(ipv6 === undefined ? [] : [`ip addr add ${ipv6}/64 dev ${device} nodad`]),
  ];
}

function routed(device: string, own: Addresses, gateway: Addresses): readonly string[] {
  return [
    ...(own.ipv4 === undefined ? [] : [`ip route add default via ${gateway.ipv4} dev ${device}`]),
    ...(own.ipv6 === undefined ? [] : [`ip -6 route add default via ${gateway.ipv6} dev ${device}`]),
  ];
}
