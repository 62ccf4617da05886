import { SEED_SEAT_GRACE_MS, type Username } from "@papo/protocol";
import type { Clock, Timer } from "@papo/link";
import type { RoomRepository, StoredRoom } from "../repositories/room-repository.ts";
import type { OnlineUser, Presence } from "./presence.ts";
import type { Rooms } from "./rooms.ts";

/**
 * Frees the places of seed members who are gone: at once when they said so or do not answer, after a while when only their
 * socket was lost. Owners keep theirs, and so do Papo members. docs/protocol/seed.md §6
 */
export class Seats {
  readonly #clock: Clock;
  readonly #repository: RoomRepository;
  readonly #rooms: Rooms;
  readonly #presence: Presence;
  readonly #failed: (error: unknown) => void;
  readonly #graceByUser = new Map<Username, Timer>();
  #startTimer: Timer | undefined;

  constructor(options: {
    readonly clock: Clock;
    readonly repository: RoomRepository;
    readonly rooms: Rooms;
    readonly presence: Presence;
    /** Told when the store fails behind a timer, where nobody waits for an answer. */
    readonly failed: (error: unknown) => void;
  }) {
    this.#clock = options.clock;
    this.#repository = options.repository;
    this.#rooms = options.rooms;
    this.#presence = options.presence;
    this.#failed = options.failed;
  }

  keep(username: Username): void {
    this.#graceByUser.get(username)?.cancel();
    this.#graceByUser.delete(username);
  }

  startGrace(user: OnlineUser): void {
    if (!holdsSeedSeat(user)) return;
    this.keep(user.username);
    const timer = this.#clock.after(SEED_SEAT_GRACE_MS, () => {
      this.#graceByUser.delete(user.username);
      this.release(user.username).catch(this.#failed);
    });
    this.#graceByUser.set(user.username, timer);
  }

  /** Frees the seed seats of one user who is offline. */
  async release(username: Username): Promise<void> {
    for (const { room, seat } of await this.#repository.roomsOf(username)) {
      if (seat.kind === "seed" && this.#isFree(room, username)) await this.#rooms.leaveAs(room, username);
    }
  }

  /** Seats left from before a restart have their time of grace from now on. */
  startSweep(): void {
    this.#startTimer = this.#clock.after(SEED_SEAT_GRACE_MS, () => {
      this.#sweep().catch(this.#failed);
    });
  }

  stop(): void {
    this.#startTimer?.cancel();
    for (const timer of this.#graceByUser.values()) timer.cancel();
    this.#graceByUser.clear();
  }

  async #sweep(): Promise<void> {
    const present = new Set([...this.#presence.names(), ...this.#graceByUser.keys()]);
    for (const id of await this.#repository.releaseSeedSeats(present)) await this.#rooms.refresh(id);
  }

  #isFree(room: StoredRoom, username: Username): boolean {
    return room.owner !== username && this.#presence.sessionsOf(username).length === 0;
  }
}

function holdsSeedSeat(user: OnlineUser): boolean {
  return [...user.rooms.values()].some((live) => live.seats.get(user.username)?.kind === "seed");
}
