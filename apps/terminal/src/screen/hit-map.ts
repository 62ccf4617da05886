import type { Area } from "../render/area.ts";

/** What stands where on the screen, for the mouse: whoever draws a frame says so. */
export class HitMap<Target> {
  readonly #regions: { readonly area: Area; readonly target: Target }[] = [];

  /** What is added later is in front. */
  add(area: Area, target: Target): void {
    this.#regions.push({ area, target });
  }

  /** Cells from 0. Undefined: nothing that a mouse can do anything with. */
  at(row: number, column: number): Target | undefined {
    const isHere = ({ area }: { readonly area: Area }) =>
      row >= area.row && row < area.row + area.rows && column >= area.column && column < area.column + area.columns;
    return this.#regions.findLast(isHere)?.target;
  }
}
