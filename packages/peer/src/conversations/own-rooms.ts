import {
  type Outcome,
  type RoomHistory,
  type RoomId,
  type RoomKind,
  type RoomName,
  type Username,
  decodeWith,
  fail,
  newRoomName,
  roomName,
  succeed,
} from "@papo/protocol";
import type { Room } from "../api.ts";
import type { RoomReference } from "../mesh/peer-link.ts";
import type { KeptRooms } from "./kept/kept-rooms.ts";
import type { RoomDirectory } from "../tracker-session/room-directory.ts";
import type { RoomView } from "../tracker-session/room-view.ts";
import type { AskLine, EnteredRoom } from "../tracker-session/tracker-line.ts";
import { type RoomEyes, presentRoom } from "./present-room.ts";

export type OwnRoomPorts = {
  readonly directory: RoomDirectory;
  /** Rooms whose messages are kept: all but plain ones. */
  readonly kept: Pick<KeptRooms, "rooms" | "room" | "has" | "create" | "entered" | "leave" | "close">;
  /** False at an original tracker, where every room is plain. */
  readonly keeps: boolean;
  readonly withLine: AskLine;
  /** Whether rooms are made and entered in which lines may be readable on the way. */
  readonly mayBePlain: boolean;
  readonly eyes: RoomEyes;
  readonly sayLeave: (room: RoomReference, members: Iterable<Username>) => void;
};

/** The rooms of this account: made, entered, left and deleted through the tracker, and shown to front ends. */
export class OwnRooms {
  readonly #ports: OwnRoomPorts;

  constructor(ports: OwnRoomPorts) {
    this.#ports = ports;
  }

  all(): readonly Room[] {
    const { directory, kept } = this.#ports;
    const plain = directory.views().filter(({ room }) => !kept.has(room.id));
    return [...plain.map((view) => this.present(view)), ...kept.rooms()];
  }

  /** Also a kept one that was left, closed or lost: it can be read. */
  one(id: RoomId): Room | undefined {
    if (this.#ports.kept.has(id)) return this.#ports.kept.room(id);
    const view = this.#ports.directory.view(id);
    return view === undefined ? undefined : this.present(view);
  }

  present(view: RoomView): Room {
    return presentRoom(view, this.#ports.eyes);
  }

  /** The plain room of that name, the only kind in which seed programs speak. */
  plainId(name: RoomName): RoomId | undefined {
    const view = this.#ports.directory.named(name);
    return view?.room.kind === "plain" ? view.room.id : undefined;
  }

  async create(room: {
    readonly name: string;
    readonly kind?: RoomKind;
    readonly capacity?: number;
    readonly history?: RoomHistory;
  }): Promise<Outcome<Room>> {
    const { keeps, kept, mayBePlain, withLine } = this.#ports;
    const { capacity, history } = room;
    const kind = room.kind ?? (keeps ? "open" : "plain");
    if (kind === "plain" && !mayBePlain) return fail("plaintext_refused", "plain rooms need --allow-plaintext");
    if (kind !== "plain" && keeps) return kept.create({ name: room.name, kind, capacity, history });
    if (kind !== "plain") return fail("room_kind_refused", "an original tracker has plain rooms only");

    const name = decodeWith(newRoomName, room.name);
    if (!name.ok) return fail("room_name_not_allowed", name.fault.detail);
    return withLine((line) => this.#enter(line.createRoom({ name: name.value, kind, roomId: undefined, capacity })));
  }

  async join(text: string): Promise<Outcome<Room>> {
    const name = decodeWith(roomName, text);
    if (!name.ok) return fail("room_missing", name.fault.detail);
    return this.#ports.withLine((line) => this.#enter(line.joinRoom(name.value)));
  }

  async #enter(asked: Promise<Outcome<EnteredRoom>>): Promise<Outcome<Room>> {
    const { keeps, kept } = this.#ports;
    const page = await asked;
    if (!page.ok) return page;
    if (keeps && page.value.room.kind !== "plain") return kept.entered(page.value);
    const view = await this.#ports.directory.enter(page.value);
    return view.ok ? succeed(this.present(view.value)) : view;
  }

  async leave(id: RoomId): Promise<Outcome<RoomId>> {
    const { directory, kept, withLine, sayLeave } = this.#ports;
    if (kept.has(id)) return this.#over(await kept.leave(id), "left");
    const view = directory.view(id);
    if (view === undefined) return fail("not_member", "room: expected one of ours");
    const left = await withLine((line) => line.leaveRoom(id));
    if (!left.ok) return left;
    sayLeave({ id, name: view.room.name }, view.memberByName.keys());
    directory.closed(id, "left");
    return left;
  }

  /** The tracker tells other sessions of it, and this one has asked for it. */
  #over(ended: Outcome<RoomId>, reason: "left" | "deleted"): Outcome<RoomId> {
    if (ended.ok) this.#ports.directory.closed(ended.value, reason);
    return ended;
  }

  async delete(id: RoomId): Promise<Outcome<RoomId>> {
    if (this.#ports.kept.has(id)) return this.#over(await this.#ports.kept.close(id), "deleted");
    const deleted = await this.#ports.withLine((line) => line.deleteRoom(id));
    if (deleted.ok) this.#ports.directory.closed(id, "deleted");
    return deleted;
  }
}
