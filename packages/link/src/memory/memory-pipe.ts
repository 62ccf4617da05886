import { FRAME_HEADER_BYTES, WRITE_STALL_TIMEOUT_MS } from "@papo/protocol";
import { Deadline } from "../deadline.ts";
import type { LinkMessage } from "../link.ts";
import { type Direction, type Ether, delayAlong, isBlockedAlong } from "./ether.ts";

/** Bytes that are on their way or unread at the other end before a sender has to wait: what TCP's buffers are. */
const WINDOW_BYTES = 65_536;

export type MemoryPipeParts = {
  readonly way: readonly Direction[];
  /** Of a relay on the way: told of each message; gives the milliseconds until the next one goes. */
  readonly meter: ((bytes: number) => number) | undefined;
  /** Bytes have left the sender's queue. */
  readonly onLeft: (bytes: number) => void;
  /** `undefined` is the end. */
  readonly onArrived: (message: LinkMessage | undefined) => void;
  readonly onStalled: () => void;
};

type Item = { readonly message: LinkMessage | undefined; readonly dueMs: number };

/** One direction of a link: first in, first out, with the delays and losses that the network has for it. */
export class MemoryPipe {
  readonly #network: Ether;
  readonly #parts: MemoryPipeParts;
  readonly #stalled: Deadline;
  /** Not sent yet, because the window is full. */
  #waiting: (LinkMessage | undefined)[] = [];
  #onTheWay: Item[] = [];
  #windowBytes = 0;
  #lastDueMs = 0;
  #isStopped = false;
  #isStranded = false;

  constructor(network: Ether, parts: MemoryPipeParts) {
    this.#network = network;
    this.#parts = parts;
    this.#stalled = new Deadline(network.clock, parts.onStalled);
  }

  push(message: LinkMessage | undefined): void {
    if (this.#isStopped) return;
    this.#waiting.push(message);
    this.#fillWindow();
  }

  /** The other end has read that much. */
  consumed(bytes: number): void {
    this.#windowBytes -= bytes;
    this.#stalled.clear();
    this.#fillWindow();
  }

  dropWaiting(): void {
    this.#waiting = [];
    this.#stalled.stop();
  }

  stop(): void {
    this.#isStopped = true;
    this.dropWaiting();
    this.#onTheWay = [];
  }

  /** What is on its way never arrives. */
  strand(): void {
    this.#isStranded = true;
  }

  /** Hands over what is due, unless the way is blocked. */
  deliver(): void {
    while (!this.#isStopped && !this.#isStranded && !isBlockedAlong(this.#network, this.#parts.way)) {
      const [next] = this.#onTheWay;
      if (next === undefined || next.dueMs > this.#network.clock.monotonicMs()) return;
      this.#onTheWay.shift();
      this.#parts.onArrived(next.message);
    }
  }

  #fillWindow(): void {
    while (this.#waiting.length > 0) {
      const bytes = this.#waiting[0]?.payload.length ?? 0;
      if (this.#windowBytes > 0 && this.#windowBytes + bytes > WINDOW_BYTES) {
        return this.#stalled.set(WRITE_STALL_TIMEOUT_MS);
      }
      const message = this.#waiting.shift();
      this.#windowBytes += bytes;
      this.#parts.onLeft(bytes);
      this.#send(message);
    }
  }

  #send(message: LinkMessage | undefined): void {
    if (message !== undefined && this.#happens("dropRate")) return void (this.#windowBytes -= message.payload.length);

    this.#putOnTheWay(message);
    if (message === undefined || !this.#happens("duplicateRate")) return;
    this.#windowBytes += message.payload.length;
    this.#putOnTheWay(message);
  }

  #happens(fault: "dropRate" | "duplicateRate"): boolean {
    const { random } = this.#network;
    const rates = this.#parts.way.map((hop) => this.#network.faultsOf(hop)[fault]);
    return rates.some((rate) => rate > 0 && random.fraction() < rate);
  }

  #putOnTheWay(message: LinkMessage | undefined): void {
    const nowMs = this.#network.clock.monotonicMs();
    const dueMs = Math.max(this.#lastDueMs, nowMs + delayAlong(this.#network, this.#parts.way));
    const bytes = FRAME_HEADER_BYTES + (message?.payload.length ?? 0);
    this.#lastDueMs = dueMs + (message === undefined ? 0 : (this.#parts.meter?.(bytes) ?? 0));
    this.#onTheWay.push({ message, dueMs });
    this.#wakeAt(dueMs);
  }

  /** A real timer may fire a moment before its time by the other clock: then it is set again. */
  #wakeAt(dueMs: number): void {
    const { clock } = this.#network;
    clock.after(dueMs - clock.monotonicMs(), () => {
      if (clock.monotonicMs() < dueMs) this.#wakeAt(dueMs);
      else this.deliver();
    });
  }
}
