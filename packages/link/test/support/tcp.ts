import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import {
  type Clock,
  type Link,
  type ListenOptions,
  type Listener,
  createTlsIdentity,
  systemClock,
  tcpNetwork,
} from "@papo/link";
import type { DialOptions } from "@papo/link";
import { LinkRecorder } from "@papo/testing";

export const ALPN = "papo-peer/1";
export const listenerIdentity = createTlsIdentity();
export const diallerIdentity = createTlsIdentity();

/** A real listener on loopback that collects its links; everything on it ends with the test that used it. */
export type Rig = AsyncDisposable & {
  readonly listener: Listener;
  readonly port: number;
  /** Links in the order they came. */
  readonly links: Link[];
  /** Waits for the link with that number, from 0 on. */
  link(index?: number): Promise<Link>;
  dial(options?: Partial<DialOptions>): ReturnType<ReturnType<typeof tcpNetwork>["dial"]>;
};

export async function openRig(options: Partial<ListenOptions> = {}, clock: Clock = systemClock): Promise<Rig> {
  const network = tcpNetwork(clock);
  const links: Link[] = [];
  const dialled: Link[] = [];
  const arrivals = new EventTarget();
  const outcome = await network.listen({
    host: "127.0.0.1",
    port: 0,
    dialects: ["papo", "seed"],
    identity: listenerIdentity,
    alpn: ALPN,
    queueBytesMax: 1_048_576,
    ...options,
    onLink(link) {
      links.push(link);
      options.onLink?.(link);
      arrivals.dispatchEvent(new Event("link"));
    },
  });
  if (!outcome.ok) throw new Error(outcome.fault.detail);
  const listener = outcome.value;

  return {
    listener,
    port: listener.port,
    links,
    async link(index = 0) {
      while (links[index] === undefined) await once(arrivals, "link");
      return links[index];
    },
    async dial(dialOptions = {}) {
      const dialling = await network.dial({
        host: "127.0.0.1",
        port: listener.port,
        dialect: "papo",
        identity: diallerIdentity,
        alpn: ALPN,
        queueBytesMax: 1_048_576,
        timeoutMs: 60_000,
        ...dialOptions,
      });
      if (dialling.ok) dialled.push(dialling.value);
      return dialling;
    },
    async [Symbol.asyncDispose]() {
      for (const link of [...links, ...dialled]) link.destroy({ code: "closed", detail: "the test is over" });
      await listener.close();
    },
  };
}

export type Pair = {
  readonly ours: Link;
  readonly theirs: Link;
  readonly heardHere: LinkRecorder;
  readonly heardThere: LinkRecorder;
};

/** A started link with both its ends. */
export async function openPair(rig: Rig, options: Partial<DialOptions> = {}): Promise<Pair> {
  const index = rig.links.length;
  const dialling = await rig.dial(options);
  if (!dialling.ok) throw new Error(dialling.fault.detail);
  const ours = dialling.value;
  if (options.dialect === "seed") ours.sendJson({ cmd: "HELLO" });
  const theirs = await rig.link(index);
  return { ours, theirs, heardHere: LinkRecorder.on(ours), heardThere: LinkRecorder.on(theirs) };
}

/** A plain TCP client that keeps what it reads, read by read. */
export class RawClient {
  readonly socket: Socket;
  readonly reads: Buffer[] = [];
  #isClosed = false;

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("data", (chunk: Buffer) => this.reads.push(chunk));
    this.socket.on("error", () => {});
    this.socket.once("close", () => (this.#isClosed = true));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.reads);
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Waits for the connection's end and gives everything that was read. */
  async ended(): Promise<Buffer> {
    if (!this.#isClosed) await once(this.socket, "close");
    return this.bytes;
  }

  async readSome(count: number): Promise<Buffer[]> {
    while (this.reads.length < count && !this.#isClosed) await once(this.socket, "data");
    return this.reads;
  }
}

/** A TCP server on loopback that ends with the test. */
export async function openServer(
  onSocket: (socket: Socket) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
