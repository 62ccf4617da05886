import {
  BYTES_FRAME_BYTES_MAX,
  FRAME_KIND,
  type Fault,
  JSON_FRAME_BYTES_MAX,
  WRITE_STALL_TIMEOUT_MS,
  fault,
} from "@papo/protocol";
import { Deadline } from "../deadline.ts";
import type { ChannelSecurity, Dialect, Link, LinkEnds, LinkMessage, LinkReceiver, SendResult } from "../link.ts";
import { SendBudget } from "../send-budget.ts";
import { encodeSeedJson } from "../socket/seed-json.ts";
import type { Direction, Ether, WiredEnd } from "./ether.ts";
import { MemoryPipe } from "./memory-pipe.ts";

export type MemoryLinkParts = {
  readonly dialect: Dialect;
  readonly ends: LinkEnds;
  /** From this end to the other. */
  readonly way: readonly Direction[];
  readonly security: ChannelSecurity | undefined;
  readonly queueBytesMax: number;
  readonly onEnded?: () => void;
  readonly meter?: (bytes: number) => number;
};

type State =
  | { readonly kind: "open" }
  | { readonly kind: "closing"; readonly reason: Fault }
  | { readonly kind: "closed"; readonly reason: Fault };

/** One end of a link in memory. Behaves like one over a socket, as far as its users can see. */
export class MemoryLink implements Link, WiredEnd {
  readonly dialect: Dialect;
  readonly ends: LinkEnds;
  readonly way: readonly Direction[];
  readonly security: ChannelSecurity | undefined;
  readonly #network: Ether;
  readonly #onEnded: (() => void) | undefined;
  readonly #budget: SendBudget;
  readonly #closing: Deadline;
  readonly #out: MemoryPipe;
  readonly #gone: Promise<void>;
  #tellGone: () => void = () => {};
  #far: MemoryLink | undefined;
  #state: State = { kind: "open" };
  #receiver: LinkReceiver | undefined;
  #isPaused = false;
  /** Arrived and not yet read: `undefined` is the other side's end. */
  #inbox: (LinkMessage | undefined)[] = [];
  #isReading = false;
  #isStranded = false;

  constructor(network: Ether, parts: MemoryLinkParts) {
    this.dialect = parts.dialect;
    this.ends = parts.ends;
    this.way = parts.way;
    this.security = parts.security;
    this.#network = network;
    this.#onEnded = parts.onEnded;
    this.#budget = new SendBudget(parts.queueBytesMax);
    this.#closing = new Deadline(network.clock, () => this.#end());
    this.#gone = new Promise((resolve) => (this.#tellGone = resolve));
    this.#out = new MemoryPipe(network, {
      way: parts.way,
      meter: parts.meter,
      onLeft: (bytes) => this.#budget.release(bytes),
      onArrived: (message) => this.#far?.arrived(message),
      onStalled: () => this.destroy(fault("too_slow", "a write made no progress")),
    });
    network.opened(this);
  }

  connectTo(far: MemoryLink): void {
    this.#far = far;
  }

  get isClosed(): boolean {
    return this.#state.kind !== "open";
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get queuedBytes(): number {
    return this.#budget.queuedBytes;
  }

  start(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    if (this.#state.kind === "closed") this.#tellClosed(this.#state.reason);
    else this.#readSoon();
  }

  sendJson(value: object): SendResult {
    const payload = this.dialect === "papo" ? Buffer.from(JSON.stringify(value)) : encodeSeedJson(value);
    return this.#send({ kind: FRAME_KIND.json, payload });
  }

  sendFrame(kind: number, payload: Uint8Array): SendResult {
    if (this.dialect === "seed") throw new TypeError("the seed dialect has no frames");
    return this.#send({ kind, payload: Uint8Array.from(payload) });
  }

  drained(): Promise<void> {
    return this.#budget.drained();
  }

  pauseReading(): void {
    this.#isPaused = true;
  }

  resumeReading(): void {
    this.#isPaused = false;
    this.#readSoon();
  }

  close(reason: Fault): Promise<void> {
    if (this.#state.kind !== "open") return this.#gone;
    this.#state = { kind: "closing", reason };
    this.#inbox = [];
    this.#out.push(undefined);
    this.#closing.set(WRITE_STALL_TIMEOUT_MS);
    return this.#gone;
  }

  destroy(reason: Fault): void {
    if (this.#state.kind === "closed") return;
    if (this.#state.kind === "open") this.#state = { kind: "closing", reason };
    this.#out.dropWaiting();
    this.#out.push(undefined);
    this.#network.clock.after(0, () => this.#end());
  }

  lose(detail: string): void {
    // Whoever is cut off is told nothing, not even that.
    if (this.#isStranded) return;
    if (this.#state.kind === "open") this.#state = { kind: "closing", reason: fault("lost", detail) };
    this.#out.stop();
    this.#network.clock.after(0, () => this.#end());
  }

  strand(): void {
    this.#isStranded = true;
    this.#out.strand();
  }

  networkChanged(): void {
    this.#out.deliver();
  }

  /** From the other end's pipe. */
  arrived(message: LinkMessage | undefined): void {
    if (this.#state.kind === "closed") return;
    if (this.#state.kind === "closing") {
      if (message === undefined) this.#end();
      else this.#far?.consumed(message);
      return;
    }
    this.#inbox.push(message);
    this.#read();
  }

  consumed(message: LinkMessage): void {
    this.#out.consumed(message.payload.length);
  }

  #send(message: LinkMessage): SendResult {
    const limit = message.kind === FRAME_KIND.json ? JSON_FRAME_BYTES_MAX : BYTES_FRAME_BYTES_MAX;
    if (message.payload.length > limit) throw new RangeError("payload too large for its kind of frame");
    if (this.#state.kind !== "open") return "closed";

    const result = this.#budget.take(message.payload.length);
    if (result === "closed") this.destroy(fault("too_slow", "the queue is full"));
    else this.#out.push(message);
    return result;
  }

  #readSoon(): void {
    queueMicrotask(() => this.#read());
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#receiver !== undefined && !this.#isPaused && this.#state.kind === "open" && this.#inbox.length > 0) {
      const message = this.#inbox.shift();
      if (message === undefined) this.#otherSideClosed();
      else {
        this.#far?.consumed(message);
        this.#receiver.message(message);
      }
    }
    this.#isReading = false;
  }

  #otherSideClosed(): void {
    this.#state = { kind: "closing", reason: fault("lost", "the other side closed the connection") };
    this.#out.push(undefined);
    this.#network.clock.after(0, () => this.#end());
  }

  #end(): void {
    if (this.#state.kind === "closed") return;
    const reason = this.#state.kind === "closing" ? this.#state.reason : fault("lost", "the connection ended");
    this.#state = { kind: "closed", reason };
    this.#closing.stop();
    this.#budget.releaseAll();
    this.#inbox = [];
    this.#network.ended(this);
    this.#onEnded?.();
    this.#tellGone();
    this.#tellClosed(reason);
  }

  #tellClosed(reason: Fault): void {
    const receiver = this.#receiver;
    if (receiver !== undefined) queueMicrotask(() => receiver.closed(reason));
  }
}
