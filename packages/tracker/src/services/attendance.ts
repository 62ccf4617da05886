import { type Fault, fault } from "@papo/protocol";
import type { PeerRepository } from "../repositories/peer-repository.ts";
import type { RoomRepository } from "../repositories/room-repository.ts";
import type { User, UserRepository } from "../repositories/user-repository.ts";
import type { AccountDirectory } from "./account-directory.ts";
import type { Announcements } from "./announcements.ts";
import type { LiveRoom } from "./live-room.ts";
import type { LiveRooms } from "./live-rooms.ts";
import { type OnlineSession, hears, isSeed } from "./online-session.ts";
import type { OnlineUser, Presence } from "./presence.ts";
import type { Seats } from "./seats.ts";

type Parts = {
  readonly presence: Presence;
  readonly live: LiveRooms;
  readonly announcements: Announcements;
  readonly seats: Seats;
  readonly directory: AccountDirectory;
  readonly users: UserRepository;
  readonly rooms: RoomRepository;
  readonly peers: PeerRepository;
  readonly now: () => string;
  readonly failed: (error: unknown) => void;
};

const REPLACED = fault("replaced", "one session per device");
const IDENTITY_CHANGED = fault("identity_changed", "the account's present root");

export type Arrival = "arrived" | "closed" | "outdated";

/** Who comes and who goes, and what follows from it for rooms, seats and older sessions. */
export class Attendance {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Unless `arrived`, nothing happened: the session ended meanwhile (`closed`), or another login gave the account another root
   * than the one that this session was admitted for (`outdated`).
   */
  async arrive(session: OnlineSession, isOpen: () => boolean): Promise<Arrival> {
    const { live, rooms, users } = this.#parts;
    const memberships = await rooms.roomsOf(session.username);
    const mine = memberships.filter(({ room }) => hears(session, room.kind));
    const arrival = await live.holding(
      mine.map(({ room }) => room),
      async (held) => {
        const user = await users.find(session.username);
        // From here on nothing waits: everybody sees the change as one.
        const arrival = whatBecame(session, user, isOpen());
        if (arrival === "arrived") this.#takePlace(session, held);
        return arrival;
      },
    );
    if (arrival === "arrived") await this.#catchUp(session);
    return arrival;
  }

  /** Another device may have joined a room after the rooms of the account were read, and before this session counted as online. */
  async #catchUp(session: OnlineSession): Promise<void> {
    const { live, rooms, presence, announcements } = this.#parts;
    const known = presence.get(session.username)?.rooms;
    const memberships = await rooms.roomsOf(session.username);
    const missed = memberships.filter(({ room }) => hears(session, room.kind) && known?.has(room.id) === false);
    await live.holding(
      missed.map(({ room }) => room),
      async (held) => {
        const user = presence.get(session.username);
        for (const room of held) {
          if (user === undefined || user.rooms.has(room.room.id) || !room.seats.has(user.username)) continue;
          live.enter(room, user, user.sessions);
          announcements.changed(room, user, session);
        }
      },
    );
  }

  #takePlace(session: OnlineSession, rooms: readonly LiveRoom[]): void {
    const { live, presence, directory, seats, announcements, now } = this.#parts;
    seats.keep(session.username);
    directory.set(session.username, session.account);
    const user = presence.add(session, now());
    this.#replace(session);
    // Another device may have joined one more since the list was read: that one is among the user's own.
    for (const room of new Set([...rooms, ...user.rooms.values()])) {
      if (!room.seats.has(session.username)) continue;
      live.enter(room, user, [session]);
      announcements.changed(room, session, session);
    }
    this.#save(user, session);
  }

  /** The newest login of a device wins; a new root ends the sessions of the old one. */
  #replace(session: OnlineSession): void {
    const { sameDevice, otherRoot } = this.#parts.presence.replacedBy(session);
    for (const older of sameDevice) this.#oust(older, REPLACED);
    for (const older of otherRoot) this.#oust(older, IDENTITY_CHANGED);
  }

  #oust(older: OnlineSession, reason: Fault): void {
    const user = this.#parts.presence.remove(older);
    if (user !== undefined) this.#fallSilent(user, older);
    older.outbox.end(reason);
  }

  /** A session was lost. One that was replaced before changes nothing. True when its user went offline by it. */
  depart(session: OnlineSession): boolean {
    const user = this.#parts.presence.remove(session);
    if (user === undefined || !this.#goOffline(user, session)) return false;
    if (isSeed(session) || holdsSeedSeat(user)) this.#parts.seats.startGrace(user.username);
    return true;
  }

  /** A session ends because its user said so: its seed seats are free at once. */
  async logout(session: OnlineSession): Promise<void> {
    const user = this.#parts.presence.remove(session);
    if (user !== undefined && this.#goOffline(user, session)) await this.#parts.seats.release(user.username);
  }

  /** It did not answer a PING: offline and out of its rooms, though its session stays open. */
  async suspend(session: OnlineSession): Promise<void> {
    const user = this.#parts.presence.suspend(session);
    if (user !== undefined && this.#goOffline(user, session)) await this.#parts.seats.release(user.username);
  }

  /** A suspended session speaks again. */
  async resume(session: OnlineSession, isOpen: () => boolean): Promise<boolean> {
    return this.#parts.presence.isSuspended(session) && (await this.arrive(session, isOpen)) === "arrived";
  }

  /** It answered a PING. */
  answered(session: OnlineSession): void {
    const user = this.#parts.presence.get(session.username);
    if (user === undefined) return;
    user.lastPing = this.#parts.now();
    this.#save(user, session);
  }

  /** It can be dialled elsewhere from now on: its rooms hear of it. */
  moved(session: OnlineSession): void {
    const { presence, announcements } = this.#parts;
    const user = presence.get(session.username);
    if (user === undefined || !presence.isOnline(session)) return;
    for (const room of user.rooms.values()) announcements.changed(room, { ...user, unseen: true });
  }

  /** False when the user is still online with another device. */
  #goOffline(user: OnlineUser, session: OnlineSession): boolean {
    this.#fallSilent(user, session);
    if (user.sessions.length > 0) return false;
    this.#save(user, session);
    return true;
  }

  #fallSilent(user: OnlineUser, session: OnlineSession): void {
    const { live, announcements } = this.#parts;
    for (const room of user.rooms.values()) {
      live.quiet(room, session);
      announcements.changed(room, user);
    }
  }

  #save({ username, lastPing, sessions }: OnlineUser, { address, port }: OnlineSession): void {
    const connected = sessions.length > 0;
    this.#parts.peers.save({ username, address, port, lastPing, connected }).catch(this.#parts.failed);
  }
}

/** Also for a Papo session: its account may have been a seed one when it sat down. */
function holdsSeedSeat(user: OnlineUser): boolean {
  return [...user.rooms.values()].some((live) => live.seats.get(user.username)?.kind === "seed");
}

function whatBecame(session: OnlineSession, user: User | undefined, isOpen: boolean): Arrival {
  if (!isOpen) return "closed";
  const root = user?.identity?.account ?? null;
  const isLatched = root !== null && user?.unlatched !== true;
  return session.account === root && !(isSeed(session) && isLatched) ? "arrived" : "outdated";
}
