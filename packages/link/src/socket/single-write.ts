import type { Socket } from "node:net";
import { type Fault, WRITE_STALL_TIMEOUT_MS, fault } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import { Deadline } from "../deadline.ts";

/**
 * One write at a time on a socket, of at most WRITE_BYTES_MAX: so small that one which "makes no progress" is one that did not
 * finish within WRITE_STALL_TIMEOUT_MS. What comes meanwhile is gathered by the owner.
 */
export class SingleWrite {
  readonly #socket: Socket;
  readonly #stalled: Deadline;
  #busy = false;

  constructor(socket: Socket, clock: Clock, onStalled: (reason: Fault) => void) {
    this.#socket = socket;
    this.#stalled = new Deadline(clock, () => onStalled(fault("too_slow", "a write made no progress")));
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** `onDone` is not called when the write failed: the socket's end tells that. */
  write(bytes: Uint8Array, onDone: () => void): void {
    this.#busy = true;
    this.#stalled.set(WRITE_STALL_TIMEOUT_MS);
    this.#socket.write(bytes, (error) => {
      this.#busy = false;
      this.#stalled.clear();
      if (error === null || error === undefined) onDone();
    });
  }

  stop(): void {
    this.#stalled.stop();
  }
}
