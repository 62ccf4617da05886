import type { ImportedRecords, ImportedRoom, ImportResult } from "../../repositories/imported-records.ts";
import type { Tables } from "../tables.ts";
import { MemoryPeers } from "./memory-peers.ts";
import { MemoryRooms } from "./memory-rooms.ts";
import { MemoryUsers } from "./memory-users.ts";

/** Everything in plain maps: the whole of the memory store, the working copy of the json store, the model of the others. */
export class MemoryTables implements Tables {
  readonly users = new MemoryUsers();
  readonly rooms = new MemoryRooms();
  readonly peers = new MemoryPeers();

  absorb({ users, rooms, peers }: ImportedRecords): ImportResult {
    const result = {
      users: partition(users, (user) => this.users.find(user.username) !== undefined),
      rooms: partition(rooms, ({ room }) => this.rooms.find({ name: room.name }) !== undefined),
    };
    for (const user of result.users.fresh) this.users.insert(user);
    for (const room of result.rooms.fresh) this.#absorbRoom(room);
    for (const peer of peers) if (this.peers.find(peer.username) === undefined) this.peers.save(peer);
    return {
      users: { added: result.users.fresh.length, kept: result.users.known.map((user) => user.username) },
      rooms: { added: result.rooms.fresh.length, kept: result.rooms.known.map(({ room }) => room.name) },
    };
  }

  #absorbRoom({ room, others }: ImportedRoom): void {
    const members = [room.owner, ...others];
    this.rooms.insert(room, members.length);
    members.forEach((username, seat) => this.rooms.seat(room.id, { username, seat, kind: "seed" }));
  }
}

function partition<T>(
  items: readonly T[],
  isKnown: (item: T) => boolean,
): { readonly fresh: T[]; readonly known: T[] } {
  const parts = { fresh: new Array<T>(), known: new Array<T>() };
  for (const item of items) (isKnown(item) ? parts.known : parts.fresh).push(item);
  return parts;
}
