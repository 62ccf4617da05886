import type { Socket } from "node:net";
import type { LinkEnds } from "../link.ts";
import type { Splice, SpliceRules, TicketCaller } from "../ticket.ts";
import { SocketSplice } from "./socket-splice.ts";

/** Bytes read ahead of a splice above which no more are: a TLS client's first flight is far shorter. */
const AHEAD_BYTES = 8_192;

/** Reads while it waits, because only who reads notices the other end's going. */
export class SocketCaller implements TicketCaller {
  readonly ticket: Uint8Array;
  readonly ends: LinkEnds;
  readonly #socket: Socket;
  #ahead: Buffer[] = [];
  #aheadBytes = 0;
  #isSpliced = false;

  constructor(socket: Socket, ends: LinkEnds, ticket: Uint8Array) {
    this.#socket = socket;
    this.ends = ends;
    this.ticket = ticket;
    socket.on("data", this.#keep);
    socket.resume();
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  onClosed(done: () => void): void {
    if (this.#socket.closed) queueMicrotask(done);
    else this.#socket.once("close", () => done());
  }

  destroy(): void {
    this.#socket.destroy();
  }

  spliceWith(other: TicketCaller, rules: SpliceRules): Splice {
    if (!(other instanceof SocketCaller) || other === this) throw new TypeError("two callers of one network");
    if (this.isClosed || other.isClosed) throw new TypeError("a caller that is gone");
    return new SocketSplice({ one: this.#handOver(), other: other.#handOver() }, rules);
  }

  #handOver(): { readonly socket: Socket; readonly ahead: readonly Buffer[] } {
    if (this.#isSpliced) throw new TypeError("spliced already");
    this.#isSpliced = true;
    const ahead = this.#ahead;
    this.#ahead = [];
    this.#socket.off("data", this.#keep);
    this.#socket.pause();
    return { socket: this.#socket, ahead };
  }

  readonly #keep = (chunk: Buffer): void => {
    this.#ahead.push(chunk);
    this.#aheadBytes += chunk.length;
    if (this.#aheadBytes >= AHEAD_BYTES) this.#socket.pause();
  };
}
