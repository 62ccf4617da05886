import type { Socket } from "node:net";
import { Deadline } from "../deadline.ts";
import type { Splice, SpliceEnd, SpliceRules, SpliceSide } from "../ticket.ts";
import { OneWay } from "./one-way.ts";

type Side = { readonly socket: Socket; readonly ahead: readonly Buffer[] };
type Sides = { readonly [side in SpliceSide]: Side };

/**
 *   open ──the end of both ways──────────▶ both closed ("closed")
 *     └──a socket's end before, "idle", "error", "shut"──▶ both destroyed
 */
export class SocketSplice implements Splice {
  readonly #rules: SpliceRules;
  readonly #sockets: readonly Socket[];
  readonly #idle: Deadline;
  readonly #one: OneWay;
  readonly #other: OneWay;
  #why: SpliceEnd["why"] | undefined;
  #open = 2;

  constructor({ one, other }: Sides, rules: SpliceRules) {
    this.#rules = rules;
    this.#sockets = [one.socket, other.socket];
    this.#idle = new Deadline(rules.clock, () => this.#end("idle"));
    this.#idle.set(rules.idleTimeoutMs);
    for (const socket of this.#sockets) this.#watch(socket);
    this.#one = this.#way("one", one, other.socket);
    this.#other = this.#way("other", other, one.socket);
    // Not before whoever asked for this splice holds it.
    queueMicrotask(() => {
      this.#one.start();
      this.#other.start();
    });
  }

  close(): void {
    this.#end("shut");
  }

  #watch(socket: Socket): void {
    // The end of one way is passed on and leaves the other way open.
    socket.allowHalfOpen = true;
    socket.on("error", () => this.#end("error"));
    socket.once("close", () => this.#closed());
  }

  #way(side: SpliceSide, { socket: from, ahead }: Side, to: Socket): OneWay {
    const { clock, spend, idleTimeoutMs } = this.#rules;
    const onChunk = (bytes: number): number => {
      const delayMs = spend(side, bytes);
      this.#idle.set(idleTimeoutMs + delayMs);
      return delayMs;
    };
    return new OneWay({ from, to, clock, ahead, onChunk });
  }

  #closed(): void {
    this.#open -= 1;
    if (!this.#one.isEnded || !this.#other.isEnded) this.#end("closed");
    if (this.#open > 0) return;
    this.#idle.stop();
    this.#rules.ended({ why: this.#why ?? "closed", bytes: { one: this.#one.bytes, other: this.#other.bytes } });
  }

  #end(why: SpliceEnd["why"]): void {
    this.#why ??= why;
    this.#one.stop();
    this.#other.stop();
    for (const socket of this.#sockets) socket.destroy();
  }
}
