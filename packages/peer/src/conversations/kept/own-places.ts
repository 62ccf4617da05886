import type { Timer } from "@papo/link";
import { REOFFER_FIRST_MS, REOFFER_LAST_MS, type RoomId } from "@papo/protocol";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";

type Attempt = { waitMs: number; timer: Timer | undefined; isAsking: boolean; isAskedAnew: boolean };

/**
 * This account's place in the tracker's list of each room of ours: nobody else can take it for us. Whoever was let into an `invite` room by its log enters
 * there as soon as a member has told the tracker, and a room that the tracker has lost is entered again, or made again by its owner.
 */
export class OwnPlaces {
  readonly #ports: KeptPorts;
  /** What the session began with, until it is seen: the tracker will tell of these by itself. */
  #listed = new Set<RoomId>();
  readonly #attemptByRoom = new Map<RoomId, Attempt>();
  #isStopped = false;

  constructor(ports: KeptPorts) {
    this.#ports = ports;
  }

  /** A session began: `rooms` are those of which the tracker says that we are a member. */
  online(rooms: ReadonlySet<RoomId>, ours: readonly KeptRoom[]): void {
    this.#listed = new Set(rooms);
    for (const id of this.#attemptByRoom.keys()) this.#end(id);
    for (const room of ours) if (room.standing === "member" && !rooms.has(room.id)) void this.take(room);
  }

  /** The log or the tracker's list is another one. An open room that the tracker has put us out of is not entered against its word. */
  look(room: KeptRoom): void {
    if (this.#ports.view(room.id) !== undefined) {
      this.#listed.delete(room.id);
      return this.#end(room.id);
    }
    const isWanted = room.standing === "member" && room.state.genesis?.room === "invite";
    if (isWanted && !this.#listed.has(room.id) && !this.#attemptByRoom.has(room.id)) void this.take(room);
  }

  /** Now, and if the tracker does not know yet that we may, again later. One question at a time, whoever makes us ask. */
  async take(room: KeptRoom): Promise<void> {
    const { id } = room;
    const attempt = this.#attemptByRoom.get(id) ?? newAttempt();
    this.#attemptByRoom.set(id, attempt);
    attempt.isAskedAnew = attempt.isAsking;
    if (attempt.isAsking) return;
    attempt.timer?.cancel();
    attempt.isAsking = true;
    const isOver = await this.#enter(room);
    attempt.isAsking = false;
    // Another session began meanwhile.
    if (this.#attemptByRoom.get(id) !== attempt || this.#isStopped) return;
    if (isOver) return this.#end(id);
    if (attempt.isAskedAnew) return this.take(room);
    attempt.timer = this.#ports.clock.after(attempt.waitMs, () => {
      if (room.standing === "member") void this.take(room);
      else this.#end(id);
    });
    attempt.waitMs = Math.min(2 * attempt.waitMs, REOFFER_LAST_MS);
  }

  /** True when nothing is to be tried again in this session. */
  async #enter(room: KeptRoom): Promise<boolean> {
    const entered = await this.#ports.ask((tracker) => tracker.joinRoom(room.name, room.id));
    if (entered.ok) {
      if (entered.value.room.id === room.id) this.#ports.entered(entered.value);
      return true;
    }
    if (entered.fault.code === "tracker_unreachable") return true;
    return entered.fault.code === "room_missing" && (await this.#foundAgain(room));
  }

  /** A tracker that has lost its rooms is given them back by their owners. */
  async #foundAgain(room: KeptRoom): Promise<boolean> {
    const { genesis, memberByAccount } = room.state;
    if (genesis === undefined || memberByAccount.get(room.self)?.role !== "owner") return false;
    const { capacity, room: kind } = genesis;
    const asked = { name: room.name, kind, capacity, roomId: room.id };
    const created = await this.#ports.ask((tracker) => tracker.createRoom(asked));
    if (created.ok) this.#ports.entered(created.value);
    return created.ok;
  }

  #end(id: RoomId): void {
    this.#attemptByRoom.get(id)?.timer?.cancel();
    this.#attemptByRoom.delete(id);
  }

  stop(): void {
    this.#isStopped = true;
    for (const id of this.#attemptByRoom.keys()) this.#end(id);
  }
}

function newAttempt(): Attempt {
  return { waitMs: REOFFER_FIRST_MS, timer: undefined, isAsking: false, isAskedAnew: false };
}
