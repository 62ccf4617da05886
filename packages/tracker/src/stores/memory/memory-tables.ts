import type { ImportedRecords, ImportedRoom, ImportResult } from "../../repositories/imported-records.ts";
import { absorb } from "../absorb.ts";
import type { Tables } from "../tables.ts";
import { MemoryPeers } from "./memory-peers.ts";
import { MemoryRooms } from "./memory-rooms.ts";
import { MemoryUsers } from "./memory-users.ts";

/** Everything in plain maps: the whole of the memory store, the working copy of the json store, the model of the others. */
export class MemoryTables implements Tables {
  readonly users = new MemoryUsers();
  readonly rooms = new MemoryRooms();
  readonly peers = new MemoryPeers();

  absorb(records: ImportedRecords): ImportResult {
    return absorb(this, records);
  }

  touch(): void {}

  /** A room that is not here yet, with its members. */
  seatAll({ room, others }: ImportedRoom): void {
    const members = [room.owner, ...others];
    this.rooms.insert(room, members.length);
    members.forEach((username, seat) => this.rooms.seat(room.id, { username, seat, kind: "seed" }));
  }
}
