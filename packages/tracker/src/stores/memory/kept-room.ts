import type { Username } from "@papo/protocol";
import type { Seat, StoredRoom } from "../../repositories/room-repository.ts";

/** A seat with its place in the order of all joins, which is the order of `roomsOf`. */
export type OrderedSeat = Seat & { readonly order: number };

/** A room as it is kept: who sits in it, and the number that the next to join gets. */
export type KeptRoom = {
  room: Omit<StoredRoom, "members">;
  readonly seats: Map<Username, OrderedSeat>;
  nextSeat: number;
};

/** One place is the owner's, sitting in it or not. */
export function isFull({ room, seats }: KeptRoom): boolean {
  const others = seats.size - (seats.has(room.owner) ? 1 : 0);
  return others >= room.capacity - 1;
}

export function viewOf({ room, seats }: KeptRoom): StoredRoom {
  return { ...room, members: seats.size };
}

export function plainSeat({ username, seat, kind }: Seat): Seat {
  return { username, seat, kind };
}
