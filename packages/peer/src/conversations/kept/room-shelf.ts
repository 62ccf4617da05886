import { type Outcome, type RoomId, fail, succeed } from "@papo/protocol";
import type { StoredRoom } from "../../storage/history/history.ts";
import type { KeptPorts } from "./kept-ports.ts";
import { KeptRoom, type KeptRoomNews } from "./kept-room.ts";

/** All rooms of which something is kept, also those that were left, closed or lost: they can be read until they are forgotten. */
export class RoomShelf {
  readonly #ports: KeptPorts;
  readonly #news: KeptRoomNews;
  readonly #roomById = new Map<RoomId, KeptRoom>();

  constructor(ports: KeptPorts, news: KeptRoomNews) {
    this.#ports = ports;
    this.#news = news;
  }

  /** What the last run left. */
  load(): void {
    for (const stored of this.#ports.history.rooms()) this.#put(stored);
  }

  all(): readonly KeptRoom[] {
    return [...this.#roomById.values()];
  }

  get(id: RoomId): KeptRoom | undefined {
    return this.#roomById.get(id);
  }

  /** The room, or why not. */
  find(id: RoomId): Outcome<KeptRoom> {
    const room = this.#roomById.get(id);
    return room === undefined ? fail("room_missing", "room: expected one that is kept here") : succeed(room);
  }

  /** Keeps it from here on, or anew in that state. Durable when it resolves. */
  async keep(stored: StoredRoom): Promise<Outcome<KeptRoom>> {
    const known = this.#roomById.get(stored.id);
    const room: StoredRoom = known === undefined ? stored : { ...known.stored, state: stored.state };
    const committed = await this.#ports.history.commit([{ kind: "put-room", room }]);
    if (!committed.ok) return committed;
    const now = this.#roomById.get(stored.id);
    now?.keep(room);
    return succeed(now ?? this.#put(room));
  }

  /** In memory alone, until more is known of it than that somebody says that it is ours. */
  lay(stored: StoredRoom): KeptRoom {
    return this.#roomById.get(stored.id) ?? this.#put(stored);
  }

  #put(stored: StoredRoom): KeptRoom {
    const room = new KeptRoom(stored, this.#ports, this.#news);
    this.#roomById.set(room.id, room);
    this.#ports.spread.roomOpened(room.id);
    return room;
  }

  /** Everything of it goes from this device. */
  async forget(id: RoomId): Promise<Outcome<RoomId>> {
    const forgotten = await this.#ports.history.commit([
      { kind: "forget-room", id },
      { kind: "put-setting", name: invitesSetting(id), value: null },
    ]);
    if (!forgotten.ok) return forgotten;
    this.#roomById.get(id)?.stop();
    this.#roomById.delete(id);
    this.#ports.spread.roomClosed(id);
    this.#ports.replicas.close(id);
    return succeed(id);
  }

  stop(): void {
    for (const room of this.#roomById.values()) room.stop();
  }
}

/** Where the invites to a room are kept. */
export function invitesSetting(room: RoomId): string {
  return `invites/${room}`;
}
