import { type Username, skeletonOf } from "@papo/protocol";

/** Names by how they look. docs/protocol/names.md §1 */
export class LookAlikes {
  readonly #namesBySkeleton = new Map<string, Set<Username>>();

  constructor(names: Iterable<Username>) {
    for (const name of names) this.add(name);
  }

  add(name: Username): void {
    const skeleton = skeletonOf(name);
    const alike = this.#namesBySkeleton.get(skeleton);
    if (alike === undefined) this.#namesBySkeleton.set(skeleton, new Set([name]));
    else alike.add(name);
  }

  remove(name: Username): void {
    const skeleton = skeletonOf(name);
    const alike = this.#namesBySkeleton.get(skeleton);
    alike?.delete(name);
    if (alike?.size === 0) this.#namesBySkeleton.delete(skeleton);
  }

  /** The others that look like it; it need not be one of them itself. */
  of(name: Username): readonly Username[] {
    return [...(this.#namesBySkeleton.get(skeletonOf(name)) ?? [])].filter((other) => other !== name);
  }
}
