import type { Socket } from "node:net";
import { type Server, type TLSSocket, createServer } from "node:tls";
import {
  HANDSHAKES_CONCURRENT_MAX,
  HANDSHAKES_STARTED_AT_ONCE_MAX,
  HANDSHAKES_WAITING_MAX,
  TLS_HANDSHAKE_TIMEOUT_MS,
} from "@papo/protocol";
import type { Clock, Timer } from "./clock.ts";
import type { Link, LinkEnds } from "./link.ts";
import type { LinkSettings } from "./network.ts";
import { endsOf } from "./socket/link-ends.ts";
import { tlsLink } from "./tls-link.ts";
import { checkChannel, groupAtListener } from "./tls/channel-check.ts";
import { tlsSettings } from "./tls/tls-settings.ts";

type Arrived = { readonly socket: Socket; readonly ends: LinkEnds };
type Handshake = { readonly socket: Socket; readonly ends: LinkEnds; readonly timer: Timer };

/**
 * The server role of TLS for sockets that come from anywhere: this server never listens itself. When a thousand come at once,
 * they take turns: the keys of one handshake cost a millisecond or two, in which the event loop serves nobody else.
 */
export class Handshakes {
  readonly #clock: Clock;
  readonly #settings: LinkSettings;
  readonly #onLink: (link: Link) => void;
  readonly #server: Server;
  /** Not begun, oldest first. */
  #waiting: Arrived[] = [];
  #isTurnComing = false;
  /** Under way, oldest first, by the four numbers that name a TCP connection. */
  readonly #handshakeByEnds = new Map<string, Handshake>();

  constructor(clock: Clock, settings: LinkSettings, onLink: (link: Link) => void) {
    this.#clock = clock;
    this.#settings = settings;
    this.#onLink = onLink;
    this.#server = createServer({
      ...tlsSettings(settings.identity),
      ALPNProtocols: [settings.alpn],
      requestCert: true,
      // Nobody vouches for anybody here: the key itself is checked, below and by whoever gets the link.
      rejectUnauthorized: false,
    });
    this.#server.on("secureConnection", (socket) => this.#finished(socket));
    this.#server.on("tlsClientError", (_error, socket) => socket.destroy());
  }

  /** Takes a connected socket whose first byte was seen and put back. */
  begin(socket: Socket, ends: LinkEnds): void {
    this.#waiting.push({ socket, ends });
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

  #start({ socket, ends }: Arrived): void {
    if (socket.destroyed) return;
    this.#makeRoom();
    const name = nameOf(ends);
    const timer = this.#clock.after(TLS_HANDSHAKE_TIMEOUT_MS, () => socket.destroy());
    this.#handshakeByEnds.set(name, { socket, ends, timer });
    socket.once("close", () => this.#forget(name));
    this.#server.emit("connection", socket);
  }

  /** In a flood the oldest goes: an honest handshake is over long before it is the oldest. */
  #makeRoom(): void {
    if (this.#handshakeByEnds.size < HANDSHAKES_CONCURRENT_MAX) return;
    const [oldest] = this.#handshakeByEnds.entries();
    if (oldest === undefined) return;
    const [name, { socket }] = oldest;
    this.#forget(name);
    socket.destroy();
  }

  #forget(name: string): Handshake | undefined {
    const handshake = this.#handshakeByEnds.get(name);
    handshake?.timer.cancel();
    this.#handshakeByEnds.delete(name);
    return handshake;
  }

  #finished(socket: TLSSocket): void {
    const handshake = this.#forget(nameOf(endsOf(socket)));
    if (handshake === undefined) return void socket.destroy();

    const { alpn, queueBytesMax } = this.#settings;
    const group = groupAtListener(handshake.socket.bytesWritten);
    const security = checkChannel(socket, alpn, group);
    if (!security.ok) return void socket.destroy();
    const { ends } = handshake;
    this.#onLink(tlsLink(this.#clock, { socket, ends, security: security.value, queueBytesMax }));
  }
}

function nameOf({ remoteAddress, remotePort, localAddress, localPort }: LinkEnds): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
