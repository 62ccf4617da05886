import type { IpLiteral } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import type { LanDiscovery } from "../lan/lan-discovery.ts";
import type { LanWire } from "../lan/lan-wire.ts";
import { MdnsLan } from "../lan/mdns-lan.ts";
import type { Random } from "../random.ts";
import { seededRandom } from "./seeded-random.ts";

type Receiver = (packet: Uint8Array, from: IpLiteral) => void;

/** One local network in memory: what one host says, all hear, itself included, a millisecond later. */
export class MemoryLan {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #receivers = new Set<Receiver>();
  /** Everything that was said, in order. */
  readonly packets: { readonly from: IpLiteral; readonly packet: Uint8Array }[] = [];

  constructor(clock: Clock, random: Random = seededRandom(1)) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The network as the host at this IP address sees it. */
  host(address: IpLiteral): LanDiscovery {
    return new MdnsLan({ wire: this.#wire(address), clock: this.#clock, random: this.#random });
  }

  /** Says something as whoever sits at that address. */
  say(from: IpLiteral, packet: Uint8Array): void {
    this.packets.push({ from, packet });
    this.#clock.after(1, () => {
      for (const receiver of this.#receivers) receiver(packet, from);
    });
  }

  #wire(address: IpLiteral): LanWire {
    const own = new Set<Receiver>();
    return {
      hasNetwork: true,
      send: (packet, on) => {
        if (on === undefined || on === address) this.say(address, packet);
      },
      receive: (each) => {
        own.add(each);
        this.#receivers.add(each);
      },
      close: async () => {
        for (const receiver of own) this.#receivers.delete(receiver);
      },
    };
  }
}
