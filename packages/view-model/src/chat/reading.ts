import { READ_NOTED_AFTER_MS } from "@papo/protocol";
import type { ChatClock } from "./chat-ports.ts";

export type ReadingPorts = {
  readonly clock: ChatClock;
  /** So much of what came was not looked at. */
  unlooked(): void;
  /** All that is there has been looked at. */
  read(): void;
};

type Timer = { cancel(): void };

/**
 * Whether the tab on the screen is being looked at. What comes is looked at when the screen says so soon afterwards; what was looked at for a moment counts as
 * read.
 */
export class Reading {
  readonly #ports: ReadingPorts;
  #unlooked: Timer | undefined;
  #reading: Timer | undefined;

  constructor(ports: ReadingPorts) {
    this.#ports = ports;
  }

  /** Something came. */
  arrived(): void {
    this.#unlooked ??= this.#ports.clock.after(READ_NOTED_AFTER_MS, () => {
      this.#unlooked = undefined;
      this.#ports.unlooked();
    });
  }

  /** The screen shows the newest, and there is something that is not noted as read yet. */
  looked(hasNews: boolean): void {
    this.#unlooked?.cancel();
    this.#unlooked = undefined;
    if (!hasNews) return;
    this.#reading ??= this.#ports.clock.after(READ_NOTED_AFTER_MS, () => {
      this.#reading = undefined;
      this.#ports.read();
    });
  }

  /** Another tab comes on the screen. True when something here was being read. */
  stop(): boolean {
    const wasReading = this.#reading !== undefined;
    this.#unlooked?.cancel();
    this.#reading?.cancel();
    this.#unlooked = undefined;
    this.#reading = undefined;
    return wasReading;
  }
}
