import type { RoomId, RoomKind, RoomName, Username } from "@papo/protocol";
import { crc32 } from "node:zlib";
import type { StoredRoom } from "../../repositories/room-repository.ts";

/** What is read of a row of `room`. */
export type RoomRow = {
  readonly id: string;
  readonly name: string;
  readonly fold: string;
  readonly kind: RoomKind;
  readonly owner: string;
  readonly capacity: number;
  readonly created_at: string;
  readonly members: number;
};

export const ROOM_COLUMNS =
  "room.id, room.name, room.fold, room.kind, room.owner, room.capacity, room.created_at, room.members";

/** The casts are this store's boundary, as in user-rows.ts. */
export function roomOfRow(row: RoomRow): StoredRoom {
  return {
    id: row.id as RoomId,
    name: row.name as RoomName,
    fold: row.fold,
    kind: row.kind,
    owner: row.owner as Username,
    capacity: row.capacity,
    createdAt: row.created_at,
    members: row.members,
  };
}

export function rowOfRoom(room: Omit<StoredRoom, "members">): Omit<RoomRow, "members"> {
  const { id, name, fold, kind, owner, capacity, createdAt } = room;
  return { id, name, fold, kind, owner, capacity, created_at: createdAt };
}

/** As `sumOfRow` of user-rows.ts, over all but the count of members. */
export function sumOfRoom(row: Omit<RoomRow, "members">): number {
  const { id, name, fold, kind, owner, capacity, created_at } = row;
  return crc32(JSON.stringify([id, name, fold, kind, owner, capacity, created_at]));
}
