import { addressGroup, isLoopback } from "./address-group.ts";

/** How many of something come from each address, up to a limit that loopback does not have. An IPv6 /64 is one address. */
export class AddressCounts {
  readonly #max: number;
  readonly #countByGroup = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  hasRoomFor(address: string): boolean {
    return isLoopback(address) || (this.#countByGroup.get(addressGroup(address)) ?? 0) < this.#max;
  }

  add(address: string): void {
    const group = addressGroup(address);
    this.#countByGroup.set(group, (this.#countByGroup.get(group) ?? 0) + 1);
  }

  /** False when there was none. */
  remove(address: string): boolean {
    const group = addressGroup(address);
    const count = this.#countByGroup.get(group) ?? 0;
    if (count > 1) this.#countByGroup.set(group, count - 1);
    else this.#countByGroup.delete(group);
    return count > 0;
  }
}
