import type { DatabaseSync } from "node:sqlite";
import type { ImportedRecords, ImportedRoom, ImportResult } from "../../repositories/imported-records.ts";
import { absorb } from "../absorb.ts";
import type { Tables } from "../tables.ts";
import { SqlitePeers } from "./sqlite-peers.ts";
import { type RoomLimits, SqliteRooms } from "./sqlite-rooms.ts";
import { SqliteUsers } from "./sqlite-users.ts";

/** All tables over one connection. On a read-only one the writing methods fail. */
export class SqliteTables implements Tables {
  readonly #db: DatabaseSync;
  readonly users: SqliteUsers;
  readonly rooms: SqliteRooms;
  readonly peers: SqlitePeers;

  constructor(db: DatabaseSync, limits: RoomLimits) {
    this.#db = db;
    this.users = new SqliteUsers(db);
    this.rooms = new SqliteRooms(db, limits);
    this.peers = new SqlitePeers(db);
  }

  absorb(records: ImportedRecords): ImportResult {
    return absorb(this, records);
  }

  /** Writing the version that the file has is a change to SQLite, and none to us. */
  touch(): void {
    const version = Number(this.#db.prepare("PRAGMA user_version").get()?.["user_version"]);
    this.#db.exec(`PRAGMA user_version = ${version}`);
  }

  /** A room that is not here yet, with its members. */
  seatAll({ room, others }: ImportedRoom): void {
    this.rooms.insert(room);
    for (const username of [room.owner, ...others]) this.rooms.seat(room, username, "seed");
  }
}
