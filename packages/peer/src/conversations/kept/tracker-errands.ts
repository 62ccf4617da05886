import { type Outcome, type RoomId, decodeWith, roomId } from "@papo/protocol";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import type { OwnPlaces } from "./own-places.ts";
import { controlOf } from "./read-entry.ts";
import type { RoomShelf } from "./room-shelf.ts";
import { type TrackerDuty, trackerDuties } from "./tracker-duties.ts";

/** Rooms that were made here and of which it is not known whether the tracker has them: they are to be undone there. */
const UNDO_SETTING = "rooms-to-undo";

/** Tells the tracker what the logs say, once in each session and as often as something changes. Failures wait for the next occasion. */
export class TrackerErrands {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;
  readonly #places: OwnPlaces;
  /** What this session was told already and has not done: it is not asked for ever. */
  readonly #askedByRoom = new Map<RoomId, Set<string>>();

  constructor(ports: KeptPorts, shelf: RoomShelf, places: OwnPlaces) {
    this.#ports = ports;
    this.#shelf = shelf;
    this.#places = places;
  }

  /** A session began: `rooms` are those of which the tracker says that we are a member. */
  online(rooms: readonly RoomId[]): void {
    this.#askedByRoom.clear();
    const listed = new Set(rooms);
    this.#places.online(listed, this.#shelf.all());
    for (const id of this.toUndo()) void this.#undo(id);
    for (const room of this.#shelf.all()) {
      const isGone = room.standing === "left" || room.standing === "removed" || room.standing === "closed";
      if (listed.has(room.id) && isGone) void this.#leave(room);
      this.look(room);
    }
  }

  /** The log or the tracker's list is another one. */
  look(room: KeptRoom): void {
    this.#places.look(room);
    void this.lookNow(room);
  }

  /** Resolves when the tracker has been told. */
  async lookNow(room: KeptRoom): Promise<void> {
    const view = this.#ports.view(room.id);
    if (view === undefined) return;
    const { username } = this.#ports.own();
    const self = { account: room.self, username, hasHandedOver: () => this.#hasHandedOver(room) };
    const duties: readonly TrackerDuty[] =
      room.stored.state === "left" ? [{ kind: "leave" }] : trackerDuties({ state: room.state, view }, self);
    this.#forgetDone(room.id, duties);
    await Promise.all(duties.map((duty) => this.#do(room, duty)));
  }

  #hasHandedOver({ id, state, self }: KeptRoom): boolean {
    return this.#ports.history.control(id).some((entry) => {
      const isOurs = entry.kind === "role" && state.accountOf(entry.author) === self && !state.voidIds.has(entry.id);
      const control = isOurs ? controlOf(entry) : undefined;
      return control?.kind === "role" && control.body.role === "owner";
    });
  }

  /** What is no duty any more was done, and may become one again: who was put out is let in once more. */
  #forgetDone(id: RoomId, duties: readonly TrackerDuty[]): void {
    const names = new Set(duties.map((duty) => JSON.stringify(duty)));
    const asked = this.#askedByRoom.get(id) ?? new Set();
    this.#askedByRoom.set(id, asked.intersection(names));
  }

  async #do({ id }: KeptRoom, duty: TrackerDuty): Promise<void> {
    const name = JSON.stringify(duty);
    const asked = this.#askedByRoom.get(id) ?? new Set();
    if (asked.has(name)) return;
    this.#askedByRoom.set(id, asked.add(name));
    const done = await this.#ask(id, duty);
    // No session, no answer: the next one asks again.
    if (!done.ok && done.fault.code === "tracker_unreachable") this.#askedByRoom.get(id)?.delete(name);
  }

  #ask(room: RoomId, duty: TrackerDuty): Promise<Outcome<unknown>> {
    return this.#ports.ask<unknown>((tracker) => {
      switch (duty.kind) {
        case "leave":
          return tracker.leaveRoom(room);
        case "delete":
          return tracker.deleteRoom(room);
        case "admit":
          return tracker.admitMember(room, duty.username);
        case "remove":
          return tracker.removeMember(room, duty.username);
        case "transfer":
          return tracker.transferRoom(room, duty.username);
      }
    });
  }

  async #leave(room: KeptRoom): Promise<void> {
    const isOwner = room.state.closed && room.state.memberByAccount.get(room.self)?.role === "owner";
    await this.#do(room, { kind: isOwner ? "delete" : "leave" });
  }

  // ---- rooms that were given up while they were being made

  toUndo(): readonly RoomId[] {
    const text = this.#ports.history.setting(UNDO_SETTING);
    return (text ?? "").split(" ").flatMap((id) => {
      const read = decodeWith(roomId, id);
      return read.ok ? [read.value] : [];
    });
  }

  async mayHaveToUndo(id: RoomId): Promise<Outcome<void>> {
    return this.#keepUndo([...this.toUndo(), id]);
  }

  async nothingToUndo(id: RoomId): Promise<Outcome<void>> {
    return this.#keepUndo(this.toUndo().filter((other) => other !== id));
  }

  #keepUndo(ids: readonly RoomId[]): Promise<Outcome<void>> {
    const value = ids.length === 0 ? null : ids.join(" ");
    return this.#ports.history.commit([{ kind: "put-setting", name: UNDO_SETTING, value }]);
  }

  async #undo(id: RoomId): Promise<void> {
    const undone = await this.#ports.ask((tracker) => tracker.deleteRoom(id));
    const isGone = undone.ok || undone.fault.code === "room_missing" || undone.fault.code === "not_owner";
    if (isGone) await this.nothingToUndo(id);
  }
}
