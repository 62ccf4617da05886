import type { SendResult } from "./link.ts";

/** Above this share of the limit senders are asked to wait; below `1 / DRAINED` they may go on. */
const SLOW = 2;
const DRAINED = 8;

/** How much waits in one link's queue, how much may, and who waits for it to become less. */
export class SendBudget {
  readonly #bytesMax: number;
  #queuedBytes = 0;
  #waiting: (() => void)[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** `closed` when the queue is over its limit. A message that is alone always fits, however long. */
  take(bytes: number): SendResult {
    const after = this.#queuedBytes + bytes;
    if (this.#queuedBytes > 0 && after > this.#bytesMax) return "closed";
    this.#queuedBytes = after;
    return after * SLOW > this.#bytesMax ? "slow" : "sent";
  }

  release(bytes: number): void {
    this.#queuedBytes -= bytes;
    if (this.#queuedBytes * DRAINED <= this.#bytesMax) this.#wake();
  }

  /** The link is gone: nothing waits any more, and nobody has to. */
  releaseAll(): void {
    this.#queuedBytes = 0;
    this.#wake();
  }

  drained(): Promise<void> {
    if (this.#queuedBytes * DRAINED <= this.#bytesMax) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
