import { accountsRoomsPeers } from "./0001-accounts-rooms-peers.ts";
import { startsAndLatch } from "./0002-starts-and-latch.ts";

/** Every schema change ever released, in order; `user_version` counts those that a file has. Only ever append. */
export const MIGRATIONS: readonly string[] = [accountsRoomsPeers, startsAndLatch];
