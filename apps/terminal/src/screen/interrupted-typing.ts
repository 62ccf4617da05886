import { TYPING_PAUSE_MS } from "@papo/protocol";
import type { ChatClock, Panel } from "@papo/view-model";
import type { Stroke } from "../input/stroke.ts";

/**
 * A question that comes up by itself in the middle of a sentence (somebody else ended the session, a tracker answered late) must not be answered by the letters
 * of that sentence. Until the typing pauses, what was meant for the line goes nowhere.
 */
export class InterruptedTyping {
  readonly #clock: Pick<ChatClock, "wallMs">;
  #typedAtMs = Number.NEGATIVE_INFINITY;
  #front: Panel | undefined;
  #isInterrupted = false;

  constructor(clock: Pick<ChatClock, "wallMs">) {
    this.#clock = clock;
  }

  /** Whether the stroke belongs to what was being typed. `front`: the panel that would take it. To be asked for each one. */
  isPartOf(stroke: Stroke, front: Panel | undefined): boolean {
    const isNew = front !== this.#front;
    const passedMs = this.#clock.wallMs() - this.#typedAtMs;
    const isTyping = passedMs >= 0 && passedMs < TYPING_PAUSE_MS;
    this.#front = front;
    if (front === undefined) this.#isInterrupted = false;
    else if (isNew) this.#isInterrupted = isTyping;
    const isText = stroke.kind === "text";
    if (front === undefined || !this.#isInterrupted || !isTyping) {
      // Whoever pressed another key may have asked for what comes.
      this.#typedAtMs = isText && front === undefined ? this.#clock.wallMs() : Number.NEGATIVE_INFINITY;
      this.#isInterrupted = false;
      return false;
    }
    if (!isText && !(stroke.kind === "chord" && stroke.chord === "enter")) return false;
    this.#typedAtMs = this.#clock.wallMs();
    return true;
  }
}
