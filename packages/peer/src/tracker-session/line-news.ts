import type { Fault, RoomId } from "@papo/protocol";
import type { RoomDelta, RoomView } from "./room-view.ts";
import type { LineReceiver } from "./tracker-line.ts";

/** Keeps what a line has to tell until somebody listens. Its length is bounded by what fits between login and `listen`. */
export class LineNews implements LineReceiver {
  #receiver: LineReceiver | undefined;
  #kept: ((receiver: LineReceiver) => void)[] = [];

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

  roomClosed(id: RoomId, reason: "deleted" | "left"): void {
    this.#tell((receiver) => receiver.roomClosed(id, reason));
  }

  closed(reason: Fault): void {
    this.#tell((receiver) => receiver.closed(reason));
  }

  #tell(tell: (receiver: LineReceiver) => void): void {
    if (this.#receiver === undefined) this.#kept.push(tell);
    else tell(this.#receiver);
  }
}
