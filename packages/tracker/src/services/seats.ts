import { SEED_SEAT_GRACE_MS, type Username } from "@papo/protocol";
import type { Clock, Timer } from "@papo/link";
import type { RoomRepository, StoredRoom } from "../repositories/room-repository.ts";
import type { Presence } from "./presence.ts";
import type { Rooms } from "./rooms.ts";

/**
 * Frees the places of seed members who are gone: at once when they said so or do not answer, after a while when only their
 * socket was lost. Which places those are is read from the store when the time has come: a JOIN may have been under way when its
 * session ended. Owners keep theirs, and so do Papo members. docs/protocol/seed.md §6
 */
export class Seats {
  readonly #clock: Clock;
  readonly #repository: RoomRepository;
  readonly #rooms: Rooms;
  readonly #presence: Presence;
  readonly #failed: (error: unknown) => void;
  readonly #graceByUser = new Map<Username, Timer>();
  #startTimer: Timer | undefined;
  #isStopped = false;

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

  startGrace(username: Username): void {
    this.keep(username);
    if (this.#isStopped) return;
    const timer = this.#clock.after(SEED_SEAT_GRACE_MS, () => {
      this.#graceByUser.delete(username);
      this.#free(username).catch((error: unknown) => {
        this.#failed(error);
        this.startGrace(username);
      });
    });
    this.#graceByUser.set(username, timer);
  }

  /** Frees the seed seats of one user who is offline, and looks again after the time of grace for what was still under way. */
  async release(username: Username): Promise<void> {
    this.startGrace(username);
    await this.#free(username);
  }

  /** Seats left from before a restart have their time of grace from now on. */
  startSweep(): void {
    if (this.#isStopped) return;
    this.#startTimer = this.#clock.after(SEED_SEAT_GRACE_MS, () => {
      this.#sweep().catch((error: unknown) => {
        this.#failed(error);
        this.startSweep();
      });
    });
  }

  /** Finally: seats that are held now are looked at after the next start. */
  stop(): void {
    this.#isStopped = true;
    this.#startTimer?.cancel();
    for (const timer of this.#graceByUser.values()) timer.cancel();
    this.#graceByUser.clear();
  }

  async #free(username: Username): Promise<void> {
    for (const { room, seat } of await this.#repository.roomsOf(username)) {
      if (seat.kind === "seed" && this.#isFree(room, username)) await this.#rooms.leaveAs(room, username);
    }
  }

  async #sweep(): Promise<void> {
    const present = new Set([...this.#presence.names(), ...this.#graceByUser.keys()]);
    for (const id of await this.#repository.releaseSeedSeats(present)) await this.#rooms.refresh(id);
  }

  #isFree(room: StoredRoom, username: Username): boolean {
    return room.owner !== username && this.#presence.sessionsOf(username).length === 0;
  }
}
