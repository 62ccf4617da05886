import { PLAIN_ROOMS_REMEMBERED_MAX, type RoomId } from "@papo/protocol";
import type { StoredRoom } from "../repositories/room-repository.ts";

/** The plain rooms in which something happened last: what fits into a seed client's one short list comes from here. */
export class PlainRooms {
  /** Most recently active last. */
  readonly #rooms = new Map<RoomId, StoredRoom>();

  touch(room: StoredRoom): void {
    if (room.kind !== "plain") return;
    this.#rooms.delete(room.id);
    this.#rooms.set(room.id, room);
    if (this.#rooms.size <= PLAIN_ROOMS_REMEMBERED_MAX) return;
    const oldest = this.#rooms.keys().next();
    if (oldest.done !== true) this.#rooms.delete(oldest.value);
  }

  remove(id: RoomId): void {
    this.#rooms.delete(id);
  }

  mostRecent(): StoredRoom[] {
    return [...this.#rooms.values()].reverse();
  }
}
