import type { Username } from "@papo/protocol";
import { compareText } from "../repositories/name-order.ts";

/** Names in code point order, found and paged without sorting anew. */
export class SortedNames {
  readonly #names: Username[];

  constructor(names: Iterable<Username> = []) {
    this.#names = [...names].sort(compareText);
  }

  add(name: Username): void {
    const at = this.#lowerBound(name);
    if (this.#names[at] !== name) this.#names.splice(at, 0, name);
  }

  remove(name: Username): void {
    const at = this.#lowerBound(name);
    if (this.#names[at] === name) this.#names.splice(at, 1);
  }

  clear(): void {
    this.#names.length = 0;
  }

  *after(name: Username | undefined): Generator<Username> {
    let at = name === undefined ? 0 : this.#lowerBound(name);
    if (this.#names[at] === name) at += 1;
    for (let next = this.#names[at]; next !== undefined; next = this.#names[at]) {
      yield next;
      at += 1;
    }
  }

  /** The first place whose name is not less than `name`. */
  #lowerBound(name: Username): number {
    let low = 0;
    let high = this.#names.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#names[middle];
      if (candidate !== undefined && compareText(candidate, name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
