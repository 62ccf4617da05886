import { type Server, type Socket, createServer } from "node:net";
import { LOGIN_TIMEOUT_MS, type Outcome, fail, succeed } from "@papo/protocol";
import type { Clock } from "./clock.ts";
import { Handshakes } from "./handshakes.ts";
import type { Link } from "./link.ts";
import type { ListenOptions, Listener } from "./network.ts";
import type { TicketCaller } from "./ticket.ts";
import { seedLink } from "./seed-link.ts";
import { dialectOf } from "./sniff.ts";
import { endsOf, usualAddress } from "./socket/link-ends.ts";
import { TICKET_FIRST_BYTE } from "./tickets/ticket-bytes.ts";
import { readTicket } from "./tickets/ticket-reader.ts";

/** Connections that the system may hold for us before we accept them. */
const BACKLOG = 1_024;

/** One port for both dialects. */
export async function listenTcp(clock: Clock, options: ListenOptions): Promise<Outcome<Listener>> {
  const door = new Door(clock, options);
  const server = createServer({ noDelay: true }, (socket) => door.accept(socket));
  const opened = await open(server, options);
  if (!opened.ok) return opened;
  return succeed(new TcpListener(server, door, opened.value));
}

type Address = { readonly host: string; readonly port: number };

function open(server: Server, { host, port }: ListenOptions): Promise<Outcome<Address>> {
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(whyNot(error)));
    server.listen({ host, port, backlog: BACKLOG }, () => {
      const address = server.address();
      if (address === null || typeof address === "string") return resolve(fail("unreachable", "no address"));
      // Running out of descriptors loses one connection, not the listener.
      server.removeAllListeners("error").on("error", () => {});
      resolve(succeed({ host: address.address, port: address.port }));
    });
  });
}

function whyNot(error: NodeJS.ErrnoException): Outcome<never> {
  if (error.code === "EADDRINUSE") return fail("busy", "the port is in use");
  if (error.code === "EACCES") return fail("unreachable", "the port is not ours to use");
  return fail("unreachable", `cannot listen: ${error.code ?? "unknown"}`);
}

class TcpListener implements Listener {
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #door: Door;

  constructor(server: Server, door: Door, { host, port }: Address) {
    this.#server = server;
    this.#door = door;
    this.host = host;
    this.port = port;
  }

  get openSockets(): number {
    return this.#door.openSockets;
  }

  close(): Promise<void> {
    this.#door.close();
    // Not `server.close`'s callback: that waits for the last open link.
    return new Promise((resolve) => {
      if (!this.#server.listening) return resolve();
      this.#server.close();
      queueMicrotask(resolve);
    });
  }
}

/** What happens to a socket between its arrival and its link. */
class Door {
  readonly #clock: Clock;
  readonly #options: ListenOptions;
  readonly #handshakes: Handshakes;
  /** Those that have not said their first byte, oldest first. */
  readonly #silent = new Set<Socket>();
  readonly #released = new WeakSet<Socket>();
  openSockets = 0;

  constructor(clock: Clock, options: ListenOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#handshakes = new Handshakes(clock, options);
  }

  accept(socket: Socket): void {
    const remoteAddress = usualAddress(socket.remoteAddress);
    socket.on("error", () => socket.destroy());
    if (this.#options.admit?.(remoteAddress) === false) return void socket.destroy();

    this.openSockets++;
    socket.once("close", () => {
      this.openSockets--;
      this.#release(socket, remoteAddress);
    });
    this.#awaitFirstByte(socket);
  }

  close(): void {
    for (const socket of this.#silent) socket.destroy();
  }

  #release(socket: Socket, remoteAddress: string): void {
    if (this.#released.has(socket)) return;
    this.#released.add(socket);
    this.#options.released?.(remoteAddress);
  }

  #awaitFirstByte(socket: Socket): void {
    const timer = this.#clock.after(LOGIN_TIMEOUT_MS, () => socket.destroy());
    const spoke = this.#awaitWord(socket, () => timer.cancel());
    socket.once("readable", () => {
      spoke();
      this.#sniff(socket);
    });
  }

  /** Counts a socket among the silent ones until it closes or the returned function is called; `done` is told either way. */
  #awaitWord(socket: Socket, done: () => void = () => {}): () => void {
    this.#makeRoom();
    this.#silent.add(socket);
    const settle = () => {
      done();
      this.#silent.delete(socket);
    };
    socket.once("close", settle);
    return settle;
  }

  /** Who means to speak does so at once: the one that has been silent longest goes. */
  #makeRoom(): void {
    const { silentMax = Number.POSITIVE_INFINITY } = this.#options;
    const [oldest] = this.#silent;
    if (oldest === undefined || this.#silent.size < silentMax) return;
    this.#silent.delete(oldest);
    oldest.destroy();
  }

  #sniff(socket: Socket): void {
    const first: unknown = socket.read();
    if (!(first instanceof Uint8Array)) return void socket.destroy();
    const { onTicket, dialects, queueBytesMax } = this.#options;
    const isTicket = first[0] === TICKET_FIRST_BYTE && onTicket !== undefined;
    const dialect = dialectOf(first[0] ?? 0);
    const isServed = isTicket || (dialect !== undefined && dialects.includes(dialect));
    if (!isServed) return void socket.destroy();

    socket.unshift(first);
    if (isTicket) return this.#awaitTicket(socket, onTicket);
    const ends = endsOf(socket);
    if (dialect === "seed") return this.#arrived(seedLink(this.#clock, { socket, ends, queueBytesMax }));
    const settle = (link: Outcome<Link>) => void (link.ok && this.#arrived(link.value));
    this.#handshakes.begin({ socket, ends, queueBytesMax, settle });
  }

  /** Half a ticket is as good as silence. */
  #awaitTicket(socket: Socket, onTicket: (caller: TicketCaller) => void): void {
    const spoke = this.#awaitWord(socket);
    readTicket(this.#clock, socket, (caller) => {
      spoke();
      this.#release(socket, caller.ends.remoteAddress);
      onTicket(caller);
    });
  }

  #arrived(link: Link): void {
    this.#options.onLink(link);
  }
}
