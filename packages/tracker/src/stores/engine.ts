import type { ImportResult } from "../repositories/imported-records.ts";
import type { PeerRepository } from "../repositories/peer-repository.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type {
  AdmitResult,
  JoinResult,
  RemoveResult,
  RoomPage,
  RoomRepository,
  StoredRoom,
  TransferResult,
} from "../repositories/room-repository.ts";
import type { UserRepository } from "../repositories/user-repository.ts";
import type { RoomId } from "@papo/protocol";
import type { Tables, TableCall } from "./tables.ts";

/** What differs between stores: how a step becomes durable, and where one reads. */
export interface Engine {
  /** Performs the step and resolves with its answer when it is durable; rejects with a `StoreFailure` when it did not happen. */
  write(call: TableCall): Promise<unknown>;
  /** Reads what is committed. */
  read<T>(ask: (tables: Tables) => T): Promise<T>;
  /** A listing that has to look at every room: off the main loop where there is one to block, and never many in front of a write. */
  search(page: RoomPage): Promise<readonly StoredRoom[]>;
  /** Rejects when a write would fail now, as far as that can be known cheaply. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The repositories of any engine. The casts here are the one place where an answer gets its call's type back. */
export function repositoriesOver(engine: Engine): Repositories {
  return {
    users: usersOver(engine),
    rooms: roomsOver(engine),
    peers: peersOver(engine),
    absorb: async (records) =>
      (await engine.write({ table: "all", method: "absorb", args: [records] })) as ImportResult,
    check: () => engine.check(),
    close: () => engine.close(),
  };
}

function usersOver(engine: Engine): UserRepository {
  return {
    create: async (...args) => (await engine.write({ table: "users", method: "create", args })) as "created" | "taken",
    setPassword: async (...args) => {
      await engine.write({ table: "users", method: "setPassword", args });
    },
    enter: async (...args) =>
      (await engine.write({ table: "users", method: "enter", args })) as "entered" | "conflict" | "copied",
    unlatch: async (...args) =>
      (await engine.write({ table: "users", method: "unlatch", args })) as "unlatched" | "stale" | "conflict",
    find: (username) => engine.read((tables) => tables.users.find(username)),
    count: () => engine.read((tables) => tables.users.count()),
    page: (...args) => engine.read((tables) => tables.users.page(...args)),
  };
}

function roomsOver(engine: Engine): RoomRepository {
  return {
    create: async (...args) =>
      (await engine.write({ table: "rooms", method: "create", args })) as "created" | "exists" | "limit",
    join: async (...args) => (await engine.write({ table: "rooms", method: "join", args })) as JoinResult,
    admit: async (...args) => (await engine.write({ table: "rooms", method: "admit", args })) as AdmitResult,
    leave: async (...args) =>
      (await engine.write({ table: "rooms", method: "leave", args })) as "left" | "not_member" | "missing",
    remove: async (...args) => (await engine.write({ table: "rooms", method: "remove", args })) as RemoveResult,
    transfer: async (...args) => (await engine.write({ table: "rooms", method: "transfer", args })) as TransferResult,
    delete: async (...args) =>
      (await engine.write({ table: "rooms", method: "delete", args })) as "deleted" | "not_owner" | "missing",
    releaseSeedSeats: async (...args) =>
      (await engine.write({ table: "rooms", method: "releaseSeedSeats", args })) as readonly RoomId[],
    find: (by) => engine.read((tables) => tables.rooms.find(by)),
    members: (...args) => engine.read((tables) => tables.rooms.members(...args)),
    membersByName: (...args) => engine.read((tables) => tables.rooms.membersByName(...args)),
    seatOf: (...args) => engine.read((tables) => tables.rooms.seatOf(...args)),
    list: (page) => (page.query === undefined ? engine.read((tables) => tables.rooms.list(page)) : engine.search(page)),
    roomsOf: (username) => engine.read((tables) => tables.rooms.roomsOf(username)),
  };
}

function peersOver(engine: Engine): PeerRepository {
  return {
    save: async (...args) => {
      await engine.write({ table: "peers", method: "save", args });
    },
    disconnectAll: async () => {
      await engine.write({ table: "peers", method: "disconnectAll", args: [] });
    },
    find: (username) => engine.read((tables) => tables.peers.find(username)),
    page: (...args) => engine.read((tables) => tables.peers.page(...args)),
  };
}
