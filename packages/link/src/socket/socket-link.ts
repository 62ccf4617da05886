import type { Socket } from "node:net";
import { type Fault, MESSAGE_COMPLETE_TIMEOUT_MS, WRITE_STALL_TIMEOUT_MS, fault } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import { Deadline } from "../deadline.ts";
import type { ChannelSecurity, Dialect, Link, LinkEnds, LinkReceiver, SendResult } from "../link.ts";
import type { Arrival, SocketReader } from "./socket-reader.ts";
import type { SocketWriter } from "./socket-writer.ts";

/**
 *   open ──close──▶ closing (writes what waits, reads on and drops it) ──▶ closed
 *     └──destroy, the socket's end, a fatal mistake──────────────────────────▲
 */
type State =
  | { readonly kind: "open" }
  | { readonly kind: "closing"; readonly reason: Fault }
  | { readonly kind: "closed"; readonly reason: Fault };

export type SocketLinkParts = {
  readonly socket: Socket;
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly ends: LinkEnds;
  readonly security: ChannelSecurity | undefined;
  /** Bytes that are read in all; one more ends the link. */
  readonly readBytesMax?: number | undefined;
  readonly reader: SocketReader;
  readonly writer: (onFailed: (reason: Fault) => void) => SocketWriter;
};

/** A link over a socket: its life, its reading and its hand-over. How messages look in bytes is its reader's and writer's matter. */
export class SocketLink implements Link {
  readonly dialect: Dialect;
  readonly ends: LinkEnds;
  readonly security: ChannelSecurity | undefined;
  readonly #socket: Socket;
  readonly #reader: SocketReader;
  readonly #writer: SocketWriter;
  readonly #halfMessage: Deadline;
  readonly #closing: Deadline;
  readonly #gone: Promise<void>;
  #tellGone: () => void = () => {};
  #state: State = { kind: "open" };
  #receiver: LinkReceiver | undefined;
  /** Bytes that may still be read. */
  #readable: number;
  #paused = false;
  #delivering = false;
  /** Arrived and not yet delivered, because reading was paused in between. */
  #inbox: Arrival[] = [];

  constructor(parts: SocketLinkParts) {
    this.dialect = parts.dialect;
    this.ends = parts.ends;
    this.security = parts.security;
    this.#socket = parts.socket;
    this.#reader = parts.reader;
    this.#readable = parts.readBytesMax ?? Number.POSITIVE_INFINITY;
    this.#writer = parts.writer((reason) => this.destroy(reason));
    this.#halfMessage = new Deadline(parts.clock, () => this.#halfMessageTooOld());
    this.#closing = new Deadline(parts.clock, () => this.#socket.destroy());
    this.#gone = new Promise((resolve) => (this.#tellGone = resolve));
    this.#attach();
  }

  get isClosed(): boolean {
    return this.#state.kind !== "open";
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  get queuedBytes(): number {
    return this.#writer.queuedBytes;
  }

  start(receiver: LinkReceiver): void {
    const isFirst = this.#receiver === undefined;
    this.#receiver = receiver;
    if (!isFirst) return;
    if (this.#state.kind === "closed") return this.#tellClosedSoon(this.#state.reason);
    this.#socket.on("data", this.#onData);
    if (!this.#paused && this.#state.kind === "open") this.#socket.resume();
  }

  sendJson(value: object): SendResult {
    return this.#state.kind === "open" ? this.#writer.sendJson(value) : "closed";
  }

  sendFrame(kind: number, payload: Uint8Array): SendResult {
    return this.#state.kind === "open" ? this.#writer.sendFrame(kind, payload) : "closed";
  }

  drained(): Promise<void> {
    return this.#writer.drained();
  }

  pauseReading(): void {
    this.#paused = true;
    // While closing, what comes in is read and dropped: the other side's end is among it.
    if (this.#state.kind === "open") this.#socket.pause();
  }

  resumeReading(): void {
    if (!this.#paused) return;
    this.#paused = false;
    queueMicrotask(() => this.#readOn());
  }

  close(reason: Fault): Promise<void> {
    if (this.#state.kind !== "open") return this.#gone;
    this.#state = { kind: "closing", reason };
    this.#inbox = [];
    this.#halfMessage.stop();
    this.#closing.set(WRITE_STALL_TIMEOUT_MS);
    // Unread bytes would turn our end into a reset, which can overtake our last words.
    this.#socket.resume();
    void this.#writer.finish().then(() => this.#socket.end());
    return this.#gone;
  }

  destroy(reason: Fault): void {
    if (this.#state.kind === "closed") return;
    if (this.#state.kind === "open") this.#state = { kind: "closing", reason };
    this.#writer.stop();
    this.#socket.destroy();
  }

  #attach(): void {
    this.#socket.on("error", (error: NodeJS.ErrnoException) => this.#lost(`connection failed: ${error.code ?? "?"}`));
    this.#socket.on("end", () => this.#lost("the other side closed the connection"));
    this.#socket.once("close", () => this.#closed());
  }

  #lost(detail: string): void {
    if (this.#state.kind !== "open") return;
    this.#state = { kind: "closing", reason: fault("lost", detail) };
    this.#closing.set(WRITE_STALL_TIMEOUT_MS);
    void this.#writer.finish().then(() => this.#socket.end());
  }

  #closed(): void {
    const reason = this.#state.kind === "open" ? fault("lost", "the connection ended") : this.#state.reason;
    this.#state = { kind: "closed", reason };
    this.#halfMessage.stop();
    this.#closing.stop();
    this.#writer.stop();
    this.#inbox = [];
    this.#tellGone();
    if (this.#receiver !== undefined) this.#tellClosedSoon(reason);
  }

  #tellClosedSoon(reason: Fault): void {
    queueMicrotask(() => this.#receiver?.closed(reason));
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#state.kind !== "open") return;
    this.#take(chunk.length > this.#readable ? chunk.subarray(0, this.#readable) : chunk);
    this.#readable -= chunk.length;
    if (this.#readable < 0) this.destroy(fault("frame_too_large", "more than was asked for"));
  };

  #take(chunk: Buffer): void {
    const wasPending = this.#reader.pending();
    const arrivals = this.#reader.push(chunk);
    this.#watchHalfMessage(!wasPending || arrivals.length > 0);
    if (this.#inbox.length > 0) this.#inbox = this.#inbox.concat(arrivals);
    else this.#deliver(arrivals);
  }

  /** The time runs from a message's first byte, whatever else arrives meanwhile. */
  #watchHalfMessage(isAnother: boolean): void {
    if (!this.#reader.pending()) this.#halfMessage.clear();
    else if (isAnother) this.#halfMessage.set(MESSAGE_COMPLETE_TIMEOUT_MS);
  }

  #halfMessageTooOld(): void {
    // While we do not read, the missing half may well be waiting for us.
    if (this.#paused) return this.#halfMessage.set(MESSAGE_COMPLETE_TIMEOUT_MS);
    this.destroy(fault("timeout", "half a message and no more"));
  }

  /** In order; what a receiver that pauses leaves over is kept. */
  #deliver(arrivals: readonly Arrival[]): void {
    this.#delivering = true;
    let at = 0;
    try {
      while (at < arrivals.length && !this.#paused && this.#state.kind === "open") {
        const arrival = arrivals[at++];
        if (arrival !== undefined) this.#hand(arrival);
      }
    } finally {
      this.#delivering = false;
    }
    this.#inbox = this.#state.kind === "open" ? arrivals.slice(at) : [];
  }

  #hand(arrival: Arrival): void {
    switch (arrival.kind) {
      case "message":
        return this.#receiver?.message(arrival.message);
      case "mistake":
        return this.#receiver?.mistake?.(arrival.fault);
      case "fatal":
        return void this.close(arrival.fault);
    }
  }

  #readOn(): void {
    if (this.#paused || this.#delivering || this.#state.kind !== "open") return;
    this.#deliver(this.#inbox);
    if (!this.#paused && this.#state.kind === "open" && this.#receiver !== undefined) this.#socket.resume();
  }
}
