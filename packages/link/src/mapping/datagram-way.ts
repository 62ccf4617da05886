import { type Socket, createSocket } from "node:dgram";
import { PORT_MAPPING_LIFETIME_MIN_MS, PORT_MAPPING_LIFETIME_MS, ROUTER_ANSWER_FIRST_MS } from "@papo/protocol";
import type { Clock, Timer } from "../clock.ts";
import type { MappingWay, PortMapping } from "./port-mapper.ts";
import {
  type RouterAnswer,
  type RouterRequest,
  natPmpRequest,
  pcpRequest,
  readNatPmpAnswer,
  readPcpAnswer,
} from "./router-messages.ts";
import type { RouterWay, WantedMapping } from "./router-way.ts";

const ATTEMPTS = 3;

const LANGUAGES = {
  pcp: { request: pcpRequest, read: readPcpAnswer },
  "nat-pmp": { request: natPmpRequest, read: readNatPmpAnswer },
} as const;
type DatagramLanguage = Exclude<MappingWay, "upnp">;

export type DatagramWayPorts = {
  readonly clock: Clock;
  readonly router: { readonly host: string; readonly port: number };
  /** 12 bytes that make the mapping ours; a router may know us again by them. */
  readonly nonce: Uint8Array;
};

/** A router that answers datagrams: asked in PCP, and if it is older, in NAT-PMP. */
export class DatagramWay implements RouterWay {
  readonly #ports: DatagramWayPorts;
  #language: DatagramLanguage = "pcp";

  constructor(ports: DatagramWayPorts) {
    this.#ports = ports;
  }

  async map(wanted: WantedMapping, signal: AbortSignal): Promise<PortMapping | undefined> {
    const answer = await this.#ask({ ...wanted, lifetimeSeconds: PORT_MAPPING_LIFETIME_MS / 1_000 }, signal);
    if (answer?.kind !== "granted" || answer.lifetimeSeconds === 0) return undefined;
    const lifetimeMs = Math.min(answer.lifetimeSeconds * 1_000, PORT_MAPPING_LIFETIME_MS);
    return {
      way: this.#language,
      address: answer.address,
      port: answer.port,
      lifetimeMs: Math.max(lifetimeMs, PORT_MAPPING_LIFETIME_MIN_MS),
    };
  }

  async unmap(mapped: WantedMapping, signal: AbortSignal): Promise<void> {
    await this.#ask({ ...mapped, lifetimeSeconds: 0 }, signal);
  }

  async #ask(
    wanted: WantedMapping & Pick<RouterRequest, "lifetimeSeconds">,
    signal: AbortSignal,
  ): Promise<RouterAnswer | undefined> {
    const socket = await connected(this.#ports.router);
    if (socket === undefined) return undefined;
    try {
      const request = { ...wanted, client: socket.address().address, nonce: this.#ports.nonce };
      const answer = await this.#exchange(socket, request, signal);
      if (answer?.kind !== "older" || this.#language === "nat-pmp") return answer;
      this.#language = "nat-pmp";
      return await this.#exchange(socket, request, signal);
    } finally {
      socket.close();
    }
  }

  /** Asks up to three times, each time waiting twice as long. What comes from elsewhere the system keeps from a connected socket. */
  #exchange(socket: Socket, request: RouterRequest, signal: AbortSignal): Promise<RouterAnswer | undefined> {
    const { request: encode, read } = LANGUAGES[this.#language];
    const packet = encode(request);
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const finish = (answer: RouterAnswer | undefined): void => {
        timer?.cancel();
        socket
          .removeAllListeners("message")
          .removeAllListeners("error")
          .on("error", () => {});
        signal.removeEventListener("abort", giveUp);
        resolve(answer);
      };
      const giveUp = (): void => finish(undefined);
      const attempt = (number: number): void => {
        if (number === ATTEMPTS) return giveUp();
        socket.send(packet, () => {});
        timer = this.#ports.clock.after(ROUTER_ANSWER_FIRST_MS * 2 ** number, () => attempt(number + 1));
      };
      socket.on("message", (bytes: Buffer) => {
        const answer = read(bytes, request);
        if (answer !== undefined) finish(answer);
      });
      // The system says that nobody listens there.
      socket.on("error", giveUp);
      if (signal.aborted) return giveUp();
      signal.addEventListener("abort", giveUp, { once: true });
      attempt(0);
    });
  }
}

function connected({ host, port }: { readonly host: string; readonly port: number }): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.unref();
    socket.once("error", () => {
      socket.close();
      resolve(undefined);
    });
    socket.connect(port, host, () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}
