import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import type { BlockList } from "node:net";
import { type IpLiteral, type Outcome, decodeWith, fail, ipLiteral, succeed } from "@papo/protocol";
import type { LanWire } from "./lan-wire.ts";
import { neighboursIn, ownNetworks } from "./own-networks.ts";

/** RFC 6762 §3. */
const GROUP = "224.0.0.251";
const PORT = 5_353;
/** No router lets through what says that it comes from here (RFC 6762 §11). */
const HOPS = 255;

/** Fails when no program may listen for multicast DNS here. */
export async function openMulticastWire(): Promise<Outcome<LanWire>> {
  const ear = await bound();
  return ear === undefined ? fail("unsupported", "no multicast here") : succeed(new MulticastWire(ear));
}

/** Shares the port with whatever else on this machine speaks multicast DNS. */
function bound(): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    socket.unref();
    socket.once("error", () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address: "0.0.0.0", port: PORT, exclusive: true }, () => {
      // What goes wrong later loses packets, as networks do.
      socket.removeAllListeners("error").on("error", () => {});
      resolve(socket);
    });
  });
}

/** One socket that hears all networks, and one for each of them that speaks there. */
class MulticastWire implements LanWire {
  readonly #ear: Socket;
  readonly #mouthByAddress = new Map<string, Promise<Socket | undefined>>();
  readonly #saying = new Set<Promise<void>>();
  #known = "";
  #onLink: BlockList = neighboursIn([]);
  #isClosed = false;

  constructor(ear: Socket) {
    this.#ear = ear;
    this.#lookAround();
  }

  get hasNetwork(): boolean {
    return ownNetworks().length > 0;
  }

  /** Which networks there are may have changed since the last time; asking costs less than being told. */
  send(packet: Uint8Array, on: string | undefined): void {
    this.#lookAround();
    for (const [address, mouth] of this.#mouthByAddress)
      if (on === undefined || on === address) this.#track(say(mouth, packet));
  }

  #track(saying: Promise<void>): void {
    this.#saying.add(saying);
    void saying.then(() => this.#saying.delete(saying));
  }

  receive(each: (packet: Uint8Array, from: IpLiteral) => void): void {
    this.#ear.on("message", (packet: Buffer, { address }: RemoteInfo) => {
      const from = decodeWith(ipLiteral, address);
      if (from.ok && this.#onLink.check(address)) each(packet, from.value);
    });
  }

  #lookAround(): void {
    const networks = ownNetworks();
    const known = networks.map(({ cidr }) => cidr).join(" ");
    if (known === this.#known || this.#isClosed) return;
    this.#known = known;
    this.#onLink = neighboursIn(networks);
    const addresses = new Set(networks.map(({ address }) => address));
    for (const [address, mouth] of this.#mouthByAddress) if (!addresses.has(address)) this.#forget(address, mouth);
    for (const address of addresses) if (!this.#mouthByAddress.has(address)) this.#enter(address);
  }

  #enter(address: string): void {
    try {
      this.#ear.addMembership(GROUP, address);
    } catch {
      // A network without multicast, or one that is gone again.
      return;
    }
    this.#mouthByAddress.set(address, openMouth(address));
  }

  #forget(address: string, mouth: Promise<Socket | undefined>): void {
    this.#mouthByAddress.delete(address);
    void mouth.then((socket) => socket?.close());
    try {
      this.#ear.dropMembership(GROUP, address);
    } catch {
      // It went with the network.
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // What was said just before is still to go out.
    await Promise.all(this.#saying);
    const mouths = await Promise.all(this.#mouthByAddress.values());
    for (const mouth of mouths) mouth?.close();
    this.#ear.close();
  }
}

async function say(opening: Promise<Socket | undefined>, packet: Uint8Array): Promise<void> {
  const mouth = await opening;
  await new Promise<void>((resolve) => {
    if (mouth === undefined) resolve();
    else mouth.send(packet, PORT, GROUP, () => resolve());
  });
}

async function openMouth(address: string): Promise<Socket | undefined> {
  const socket = await bound();
  try {
    socket?.setMulticastInterface(address);
    socket?.setMulticastTTL(HOPS);
    socket?.setMulticastLoopback(true);
    return socket;
  } catch {
    socket?.close();
    return undefined;
  }
}
