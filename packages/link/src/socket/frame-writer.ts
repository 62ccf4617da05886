import type { Socket } from "node:net";
import { FRAME_HEADER_BYTES, FRAME_KIND, type Fault, WRITE_BYTES_MAX, fault, writeFrameHeader } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import type { SendResult } from "../link.ts";
import { SendBudget } from "../send-budget.ts";
import { giveBackBatchBuffer, takeBatchBuffer } from "./batch-pool.ts";
import { SingleWrite } from "./single-write.ts";
import type { SocketWriter } from "./socket-writer.ts";

/** First size of a batch: most messages travel alone. */
const BATCH_BYTES_FIRST = 1_024;
/** A UTF-16 unit takes at most this many bytes of UTF-8. */
const UTF8_BYTES_PER_UNIT = 3;

const EMPTY = Buffer.alloc(0);

/** What one write takes; `pooled` is the buffer to give back afterwards. */
type Piece = { readonly bytes: Buffer; readonly pooled: Buffer | undefined };

/**
 * Frames out. Those sent within one tick leave in one write; while a write is under way the next ones gather behind it.
 * A tick and not a turn of the loop: a lone message then waits for nothing, and a chunk's worth of answers is one tick.
 */
export class FrameWriter implements SocketWriter {
  readonly #single: SingleWrite;
  readonly #budget: SendBudget;
  readonly #onFailed: (reason: Fault) => void;
  /** Full batches, oldest first. */
  #full: Piece[] = [];
  #batch: Buffer = EMPTY;
  #batchBytes = 0;
  #scheduled = false;
  #stopped = false;
  #onFinished: (() => void) | undefined;

  constructor(socket: Socket, clock: Clock, queueBytesMax: number, onFailed: (reason: Fault) => void) {
    this.#single = new SingleWrite(socket, clock, onFailed);
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
    const text = JSON.stringify(value);
    const bytesAtMost = FRAME_HEADER_BYTES + text.length * UTF8_BYTES_PER_UNIT;
    if (bytesAtMost > WRITE_BYTES_MAX) return this.sendFrame(FRAME_KIND.json, Buffer.from(text));

    this.#makeRoom(bytesAtMost);
    const payloadBytes = this.#batch.write(text, this.#batchBytes + FRAME_HEADER_BYTES, "utf8");
    return this.#commit(FRAME_KIND.json, payloadBytes);
  }

  sendFrame(kind: number, payload: Uint8Array): SendResult {
    const bytes = FRAME_HEADER_BYTES + payload.length;
    if (bytes > WRITE_BYTES_MAX) return this.#sendLarge(kind, payload);

    this.#makeRoom(bytes);
    this.#batch.set(payload, this.#batchBytes + FRAME_HEADER_BYTES);
    return this.#commit(kind, payload.length);
  }

  finish(): Promise<void> {
    return new Promise((resolve) => {
      this.#onFinished = resolve;
      this.#flush();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#single.stop();
    this.#full = [];
    this.#batch = EMPTY;
    this.#batchBytes = 0;
    this.#budget.releaseAll();
  }

  /** The payload stands in the batch already, behind where its header goes. */
  #commit(kind: number, payloadBytes: number): SendResult {
    writeFrameHeader(this.#batch, this.#batchBytes, kind, payloadBytes);
    const result = this.#take(FRAME_HEADER_BYTES + payloadBytes);
    if (result === "closed") return result;
    this.#batchBytes += FRAME_HEADER_BYTES + payloadBytes;
    this.#schedule();
    return result;
  }

  #sendLarge(kind: number, payload: Uint8Array): SendResult {
    const frame = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + payload.length);
    writeFrameHeader(frame, 0, kind, payload.length);
    const result = this.#take(frame.length);
    if (result === "closed") return result;

    frame.set(payload, FRAME_HEADER_BYTES);
    this.#closeBatch();
    for (let at = 0; at < frame.length; at += WRITE_BYTES_MAX) {
      this.#full.push({ bytes: frame.subarray(at, at + WRITE_BYTES_MAX), pooled: undefined });
    }
    this.#schedule();
    return result;
  }

  #take(bytes: number): SendResult {
    const result = this.#budget.take(bytes);
    if (result === "closed") this.#onFailed(fault("too_slow", "the queue is full"));
    return result;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#batchBytes + bytes;
    if (needed <= this.#batch.length) return;
    if (needed > WRITE_BYTES_MAX) {
      this.#closeBatch();
      return this.#makeRoom(bytes);
    }
    const larger = needed <= BATCH_BYTES_FIRST ? Buffer.allocUnsafe(BATCH_BYTES_FIRST) : takeBatchBuffer();
    this.#batch.copy(larger, 0, 0, this.#batchBytes);
    this.#batch = larger;
  }

  #closeBatch(): void {
    if (this.#batchBytes === 0) return;
    const pooled = this.#batch.length === WRITE_BYTES_MAX ? this.#batch : undefined;
    this.#full.push({ bytes: this.#batch.subarray(0, this.#batchBytes), pooled });
    this.#batch = EMPTY;
    this.#batchBytes = 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#single.busy) return;
    this.#scheduled = true;
    process.nextTick(this.#flushScheduled);
  }

  readonly #flushScheduled = (): void => {
    this.#scheduled = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#stopped || this.#single.busy) return;
    if (this.#full.length === 0) this.#closeBatch();
    const next = this.#full.shift();
    if (next === undefined) return this.#onFinished?.();
    this.#single.write(next.bytes, () => {
      this.#budget.release(next.bytes.length);
      if (next.pooled !== undefined) giveBackBatchBuffer(next.pooled);
      this.#flush();
    });
  }
}
