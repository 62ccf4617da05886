import { COMMAND_BURST, COMMAND_QUEUE_MAX, COMMANDS_PER_SECOND } from "@papo/protocol";
import { type Clock, pause } from "@papo/link";
import { TokenBucket } from "./services/token-bucket.ts";

/** Whoever answers what waits in a queue. */
export interface QueueOwner<Item> {
  /** In units of COMMANDS_PER_SECOND. */
  costOf(item: Item): number;
  /** The next one waits until this one is answered. */
  answer(item: Item): Promise<void>;
  /** Answering failed in a way that nobody foresaw. */
  failed(error: unknown): void;
}

/** What one session has asked: answered one after another, no faster than its budget allows. docs/protocol/tracker.md §1 */
export class CommandQueue<Item> {
  readonly #clock: Clock;
  readonly #owner: QueueOwner<Item>;
  readonly #bucket: TokenBucket;
  readonly #waiting: Item[] = [];
  /** Made only while a command is held back: most sessions never are, and there are many. */
  #heldBack: AbortController | undefined;
  #isWorking = false;
  #isClosed = false;
  #working: Promise<void> = Promise.resolve();

  constructor(clock: Clock, owner: QueueOwner<Item>) {
    this.#clock = clock;
    this.#owner = owner;
    const nowMs = clock.monotonicMs();
    this.#bucket = new TokenBucket({ burst: COMMAND_BURST, perSecond: COMMANDS_PER_SECOND, nowMs });
  }

  /** False when too many wait already. */
  add(item: Item): boolean {
    if (this.#waiting.length >= COMMAND_QUEUE_MAX) return false;
    this.#waiting.push(item);
    if (!this.#isWorking) {
      this.#isWorking = true;
      this.#working = this.#work();
    }
    return true;
  }

  /** Forgets what waits. Resolves when the command under way is answered. */
  finish(): Promise<void> {
    this.#waiting.length = 0;
    return this.#working;
  }

  /** Finally: what waits is forgotten, also the one that is held back. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#heldBack?.abort();
  }

  async #work(): Promise<void> {
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        const waitMs = this.#bucket.spend(this.#owner.costOf(next), this.#clock.monotonicMs());
        if (waitMs > 0) await this.#holdBack(waitMs);
        if (this.#isClosed) return;
        await this.#owner.answer(next);
      }
    } catch (error) {
      this.#owner.failed(error);
    } finally {
      this.#isWorking = false;
    }
  }

  async #holdBack(waitMs: number): Promise<void> {
    this.#heldBack = new AbortController();
    await pause(this.#clock, waitMs, this.#heldBack.signal);
    this.#heldBack = undefined;
  }
}
