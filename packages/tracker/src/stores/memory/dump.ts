import type { StoredRoom } from "../../repositories/room-repository.ts";
import type { StoredPeer } from "../../repositories/peer-repository.ts";
import type { User } from "../../repositories/user-repository.ts";
import type { OrderedSeat } from "./kept-room.ts";
import { MemoryTables } from "./memory-tables.ts";

type DumpedRoom = {
  readonly room: Omit<StoredRoom, "members">;
  readonly nextSeat: number;
  readonly seats: readonly OrderedSeat[];
};

/** All of the tables as plain data. Later changes to the tables do not reach it. */
export type Dump = {
  readonly users: readonly User[];
  readonly rooms: readonly DumpedRoom[];
  readonly peers: readonly StoredPeer[];
};

export function dumpOf(tables: MemoryTables): Dump {
  return {
    users: [...tables.users.all()],
    rooms: Array.from(tables.rooms.all(), ({ room, nextSeat, seats }) => ({
      room,
      nextSeat,
      seats: [...seats.values()].sort((left, right) => left.seat - right.seat),
    })),
    peers: [...tables.peers.all()],
  };
}

export function tablesOf({ users, rooms, peers }: Dump): MemoryTables {
  const tables = new MemoryTables();
  for (const user of users) tables.users.insert(user);
  for (const { room, nextSeat } of rooms) tables.rooms.insert(room, nextSeat);
  const joins = rooms.flatMap(({ room, seats }) => seats.map((seat) => ({ id: room.id, seat })));
  for (const { id, seat } of joins.sort((left, right) => left.seat.order - right.seat.order)) {
    tables.rooms.seat(id, seat);
  }
  for (const peer of peers) tables.peers.save(peer);
  return tables;
}
