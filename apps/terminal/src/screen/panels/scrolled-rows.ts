import type { Stroke } from "../../input/stroke.ts";
import type { Row } from "../../render/frame.ts";

/** Rows of a notch of the mouse's wheel. */
const WHEEL_ROWS = 3;

/** Rows of which some are shown at a time. */
export class ScrolledRows {
  #from = 0;
  #count = 0;
  #height = 1;

  get isAtEnd(): boolean {
    return this.#from + this.#height >= this.#count;
  }

  shown(rows: readonly Row[], height: number): readonly Row[] {
    this.#count = rows.length;
    this.#height = height;
    this.#move(0);
    return rows.slice(this.#from, this.#from + height);
  }

  /** Whether it was one of its keys. */
  take(stroke: Stroke): boolean {
    if (stroke.kind === "mouse") {
      if (stroke.button === "wheel-up") this.#move(-WHEEL_ROWS);
      else if (stroke.button === "wheel-down") this.#move(WHEEL_ROWS);
      return true;
    }
    const by = stroke.kind === "chord" ? this.#stepOf(stroke.chord) : undefined;
    if (by !== undefined) this.#move(by);
    return by !== undefined;
  }

  #stepOf(chord: string): number | undefined {
    const page = Math.max(1, this.#height - 1);
    switch (chord) {
      case "up":
        return -1;
      case "down":
        return 1;
      case "page-up":
        return -page;
      case "page-down":
        return page;
      case "home":
        return -this.#count;
      case "end":
        return this.#count;
      default:
        return undefined;
    }
  }

  #move(by: number): void {
    this.#from = Math.max(0, Math.min(this.#from + by, this.#count - this.#height));
  }
}
