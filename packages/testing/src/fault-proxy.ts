import { type AddressInfo, createServer, type Server, Socket } from "node:net";

/** What the proxy does to bytes of one direction. Changes apply at once, to open connections too. */
export type Faults = {
  /** Added to the way of every chunk, in milliseconds. */
  readonly delayMs: number;
  /** Bytes per second; Infinity for as fast as it goes. */
  readonly bytesPerSecond: number;
  /** Half-open: bytes are taken and go nowhere. */
  readonly swallow: boolean;
  /** Bytes are not even taken: the sender's buffers fill. */
  readonly stall: boolean;
};

export const NO_FAULTS: Faults = { delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY, swallow: false, stall: false };

type Direction = "up" | "down";

/** A TCP proxy in front of one place that spoils connections on demand and keeps every byte that passed. */
export class FaultProxy {
  readonly #server: Server;
  /** What stands behind it. */
  readonly target: { readonly host: string; readonly port: number };
  readonly #pairs = new Set<ProxiedPair>();
  readonly #captured: Record<Direction, Buffer[]> = { up: [], down: [] };
  readonly #faults: Record<Direction, Faults> = { up: NO_FAULTS, down: NO_FAULTS };
  #refuses = false;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.target = target;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  static async before(target: { readonly host: string; readonly port: number }): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get openConnections(): number {
    return this.#pairs.size;
  }

  /** All bytes of one direction, of all connections, in the order they passed. */
  captured(direction: Direction): Buffer {
    return Buffer.concat(this.#captured[direction]);
  }

  /** `up` is towards the target, `down` towards whoever dialled. */
  spoil(direction: Direction | "both", faults: Partial<Faults>): void {
    for (const one of direction === "both" ? (["up", "down"] as const) : [direction]) {
      this.#faults[one] = { ...this.#faults[one], ...faults };
    }
    for (const pair of this.#pairs) pair.faultsChanged();
  }

  heal(): void {
    this.#refuses = false;
    this.spoil("both", NO_FAULTS);
  }

  /** Resets every open connection. */
  cut(): void {
    for (const pair of this.#pairs) pair.destroy();
  }

  /** New connections are reset until `heal`. */
  refuse(): void {
    this.#refuses = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    if (this.#refuses) {
      client.resetAndDestroy();
      return;
    }
    const upstream = new Socket({ allowHalfOpen: true });
    const pair = new ProxiedPair(client, upstream, {
      faults: (direction) => this.#faults[direction],
      passed: (direction, bytes) => this.#captured[direction].push(bytes),
      closed: () => this.#pairs.delete(pair),
    });
    this.#pairs.add(pair);
    upstream.setNoDelay(true);
    upstream.connect(this.target.port, this.target.host);
  }
}

type PairEnvironment = {
  readonly faults: (direction: Direction) => Faults;
  readonly passed: (direction: Direction, bytes: Buffer) => void;
  readonly closed: () => void;
};

/** One proxied connection: two sockets and a pump each way. */
class ProxiedPair {
  readonly #pumps: readonly Pump[];
  readonly #sockets: readonly [Socket, Socket];
  readonly #environment: PairEnvironment;

  constructor(client: Socket, upstream: Socket, environment: PairEnvironment) {
    this.#sockets = [client, upstream];
    this.#environment = environment;
    this.#pumps = [new Pump("up", client, upstream, environment), new Pump("down", upstream, client, environment)];
    for (const socket of this.#sockets) {
      socket.on("error", () => this.destroy());
      socket.on("close", () => this.#closed());
    }
  }

  faultsChanged(): void {
    for (const pump of this.#pumps) pump.faultsChanged();
  }

  destroy(): void {
    for (const socket of this.#sockets) {
      // A reset would wait for a connection that is still being made, and the process with it. One whose end is under way is not reset at all (`uv_tcp_close_reset`
      // refuses it), and Node, which takes it for closed, then spins for ever when the process is to end.
      const isEnding = socket.writableEnded && !socket.writableFinished;
      if (socket.connecting || isEnding) socket.destroy();
      else socket.resetAndDestroy();
    }
    this.#environment.closed();
  }

  #closed(): void {
    // The other end may still have bytes to take; its own close follows.
    for (const socket of this.#sockets) if (!socket.destroyed) socket.end();
    if (this.#sockets.every((socket) => socket.destroyed)) this.#environment.closed();
  }
}

class Pump {
  readonly #direction: Direction;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #environment: PairEnvironment;
  /** When the line has taken everything before, and when the last chunk arrives: chunks keep their order. */
  #lineFreeAt = 0;
  #lastArrivesAt = 0;
  readonly #onTheWay: { readonly bytes: Buffer; readonly arrivesAt: number }[] = [];
  #isWaiting = false;
  #ended = false;

  constructor(direction: Direction, from: Socket, to: Socket, environment: PairEnvironment) {
    this.#direction = direction;
    this.#from = from;
    this.#to = to;
    this.#environment = environment;
    from.on("data", (bytes: Buffer) => this.#take(bytes));
    from.on("end", () => {
      this.#ended = true;
      this.#endWhenDone();
    });
    to.on("drain", () => this.faultsChanged());
    this.faultsChanged();
  }

  faultsChanged(): void {
    if (this.#faults.stall || this.#to.writableNeedDrain) this.#from.pause();
    else this.#from.resume();
  }

  get #faults(): Faults {
    return this.#environment.faults(this.#direction);
  }

  #take(bytes: Buffer): void {
    const { delayMs, bytesPerSecond } = this.#faults;
    const now = performance.now();
    this.#lineFreeAt = Math.max(now, this.#lineFreeAt) + (bytes.length / bytesPerSecond) * 1_000;
    this.#lastArrivesAt = Math.max(this.#lastArrivesAt, this.#lineFreeAt + delayMs);
    this.#onTheWay.push({ bytes, arrivesAt: this.#lastArrivesAt });
    this.#deliverDue();
  }

  /** One timer for the next chunk alone: timers of their own would overtake each other by a millisecond. */
  #deliverDue(): void {
    if (this.#isWaiting) return;
    for (let next = this.#onTheWay[0]; next !== undefined; next = this.#onTheWay[0]) {
      const waitMs = next.arrivesAt - performance.now();
      if (waitMs > 0) {
        this.#isWaiting = true;
        setTimeout(() => {
          this.#isWaiting = false;
          this.#deliverDue();
        }, waitMs);
        return;
      }
      this.#onTheWay.shift();
      this.#deliver(next.bytes);
    }
    this.#endWhenDone();
  }

  #deliver(bytes: Buffer): void {
    if (this.#faults.swallow || this.#to.destroyed) return;
    this.#environment.passed(this.#direction, bytes);
    if (!this.#to.write(bytes)) this.#from.pause();
  }

  #endWhenDone(): void {
    if (this.#ended && this.#onTheWay.length === 0) this.#to.end();
  }
}
