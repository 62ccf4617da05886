import type { ImportedRecords, ImportedRoom, ImportResult } from "../../repositories/imported-records.ts";
import { partition } from "../partition.ts";
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
    const users = partition(records.users, ({ username }) => this.users.find(username) !== undefined);
    const rooms = partition(records.rooms, ({ room }) => this.rooms.find({ name: room.name }) !== undefined);
    for (const user of users.fresh) this.users.insert(user);
    for (const room of rooms.fresh) this.#absorbRoom(room);
    for (const peer of records.peers) if (this.peers.find(peer.username) === undefined) this.peers.save(peer);
    return {
      users: { added: users.fresh.length, kept: users.known.map(({ username }) => username) },
      rooms: { added: rooms.fresh.length, kept: rooms.known.map(({ room }) => room.name) },
    };
  }

  #absorbRoom({ room, others }: ImportedRoom): void {
    const members = [room.owner, ...others];
    this.rooms.insert(room, members.length);
    members.forEach((username, seat) => this.rooms.seat(room.id, { username, seat, kind: "seed" }));
  }
}
