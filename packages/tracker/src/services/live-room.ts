import { SEED_ROOM_PLACES, type Username } from "@papo/protocol";
import type { Timer } from "@papo/link";
import type { Seat, StoredRoom } from "../repositories/room-repository.ts";
import { Admissions } from "./admissions.ts";
import { type OnlineSession, isSeed } from "./online-session.ts";
import { SortedNames } from "./sorted-names.ts";

/** How far one session has been told about a room. */
export type Listener = { known: number; pushedAtMs: number; timer: Timer | undefined };

/** What is known of one member's last change, until everybody has been told. */
export type MemberChange = {
  readonly version: number;
  readonly account: OnlineSession["account"];
  readonly gone: boolean;
};

/**
 * A room that somebody online is a member of: its members and their sessions, in memory, so that a change
 * costs each member one write and no query.
 */
export class LiveRoom {
  readonly #seats: Map<Username, Seat>;
  #room: StoredRoom;
  /** Every member by seat, online or not. */
  readonly seats: ReadonlyMap<Username, Seat>;
  /** The same members in the order of pages. */
  readonly names: SortedNames;
  readonly online = new Set<Username>();
  readonly papoListeners = new Map<OnlineSession, Listener>();
  readonly seedListeners = new Map<OnlineSession, Listener>();
  /** Not yet told, the latest change last. */
  readonly changes = new Map<Username, MemberChange>();
  /** The two places beside the owner's in a room of three, kept by those who took them (report §1.3.2). */
  readonly places: (Username | undefined)[];
  version: number;
  toldVersion: number;
  toldAtMs = Number.NEGATIVE_INFINITY;
  timer: Timer | undefined;
  /** Who may join though the room does not exist for them. */
  readonly admissions: Admissions;
  /** Logins under way that need this room; it stays in memory for them. */
  holds = 0;

  constructor(room: StoredRoom, seats: readonly Seat[], version: number) {
    this.#room = room;
    this.#seats = new Map(seats.map((seat) => [seat.username, seat]));
    this.seats = this.#seats;
    this.names = new SortedNames(this.#seats.keys());
    this.admissions = new Admissions((username) => this.#seats.has(username));
    this.version = version;
    this.toldVersion = version;
    const guests = seats.filter((seat) => seat.username !== room.owner).map((seat) => seat.username);
    this.places = guests.slice(0, SEED_ROOM_PLACES - 1);
  }

  get room(): StoredRoom {
    return this.#room;
  }

  get isIdle(): boolean {
    return this.online.size === 0 && this.holds === 0;
  }

  sit(seat: Seat): void {
    this.#seats.set(seat.username, seat);
    this.names.add(seat.username);
    if (seat.username === this.room.owner || this.places.includes(seat.username)) return;
    const free = this.#freePlace();
    if (free !== undefined) this.places[free] = seat.username;
  }

  rise(username: Username): void {
    this.#seats.delete(username);
    this.names.remove(username);
    const place = this.places.indexOf(username);
    if (place !== -1) this.places[place] = undefined;
  }

  /** Another member is the owner, which changes seats. */
  handOver(owner: Username, seats: readonly Seat[]): void {
    this.#room = { ...this.#room, owner };
    for (const seat of seats) this.#seats.set(seat.username, seat);
  }

  /** Nobody is a member any more. */
  empty(): void {
    this.#seats.clear();
    this.names.clear();
  }

  listenersLike(session: OnlineSession): Map<OnlineSession, Listener> {
    return isSeed(session) ? this.seedListeners : this.papoListeners;
  }

  #freePlace(): number | undefined {
    for (let place = 0; place < SEED_ROOM_PLACES - 1; place += 1) {
      if (this.places[place] === undefined) return place;
    }
    return undefined;
  }
}
