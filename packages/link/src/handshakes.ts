import type { Socket } from "node:net";
import { type Server, type TLSSocket, createServer } from "node:tls";
import {
  HANDSHAKES_CONCURRENT_MAX,
  HANDSHAKES_STARTED_AT_ONCE_MAX,
  HANDSHAKES_WAITING_MAX,
  type Outcome,
  TLS_HANDSHAKE_TIMEOUT_MS,
  type TlsKey,
  fail,
  succeed,
} from "@papo/protocol";
import type { Clock, Timer } from "./clock.ts";
import type { Link, LinkEnds } from "./link.ts";
import type { LinkSettings } from "./network.ts";
import { endsOf } from "./socket/link-ends.ts";
import { tlsLink } from "./tls-link.ts";
import { checkChannel, groupAtListener } from "./tls/channel-check.ts";
import { tlsSettings } from "./tls/tls-settings.ts";

/** A connected socket whose first byte was seen and put back. */
export type Arrived = {
  readonly socket: Socket;
  readonly ends: LinkEnds;
  readonly queueBytesMax: number;
  readonly expectedKey?: TlsKey | undefined;
  /** Called once at least, and the first time counts: the link, or why there is none and no socket either. */
  readonly settle: (outcome: Outcome<Link>) => void;
};

type Handshake = { readonly arrived: Arrived; readonly timer: Timer };

/**
 * The server role of TLS for sockets that come from anywhere: this server never listens itself. When a thousand come at once,
 * they take turns: the keys of one handshake cost a millisecond or two, in which the event loop serves nobody else.
 */
export class Handshakes {
  readonly #clock: Clock;
  readonly #alpn: string;
  readonly #server: Server;
  /** Not begun, oldest first. */
  #waiting: Arrived[] = [];
  #isTurnComing = false;
  /** Under way, oldest first, by the four numbers that name a TCP connection. */
  readonly #handshakeByEnds = new Map<string, Handshake>();

  constructor(clock: Clock, { identity, alpn }: Pick<LinkSettings, "identity" | "alpn">) {
    this.#clock = clock;
    this.#alpn = alpn;
    this.#server = createServer({
      ...tlsSettings(identity),
      ALPNProtocols: [alpn],
      requestCert: true,
      // Nobody vouches for anybody here: the key itself is checked, below and by whoever gets the link.
      rejectUnauthorized: false,
    });
    this.#server.on("secureConnection", (socket) => this.#finished(socket));
    this.#server.on("tlsClientError", (_error, socket) => socket.destroy());
  }

  begin(arrived: Arrived): void {
    const { socket, settle } = arrived;
    socket.once("close", () => settle(fail("unsupported", "no Papo TLS there: closed")));
    this.#waiting.push(arrived);
    if (this.#waiting.length > HANDSHAKES_WAITING_MAX) this.#waiting.shift()?.socket.destroy();
    this.#awaitTurn();
  }

  #awaitTurn(): void {
    if (this.#isTurnComing || this.#waiting.length === 0) return;
    this.#isTurnComing = true;
    setImmediate(() => {
      this.#isTurnComing = false;
      for (const arrived of this.#waiting.splice(0, HANDSHAKES_STARTED_AT_ONCE_MAX)) this.#start(arrived);
      this.#awaitTurn();
    });
  }

  #start(arrived: Arrived): void {
    const { socket, ends } = arrived;
    if (socket.destroyed) return;
    this.#makeRoom();
    const name = nameOf(ends);
    const timer = this.#clock.after(TLS_HANDSHAKE_TIMEOUT_MS, () => socket.destroy());
    this.#handshakeByEnds.set(name, { arrived, timer });
    socket.once("close", () => this.#forget(name));
    this.#server.emit("connection", socket);
  }

  /** In a flood the oldest goes: an honest handshake is over long before it is the oldest. */
  #makeRoom(): void {
    if (this.#handshakeByEnds.size < HANDSHAKES_CONCURRENT_MAX) return;
    const [oldest] = this.#handshakeByEnds.entries();
    if (oldest === undefined) return;
    const [name, { arrived }] = oldest;
    this.#forget(name);
    arrived.socket.destroy();
  }

  #forget(name: string): Handshake | undefined {
    const handshake = this.#handshakeByEnds.get(name);
    handshake?.timer.cancel();
    this.#handshakeByEnds.delete(name);
    return handshake;
  }

  #finished(socket: TLSSocket): void {
    const arrived = this.#forget(nameOf(endsOf(socket)))?.arrived;
    if (arrived === undefined) return void socket.destroy();
    const link = this.#linkOf(socket, arrived);
    if (!link.ok) socket.destroy();
    arrived.settle(link);
  }

  #linkOf(socket: TLSSocket, arrived: Arrived): Outcome<Link> {
    const { ends, expectedKey, queueBytesMax } = arrived;
    const security = checkChannel(socket, this.#alpn, groupAtListener(arrived.socket.bytesWritten));
    if (!security.ok) return security;
    if (expectedKey !== undefined && security.value.remoteKey !== expectedKey) {
      return fail("identity_changed", "TLS key: expected another one");
    }
    return succeed(tlsLink(this.#clock, { socket, ends, security: security.value, queueBytesMax }));
  }
}

function nameOf({ remoteAddress, remotePort, localAddress, localPort }: LinkEnds): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
