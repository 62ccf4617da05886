import { Namespace } from "./namespace.ts";
import { INSIDE, type NatKind, natRules, OUTSIDE } from "./nat-rules.ts";
import { LabNetwork, type Range } from "./network.ts";

const GATEWAY = 1;

/** A home router: a foot in the internet and a network of its own behind it. */
export class LabNat {
  readonly name: string;
  readonly kind: NatKind;
  readonly namespace: Namespace;
  /** What is behind it. */
  readonly lan: LabNetwork;
  readonly network: LabNetwork;
  readonly #number: number;
  /** Its end at the internet's bridge. */
  readonly port: string;

  constructor(name: string, options: { readonly kind: NatKind; readonly internet: LabNetwork; readonly range: Range }) {
    this.name = name;
    this.kind = options.kind;
    this.namespace = new Namespace(name);
    this.namespace.shell("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    this.network = options.internet;
    this.#number = options.internet.nextNumber();
    this.port = options.internet.plug({
      namespace: this.namespace,
      device: OUTSIDE,
      number: this.#number,
      families: "both",
    });
    this.lan = new LabNetwork(this.namespace, { bridge: INSIDE, range: options.range, gateway: GATEWAY });
    this.namespace.rules(natRules(options.kind));
  }

  /** What the internet sees of those behind it. */
  get address(): string {
    const { ipv4, ipv6 } = this.network.addresses(this.#number, this.kind === "firewall" ? "ipv6" : "ipv4");
    return ipv4 ?? ipv6 ?? "";
  }
}
