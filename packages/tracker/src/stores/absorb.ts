import type { ImportedRecords, ImportedRoom, ImportResult } from "../repositories/imported-records.ts";
import type { User } from "../repositories/user-repository.ts";
import type { PeerTable, RoomTable, UserTable } from "./tables.ts";

/** Tables that take in records whatever the limits. */
type Taking = {
  readonly users: UserTable & { insert(user: User): void };
  readonly rooms: RoomTable;
  readonly peers: PeerTable;
  seatAll(room: ImportedRoom): void;
};

/** Takes in what is new; what exists under that very name stays as it is. */
export function absorb(tables: Taking, records: ImportedRecords): ImportResult {
  const users = partition(records.users, ({ username }) => tables.users.find(username) !== undefined);
  const rooms = partition(records.rooms, ({ room }) => tables.rooms.find({ name: room.name }) !== undefined);
  for (const user of users.fresh) tables.users.insert(user);
  for (const room of rooms.fresh) tables.seatAll(room);
  for (const peer of records.peers) if (tables.peers.find(peer.username) === undefined) tables.peers.save(peer);
  return {
    users: { added: users.fresh.length, kept: users.known.map(({ username }) => username) },
    rooms: { added: rooms.fresh.length, kept: rooms.known.map(({ room }) => room.name) },
  };
}

/** Parts what is new from what is known already; both keep their order. */
function partition<T>(
  items: readonly T[],
  isKnown: (item: T) => boolean,
): { readonly fresh: T[]; readonly known: T[] } {
  const parts = { fresh: new Array<T>(), known: new Array<T>() };
  for (const item of items) (isKnown(item) ? parts.known : parts.fresh).push(item);
  return parts;
}
