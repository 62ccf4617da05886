import {
  type Outcome,
  type RoomId,
  type RoomKind,
  type RoomName,
  type Username,
  decodeWith,
  fail,
  newRoomName,
  roomId,
  roomName,
  succeed,
} from "@papo/protocol";
import { randomBytes } from "node:crypto";
import type { Room } from "../api.ts";
import type { RoomReference } from "../mesh/peer-link.ts";
import type { RoomDirectory } from "../tracker-session/room-directory.ts";
import type { RoomView } from "../tracker-session/room-view.ts";
import type { AskLine, RoomPage } from "../tracker-session/tracker-line.ts";
import { type RoomEyes, presentRoom } from "./present-room.ts";

export type OwnRoomPorts = {
  readonly directory: RoomDirectory;
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
    return this.#ports.directory.views().map((view) => this.present(view));
  }

  one(id: RoomId): Room | undefined {
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
  }): Promise<Outcome<Room>> {
    const name = decodeWith(newRoomName, room.name);
    if (!name.ok) return fail("room_name_not_allowed", name.fault.detail);
    const { kind, capacity } = room;
    if (kind === "plain" && !this.#ports.mayBePlain)
      return fail("plaintext_refused", "plain rooms need --allow-plaintext");
    const roomId = kind === "plain" ? undefined : newRoomId();
    return this.#ports.withLine((line) => this.#enter(line.createRoom({ name: name.value, kind, roomId, capacity })));
  }

  async join(text: string): Promise<Outcome<Room>> {
    const name = decodeWith(roomName, text);
    if (!name.ok) return fail("room_missing", name.fault.detail);
    return this.#ports.withLine((line) => this.#enter(line.joinRoom(name.value)));
  }

  async #enter(asked: Promise<Outcome<RoomPage>>): Promise<Outcome<Room>> {
    const page = await asked;
    if (!page.ok) return page;
    const view = await this.#ports.directory.enter(page.value);
    return view.ok ? succeed(this.present(view.value)) : view;
  }

  async leave(id: RoomId): Promise<Outcome<RoomId>> {
    const { directory, withLine, sayLeave } = this.#ports;
    const view = directory.view(id);
    if (view === undefined) return fail("not_member", "room: expected one of ours");
    const left = await withLine((line) => line.leaveRoom(id));
    if (!left.ok) return left;
    sayLeave({ id, name: view.room.name }, view.memberByName.keys());
    directory.closed(id, "left");
    return left;
  }

  async delete(id: RoomId): Promise<Outcome<RoomId>> {
    const deleted = await this.#ports.withLine((line) => line.deleteRoom(id));
    if (deleted.ok) this.#ports.directory.closed(id, "deleted");
    return deleted;
  }
}

function newRoomId(): RoomId {
  const decoded = decodeWith(roomId, randomBytes(32).toString("base64url"));
  if (!decoded.ok) throw new TypeError("a new room id does not read back");
  return decoded.value;
}
