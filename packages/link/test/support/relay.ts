import { once } from "node:events";
import { type Socket, connect } from "node:net";
import {
  type Clock,
  type ListenOptions,
  type SpliceEnd,
  type SpliceRules,
  type TicketCaller,
  systemClock,
} from "@papo/link";
import { RELAY_IDLE_TIMEOUT_MS, TICKET_BYTES } from "@papo/protocol";
import { openRig } from "./tcp.ts";

/** A ticket that is told from others by this number. */
export function ticket(number = 1): Uint8Array {
  return new Uint8Array(TICKET_BYTES).fill(number);
}

/** What a client with a ticket says first. */
export function greeting(number = 1): Buffer {
  return Buffer.concat([Uint8Array.of(0x50), ticket(number)]);
}

export type RelayRig = AsyncDisposable & {
  readonly port: number;
  readonly openSockets: number;
  /** A plain connection that has said its ticket and is not read yet. */
  call(number?: number): Promise<Socket>;
  /** In the order they came. */
  readonly callers: TicketCaller[];
  readonly ends: SpliceEnd[];
  caller(index?: number): Promise<TicketCaller>;
  ended(index?: number): Promise<SpliceEnd>;
};

/** A listener that splices two callers with the same ticket, as soon as the second is there. */
export async function openRelay(
  rules: Partial<SpliceRules> = {},
  clock: Clock = systemClock,
  options: Partial<ListenOptions> = {},
): Promise<RelayRig> {
  const callers: TicketCaller[] = [];
  const clients: Socket[] = [];
  const ends: SpliceEnd[] = [];
  const waiting = new Map<number, TicketCaller>();
  const news = new EventTarget();
  const tell = () => void news.dispatchEvent(new Event("news"));
  const rig = await openRig(
    {
      onTicket(caller) {
        callers.push(caller);
        const number = caller.ticket[0] ?? 0;
        const other = waiting.get(number);
        if (other === undefined) waiting.set(number, caller);
        else {
          waiting.delete(number);
          other.spliceWith(caller, spliceRules());
        }
        tell();
      },
      ...options,
    },
    clock,
  );
  function spliceRules(): SpliceRules {
    return {
      clock,
      idleTimeoutMs: RELAY_IDLE_TIMEOUT_MS,
      spend: () => 0,
      ...rules,
      ended(end) {
        ends.push(end);
        tell();
      },
    };
  }
  async function at<T>(list: readonly T[], index: number): Promise<T> {
    for (;;) {
      const item = list[index];
      if (item !== undefined) return item;
      await once(news, "news");
    }
  }
  return {
    port: rig.port,
    get openSockets() {
      return rig.listener.openSockets;
    },
    async call(number = 1) {
      const socket = connect({ port: rig.port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
      clients.push(socket);
      socket.on("error", () => {});
      await once(socket, "connect");
      socket.write(greeting(number));
      return socket;
    },
    callers,
    ends,
    caller: (index = 0) => at(callers, index),
    ended: (index = 0) => at(ends, index),
    async [Symbol.asyncDispose]() {
      for (const party of [...callers, ...clients]) party.destroy();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/** Reads until so many bytes are there, or the end. */
export async function readBytes(socket: Socket, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (bytes < count && !socket.readableEnded) {
    const chunk: unknown = socket.read();
    if (chunk instanceof Buffer) {
      chunks.push(chunk);
      bytes += chunk.length;
    } else await anyOf(socket, "readable", "end", "close");
    if (socket.destroyed) break;
  }
  return Buffer.concat(chunks);
}

/** Reads the rest and drops it. */
export async function endOf(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.readableEnded && !socket.destroyed) await anyOf(socket, "end", "close");
}

async function anyOf(socket: Socket, ...events: readonly string[]): Promise<void> {
  const waiting = new AbortController();
  await Promise.race(events.map((event) => once(socket, event, { signal: waiting.signal })));
  waiting.abort();
}

/** Turns the event loop until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
