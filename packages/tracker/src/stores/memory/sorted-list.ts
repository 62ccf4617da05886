/** Items in order, each once by its order: found, paged and removed by binary search. */
export class SortedList<Item> {
  readonly #items: Item[] = [];
  readonly #compare: (left: Item, right: Item) => number;

  constructor(compare: (left: Item, right: Item) => number) {
    this.#compare = compare;
  }

  add(item: Item): void {
    this.#items.splice(this.#firstNotBelow(item), 0, item);
  }

  remove(item: Item): void {
    const at = this.#firstNotBelow(item);
    const found = this.#items[at];
    if (found !== undefined && this.#compare(found, item) === 0) this.#items.splice(at, 1);
  }

  /** In order, from the first item above `cursor`. */
  *after(cursor: Item | undefined): Generator<Item, void> {
    let at = cursor === undefined ? 0 : this.#firstAbove(cursor);
    for (let item = this.#items[at]; item !== undefined; item = this.#items[++at]) yield item;
  }

  page(cursor: Item | undefined, limit: number): Item[] {
    const at = cursor === undefined ? 0 : this.#firstAbove(cursor);
    return this.#items.slice(at, at + limit);
  }

  #firstAbove(cursor: Item): number {
    const at = this.#firstNotBelow(cursor);
    const found = this.#items[at];
    return found !== undefined && this.#compare(found, cursor) === 0 ? at + 1 : at;
  }

  #firstNotBelow(item: Item): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#items[middle];
      if (found !== undefined && this.#compare(found, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
