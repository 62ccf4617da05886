import type { Socket } from "node:net";
import type { Clock, Timer } from "../clock.ts";

export type OneWayParts = {
  readonly from: Socket;
  readonly to: Socket;
  readonly clock: Clock;
  /** Read from `from` before. */
  readonly ahead: readonly Buffer[];
  /** Told of each chunk; gives the milliseconds until the next one is read. */
  readonly onChunk: (bytes: number) => number;
};

/** One direction of a splice. Reads on when the chunk in hand is with the system and its price in time is paid. */
export class OneWay {
  readonly #parts: OneWayParts;
  #ahead: Buffer[];
  #bytes = 0;
  #waiting: Timer | undefined;
  #isEnded = false;

  constructor(parts: OneWayParts) {
    this.#parts = parts;
    this.#ahead = [...parts.ahead];
    parts.from.on("data", (chunk: Buffer) => this.#pass(chunk));
    parts.from.once("end", () => {
      this.#isEnded = true;
      parts.to.end();
    });
  }

  /** Begins, with what was read before. */
  start(): void {
    this.#readOn();
  }

  /** Bytes read so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `from` has said that nothing more comes. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  stop(): void {
    this.#waiting?.cancel();
    this.#ahead = [];
  }

  #pass(chunk: Buffer): void {
    const { from, to, clock } = this.#parts;
    this.#bytes += chunk.length;
    const delayMs = this.#parts.onChunk(chunk.length);
    if (to.writable) to.write(chunk, this.#readOn);
    if (delayMs > 0) {
      this.#waiting = clock.after(delayMs, () => {
        this.#waiting = undefined;
        this.#readOn();
      });
    }
    if (this.#mustWait) from.pause();
  }

  get #mustWait(): boolean {
    return this.#waiting !== undefined || this.#parts.to.writableLength > 0;
  }

  readonly #readOn = (): void => {
    if (this.#mustWait || this.#parts.from.destroyed) return;
    const chunk = this.#ahead.shift();
    if (chunk !== undefined) this.#pass(chunk);
    else if (this.#parts.from.isPaused()) this.#parts.from.resume();
  };
}
