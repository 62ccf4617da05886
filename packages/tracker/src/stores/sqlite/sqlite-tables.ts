import type { DatabaseSync } from "node:sqlite";
import type { ImportedRecords, ImportedRoom, ImportResult } from "../../repositories/imported-records.ts";
import { partition } from "../partition.ts";
import type { Tables } from "../tables.ts";
import { SqlitePeers } from "./sqlite-peers.ts";
import { type RoomLimits, SqliteRooms } from "./sqlite-rooms.ts";
import { SqliteUsers } from "./sqlite-users.ts";

/** All tables over one connection. On a read-only one the writing methods fail. */
export class SqliteTables implements Tables {
  readonly users: SqliteUsers;
  readonly rooms: SqliteRooms;
  readonly peers: SqlitePeers;

  constructor(db: DatabaseSync, limits: RoomLimits) {
    this.users = new SqliteUsers(db);
    this.rooms = new SqliteRooms(db, limits);
    this.peers = new SqlitePeers(db);
  }

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
    this.rooms.insert(room);
    for (const username of [room.owner, ...others]) this.rooms.seat(room, username, "seed");
  }
}
