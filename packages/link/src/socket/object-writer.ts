import type { Socket } from "node:net";
import { type Fault, SEED_OBJECT_BYTES_MAX, SEED_PUSH_SPACING_MS, fault } from "@papo/protocol";
import type { Clock, Timer } from "../clock.ts";
import type { SendResult } from "../link.ts";
import { SendBudget } from "../send-budget.ts";
import { encodeSeedJson } from "./seed-json.ts";
import { SingleWrite } from "./single-write.ts";
import type { SocketWriter } from "./socket-writer.ts";

type Waiting = { readonly bytes: Uint8Array; readonly isAnswer: boolean };

/**
 * Objects out, for readers that take whatever one read returns for exactly one object (docs/protocol/seed.md §1).
 * One object per TCP write, SEED_PUSH_SPACING_MS apart. Only one thing proves that the last object was read, so that the
 * next may follow at once: it was an answer, and the client, which waits for answers, has spoken since.
 */
export class ObjectWriter implements SocketWriter {
  readonly #single: SingleWrite;
  readonly #clock: Clock;
  readonly #budget: SendBudget;
  readonly #onFailed: (reason: Fault) => void;
  #queue: Waiting[] = [];
  /** Earliest moment of the next write, on the monotonic clock. */
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #lastWasAnswer = false;
  #timer: Timer | undefined;
  #stopped = false;
  #onFinished: (() => void) | undefined;

  constructor(socket: Socket, clock: Clock, queueBytesMax: number, onFailed: (reason: Fault) => void) {
    this.#single = new SingleWrite(socket, clock, onFailed);
    this.#clock = clock;
    this.#budget = new SendBudget(queueBytesMax);
    this.#onFailed = onFailed;
  }

  get queuedBytes(): number {
    return this.#budget.queuedBytes;
  }

  drained(): Promise<void> {
    return this.#budget.drained();
  }

  sendJson(value: object): SendResult {
    const bytes = encodeSeedJson(value);
    if (bytes.length > SEED_OBJECT_BYTES_MAX) throw new RangeError("object too long for the seed dialect");

    const result = this.#budget.take(bytes.length);
    if (result === "closed") {
      this.#onFailed(fault("too_slow", "the queue is full"));
      return result;
    }
    this.#queue.push({ bytes, isAnswer: isAnswer(value) });
    this.#writeNext();
    return result;
  }

  sendFrame(): never {
    throw new TypeError("the seed dialect has no frames");
  }

  /** An object has arrived. */
  heard(): void {
    if (!this.#lastWasAnswer || this.#single.busy) return;
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
    this.#writeNext();
  }

  finish(): Promise<void> {
    return new Promise((resolve) => {
      this.#onFinished = resolve;
      this.#writeNext();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#single.stop();
    this.#queue = [];
    this.#budget.releaseAll();
  }

  #writeNext(): void {
    if (this.#stopped || this.#single.busy) return;
    const waitMs = this.#notBeforeMs - this.#clock.monotonicMs();
    if (this.#queue.length > 0 && waitMs > 0) return this.#wait(waitMs);

    const next = this.#queue.shift();
    if (next === undefined) return this.#onFinished?.();
    this.#lastWasAnswer = next.isAnswer;
    this.#single.write(next.bytes, () => {
      this.#budget.release(next.bytes.length);
      this.#notBeforeMs = this.#clock.monotonicMs() + SEED_PUSH_SPACING_MS;
      this.#writeNext();
    });
  }

  #wait(waitMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(Math.ceil(waitMs), () => {
      this.#timer = undefined;
      this.#writeNext();
    });
  }
}

/** `OK` and `ERROR` answer a command; everything else is said unasked. */
function isAnswer(value: object): boolean {
  return "status" in value && (value.status === "OK" || value.status === "ERROR");
}
