import { type Fault, LINE_NEWS_KEPT_MAX, type Observed, type RoomId } from "@papo/protocol";
import type { RoomDelta, RoomView } from "./room-view.ts";
import type { CallNews, LineReceiver } from "./tracker-line.ts";

/** Keeps what a line has to tell until somebody listens. Between login and `listen` that is little: much of it ends the line. */
export class LineNews implements LineReceiver {
  readonly #onTooMuch: () => void;
  #receiver: LineReceiver | undefined;
  #kept: ((receiver: LineReceiver) => void)[] = [];

  constructor(onTooMuch: () => void) {
    this.#onTooMuch = onTooMuch;
  }

  listen(receiver: LineReceiver): void {
    this.#receiver = receiver;
    const kept = this.#kept;
    this.#kept = [];
    for (const tell of kept) tell(receiver);
  }

  delta(delta: RoomDelta): void {
    this.#tell((receiver) => receiver.delta(delta));
  }

  snapshot(view: RoomView): void {
    this.#tell((receiver) => receiver.snapshot(view));
  }

  roomClosed(id: RoomId, reason: "deleted" | "left" | "removed"): void {
    this.#tell((receiver) => receiver.roomClosed(id, reason));
  }

  observed(observed: Observed): void {
    this.#tell((receiver) => receiver.observed(observed));
  }

  calls(news: CallNews): void {
    this.#tell((receiver) => receiver.calls(news));
  }

  closed(reason: Fault): void {
    this.#tell((receiver) => receiver.closed(reason));
  }

  #tell(tell: (receiver: LineReceiver) => void): void {
    if (this.#receiver !== undefined) return tell(this.#receiver);
    if (this.#kept.length < LINE_NEWS_KEPT_MAX) return void this.#kept.push(tell);
    this.#kept = [];
    this.#onTooMuch();
  }
}
