// What tests stand on instead of sockets and clocks. Production never imports it.

export type { Direction, LinkFaults } from "./memory/ether.ts";
export { MemoryLan } from "./memory/memory-lan.ts";
export { MemoryNetwork } from "./memory/memory-network.ts";
export type { Nat } from "./memory/routes.ts";
export { seededRandom } from "./memory/seeded-random.ts";
export { VirtualClock } from "./memory/virtual-clock.ts";
