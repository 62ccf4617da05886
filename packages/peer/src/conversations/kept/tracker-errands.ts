import { type Outcome, type RoomId, decodeWith, roomId } from "@papo/protocol";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { controlOf } from "./read-entry.ts";
import type { RoomShelf } from "./room-shelf.ts";
import { type TrackerDuty, trackerDuties } from "./tracker-duties.ts";

/** Rooms that were made here and of which it is not known whether the tracker has them: they are to be undone there. */
const UNDO_SETTING = "rooms-to-undo";

/** Tells the tracker what the logs say, once in each session and as often as something changes. Failures wait for the next occasion. */
export class TrackerErrands {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;
  /** What this session was told already: a tracker that does not do it is not asked for ever. */
  #done = new Set<string>();

  constructor(ports: KeptPorts, shelf: RoomShelf) {
    this.#ports = ports;
    this.#shelf = shelf;
  }

  /** A session began: `rooms` are those of which the tracker says that we are a member. */
  online(rooms: readonly RoomId[]): void {
    this.#done = new Set();
    const listed = new Set(rooms);
    for (const id of this.toUndo()) void this.#undo(id);
    for (const room of this.#shelf.all()) {
      const isGone = room.standing === "left" || room.standing === "removed" || room.standing === "closed";
      if (listed.has(room.id) && isGone) void this.#leave(room);
      if (!listed.has(room.id) && room.standing === "member") void this.#enterAgain(room);
      this.look(room);
    }
  }

  /** The log or the tracker's list is another one. */
  look(room: KeptRoom): void {
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
    await Promise.all(duties.map((duty) => this.#do(room, duty)));
  }

  #hasHandedOver({ id, state, self }: KeptRoom): boolean {
    return this.#ports.history.control(id).some((entry) => {
      const isOurs = entry.kind === "role" && state.accountOf(entry.author) === self && !state.voidIds.has(entry.id);
      const control = isOurs ? controlOf(entry) : undefined;
      return control?.kind === "role" && control.body.role === "owner";
    });
  }

  async #do(room: KeptRoom, duty: TrackerDuty): Promise<void> {
    const name = JSON.stringify([room.id, duty]);
    if (this.#done.has(name)) return;
    this.#done.add(name);
    const done = await this.#ask(room.id, duty);
    // No session, no answer: the next one asks again.
    if (!done.ok && done.fault.code === "tracker_unreachable") this.#done.delete(name);
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

  /** The tracker lists us no more, and the log knows of no reason: an open room is entered again so that others find us. */
  async #enterAgain(room: KeptRoom): Promise<void> {
    const { genesis } = room.state;
    if (genesis?.room !== "open") return this.#foundAgain(room);
    const entered = await this.#ports.ask((tracker) => tracker.joinRoom(room.name));
    if (!entered.ok) return entered.fault.code === "room_missing" ? this.#foundAgain(room) : undefined;
    if (entered.value.room.id === room.id) return this.#ports.entered(entered.value);
    // Another room has that name by now: it is not ours to be in.
    await this.#ports.ask((tracker) => tracker.leaveRoom(entered.value.room.id));
  }

  /** A tracker that has lost its rooms is given them back by their owners. */
  async #foundAgain(room: KeptRoom): Promise<void> {
    const { genesis, memberByAccount } = room.state;
    if (genesis === undefined || memberByAccount.get(room.self)?.role !== "owner") return;
    const { capacity, room: kind } = genesis;
    const asked = { name: room.name, kind, capacity, roomId: room.id };
    const created = await this.#ports.ask((tracker) => tracker.createRoom(asked));
    if (created.ok) this.#ports.entered(created.value);
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
