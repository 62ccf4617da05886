import { INPUT_AHEAD_CHARS_MAX } from "@papo/protocol";
import type { Panel } from "@papo/view-model";
import type { Stroke } from "../input/stroke.ts";

type Typed = Extract<Stroke, { kind: "text" | "chord" }>;

/**
 * What is typed while an account is being opened is meant for the conversation that will be in front. Text alone, and what takes it back: nothing is sent to where
 * nobody has looked yet.
 */
export class TypedAhead {
  #kept: readonly Typed[] = [];

  /** Whether it was kept. `front`: the panel that is seen. */
  keep(stroke: Stroke, front: Panel | undefined): boolean {
    if (!isWaiting(front) || !isTyped(stroke)) return false;
    if (lengthOf([...this.#kept, stroke]) <= INPUT_AHEAD_CHARS_MAX) this.#kept = [...this.#kept, stroke];
    return true;
  }

  /** What is due now that somebody is here. Where something else is asked, it was not meant for that, and is gone. */
  release(front: Panel | undefined): readonly Typed[] {
    const kept = this.#kept;
    if (kept.length === 0 || front?.kind === "text") return [];
    this.#kept = [];
    return front === undefined ? kept : [];
  }
}

function isTyped(stroke: Stroke): stroke is Typed {
  return stroke.kind === "text" || (stroke.kind === "chord" && stroke.chord === "backspace");
}

/** Nobody knows yet what will be asked, if anything. */
function isWaiting(front: Panel | undefined): boolean {
  return front === undefined || (front.kind === "text" && front.dismiss === undefined);
}

function lengthOf(strokes: readonly Typed[]): number {
  return strokes.reduce((sum, stroke) => sum + (stroke.kind === "text" ? stroke.text.length : 1), 0);
}
