import type { Username } from "@papo/protocol";

const NOTHING: ReadonlySet<never> = new Set<never>();

/** What belongs to whom: finds everything of one name without looking at anybody else's. */
export class ByName<T> {
  readonly #setByName = new Map<Username, Set<T>>();

  add(name: Username, thing: T): void {
    const things = this.#setByName.get(name);
    if (things === undefined) this.#setByName.set(name, new Set([thing]));
    else things.add(thing);
  }

  delete(name: Username, thing: T): void {
    const things = this.#setByName.get(name);
    if (things?.delete(thing) && things.size === 0) this.#setByName.delete(name);
  }

  of(name: Username): ReadonlySet<T> {
    return this.#setByName.get(name) ?? NOTHING;
  }
}
