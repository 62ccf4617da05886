import type { MemoryListener } from "./memory-listener.ts";

/** One machine in memory. Its first address is its name. */
export class MemoryHost {
  addresses: readonly string[];
  readonly listenerByPort = new Map<number, MemoryListener>();

  constructor(address: string) {
    this.addresses = [address];
  }

  get name(): string {
    return this.addresses[0] ?? "";
  }
}
