import { WRITE_STALL_TIMEOUT_MS } from "@papo/protocol";
import { Deadline } from "../deadline.ts";
import type { LinkMessage } from "../link.ts";
import type { Direction, Ether } from "./ether.ts";

/** Bytes that are on their way or unread at the other end before a sender has to wait: what TCP's buffers are. */
const WINDOW_BYTES = 65_536;

export type MemoryPipeParts = {
  readonly way: Direction;
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

  /** Hands over what is due, unless the way is blocked. */
  deliver(): void {
    while (!this.#isStopped && !this.#network.isBlocked(this.#parts.way)) {
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
    const { dropRate, duplicateRate } = this.#network.faultsOf(this.#parts.way);
    const isLost = message !== undefined && dropRate > 0 && this.#network.random.fraction() < dropRate;
    if (message !== undefined && isLost) return void (this.#windowBytes -= message.payload.length);

    this.#putOnTheWay(message);
    if (message === undefined || duplicateRate === 0 || this.#network.random.fraction() >= duplicateRate) return;
    this.#windowBytes += message.payload.length;
    this.#putOnTheWay(message);
  }

  #putOnTheWay(message: LinkMessage | undefined): void {
    const nowMs = this.#network.clock.monotonicMs();
    const dueMs = Math.max(this.#lastDueMs, nowMs + this.#network.delayOf(this.#parts.way));
    this.#lastDueMs = dueMs;
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
