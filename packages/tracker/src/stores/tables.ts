import type { ImportedRecords, ImportResult } from "../repositories/imported-records.ts";
import type { PeerRepository } from "../repositories/peer-repository.ts";
import type { RoomRepository } from "../repositories/room-repository.ts";
import type { UserRepository } from "../repositories/user-repository.ts";

/** A repository whose methods answer at once: what a store is inside, where one thread owns the data. */
type AtOnce<R> = {
  [M in keyof R]: R[M] extends (...args: infer A) => Promise<infer T> ? (...args: A) => T : never;
};

export type UserTable = AtOnce<UserRepository>;
export type RoomTable = AtOnce<RoomRepository>;
export type PeerTable = AtOnce<PeerRepository>;

/** All that one store holds. Each method is one atomic step. */
export interface Tables {
  readonly users: UserTable;
  readonly rooms: RoomTable;
  readonly peers: PeerTable;
  absorb(records: ImportedRecords): ImportResult;
  /** Writes something that changes nothing, where there is a disk to write to. */
  touch(): void;
}

/** One step, as a value that can travel to another thread: all that change something, and the one read that may take long. */
export type TableCall =
  | CallOf<"users", UserTable, "create" | "setPassword" | "enter" | "unlatch">
  | CallOf<
      "rooms",
      RoomTable,
      "create" | "join" | "admit" | "leave" | "remove" | "transfer" | "delete" | "releaseSeedSeats" | "list"
    >
  | CallOf<"peers", PeerTable, "save" | "disconnectAll">
  | { readonly table: "all"; readonly method: "absorb"; readonly args: readonly [ImportedRecords] }
  | { readonly table: "all"; readonly method: "touch"; readonly args: readonly [] };

type CallOf<Name extends string, Table, Methods extends keyof Table> = {
  [M in Methods]: Table[M] extends (...args: infer A) => unknown
    ? { readonly table: Name; readonly method: M; readonly args: A }
    : never;
}[Methods];

/** Performs one step on the tables. What it answers is the method's own answer. */
export function perform(tables: Tables, call: TableCall): unknown {
  switch (call.table) {
    case "users":
      return onUsers(tables.users, call);
    case "rooms":
      return onRooms(tables.rooms, call);
    case "peers":
      return call.method === "save" ? tables.peers.save(...call.args) : tables.peers.disconnectAll();
    case "all":
      return call.method === "absorb" ? tables.absorb(...call.args) : tables.touch();
  }
}

function onUsers(users: UserTable, call: TableCall & { readonly table: "users" }): unknown {
  switch (call.method) {
    case "create":
      return users.create(...call.args);
    case "setPassword":
      return users.setPassword(...call.args);
    case "enter":
      return users.enter(...call.args);
    case "unlatch":
      return users.unlatch(...call.args);
  }
}

function onRooms(rooms: RoomTable, call: TableCall & { readonly table: "rooms" }): unknown {
  switch (call.method) {
    case "create":
      return rooms.create(...call.args);
    case "join":
      return rooms.join(...call.args);
    case "admit":
      return rooms.admit(...call.args);
    case "leave":
      return rooms.leave(...call.args);
    case "remove":
      return rooms.remove(...call.args);
    case "transfer":
      return rooms.transfer(...call.args);
    case "delete":
      return rooms.delete(...call.args);
    case "releaseSeedSeats":
      return rooms.releaseSeedSeats(...call.args);
    case "list":
      return rooms.list(...call.args);
  }
}
