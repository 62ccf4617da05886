import type { RoomId, Username } from "@papo/protocol";
import type { Seat, RoomRepository, StoredRoom } from "../repositories/room-repository.ts";
import type { Announcements } from "./announcements.ts";
import { KeyedQueue } from "./keyed-queue.ts";
import { LiveRoom } from "./live-room.ts";
import { type OnlineSession, hears } from "./online-session.ts";
import type { OnlineUser, Presence } from "./presence.ts";

const SEATS_READ_AT_ONCE = 250;

/** The rooms with somebody online, in memory. Whatever changes who sits in a room runs alone for that room. */
export class LiveRooms {
  readonly #repository: RoomRepository;
  readonly #announcements: Announcements;
  readonly #presence: Presence;
  readonly #rooms = new Map<RoomId, LiveRoom>();
  readonly #turns = new KeyedQueue<RoomId>();

  constructor(options: {
    readonly repository: RoomRepository;
    readonly announcements: Announcements;
    readonly presence: Presence;
  }) {
    this.#repository = options.repository;
    this.#announcements = options.announcements;
    this.#presence = options.presence;
  }

  get count(): number {
    return this.#rooms.size;
  }

  get(id: RoomId): LiveRoom | undefined {
    return this.#rooms.get(id);
  }

  /** One after another for each room, so that memory and store never tell different stories. */
  alone<T>(id: RoomId, task: () => Promise<T>): Promise<T> {
    return this.#turns.run(id, task);
  }

  /** Keeps the room in memory until `release`. Call it alone for the room. */
  async hold(room: StoredRoom): Promise<LiveRoom> {
    const known = this.#rooms.get(room.id);
    const live = known ?? new LiveRoom(room, await this.seatsOf(room.id), this.#announcements.nextVersion());
    if (known === undefined) this.#rooms.set(room.id, live);
    live.holds += 1;
    return live;
  }

  release(live: LiveRoom): void {
    live.holds -= 1;
    this.#dropIfIdle(live);
  }

  /** Keeps all of them in memory while `task` runs, and no longer, whatever fails. */
  async holding<T>(rooms: readonly StoredRoom[], task: (held: readonly LiveRoom[]) => Promise<T>): Promise<T> {
    const attempts = await Promise.allSettled(rooms.map((room) => this.alone(room.id, () => this.hold(room))));
    const held = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    try {
      for (const attempt of attempts) if (attempt.status === "rejected") throw attempt.reason;
      return await task(held);
    } finally {
      for (const live of held) this.release(live);
    }
  }

  async seatsOf(id: RoomId): Promise<Seat[]> {
    const seats: Seat[] = [];
    for (;;) {
      const page = await this.#repository.members(id, seats.at(-1)?.seat, SEATS_READ_AT_ONCE);
      seats.push(...page);
      if (page.length < SEATS_READ_AT_ONCE) return seats;
    }
  }

  /** The sessions of a user begin to hear about a room of theirs. */
  enter(live: LiveRoom, user: OnlineUser, sessions: readonly OnlineSession[]): void {
    live.online.add(user.username);
    user.rooms.set(live.room.id, live);
    for (const session of sessions.filter((each) => hears(each, live.room.kind))) {
      const listener = { known: live.version, pushedAtMs: Number.NEGATIVE_INFINITY, timer: undefined };
      live.listenersLike(session).set(session, listener);
    }
  }

  /** One session stops hearing. The user stays online there while another session is. */
  quiet(live: LiveRoom, session: OnlineSession): void {
    const listeners = live.listenersLike(session);
    listeners.get(session)?.timer?.cancel();
    listeners.delete(session);
    const { username } = session;
    const isHeard = this.#presence.sessionsOf(username).some((other) => hears(other, live.room.kind));
    if (!isHeard) live.online.delete(username);
    this.#dropIfIdle(live);
  }

  /** The user is a member no more. */
  exit(live: LiveRoom, username: Username): void {
    live.rise(username);
    this.#presence.get(username)?.rooms.delete(live.room.id);
    live.online.delete(username);
    for (const session of this.#presence.sessionsOf(username)) {
      live.listenersLike(session).get(session)?.timer?.cancel();
      live.listenersLike(session).delete(session);
    }
    this.#dropIfIdle(live);
  }

  /** The room is no more. */
  end(live: LiveRoom): void {
    for (const username of live.seats.keys()) this.#presence.get(username)?.rooms.delete(live.room.id);
    live.empty();
    this.#announcements.forget(live);
    this.#rooms.delete(live.room.id);
  }

  #dropIfIdle(live: LiveRoom): void {
    if (!live.isIdle || this.#rooms.get(live.room.id) !== live) return;
    this.#announcements.forget(live);
    this.#rooms.delete(live.room.id);
  }
}
