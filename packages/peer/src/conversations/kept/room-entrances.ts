import { openRoomTicket } from "@papo/link";
import {
  type GenesisBody,
  type Outcome,
  ROOM_CAPACITY_DEFAULT,
  ROOM_LOG_FEATURE,
  type RoomHistory,
  type RoomId,
  type RoomName,
  type SignedText,
  decodeWith,
  fail,
  newRoomName,
  succeed,
} from "@papo/protocol";
import type { EnteredRoom } from "../../tracker-session/tracker-line.ts";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { cutsOf } from "./log-cuts.ts";
import type { RoomShelf } from "./room-shelf.ts";
import type { TrackerErrands } from "./tracker-errands.ts";

export type NewKeptRoom = {
  readonly name: string;
  readonly kind: "open" | "invite";
  readonly capacity?: number | undefined;
  readonly history?: RoomHistory | undefined;
};

/** How rooms are made, entered, left, closed and forgotten. The log comes first, the tracker hears of it as soon as there is one. */
export class RoomEntrances {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;
  readonly #errands: TrackerErrands;
  readonly #beginning = new Set<RoomId>();

  constructor(ports: KeptPorts, shelf: RoomShelf, errands: TrackerErrands) {
    this.#ports = ports;
    this.#shelf = shelf;
    this.#errands = errands;
  }

  /** Nothing half: the room is both here and at the tracker, or nowhere. What a lost answer leaves open is undone when the tracker is back. */
  async create(room: NewKeptRoom): Promise<Outcome<KeptRoom>> {
    const name = decodeWith(newRoomName, room.name);
    if (!name.ok) return fail("room_name_not_allowed", name.fault.detail);
    const genesis = this.#genesisOf(room, name.value);
    const replica = await this.#ports.replicas.create(genesis);
    if (!replica.ok) return replica;
    const { id } = replica.value;
    const noted = await this.#errands.mayHaveToUndo(id);
    if (!noted.ok) return noted;

    const { capacity } = genesis;
    const asked = { name: name.value, kind: room.kind, capacity, roomId: id };
    const created = await this.#ports.ask((tracker) => tracker.createRoom(asked));
    if (!created.ok) return this.#giveUp(id, created);
    const kept = await this.#shelf.keep(storedRoom(id, name.value, room.kind, "member"));
    if (!kept.ok) return this.#giveUp(id, kept);
    await this.#errands.nothingToUndo(id);
    this.#ports.entered(created.value);
    return kept;
  }

  #genesisOf({ kind, capacity, history }: NewKeptRoom, name: RoomName): GenesisBody {
    const { statement, binding } = this.#ports.own();
    return {
      ...{ name, room: kind, capacity: capacity ?? ROOM_CAPACITY_DEFAULT, retentionDays: null, quotaBytes: null },
      history: kind === "invite" ? (history ?? "join") : "all",
      features: [ROOM_LOG_FEATURE],
      tracker: this.#ports.trackerKey,
      ...{ statement: statement.signed, binding },
    };
  }

  /** A refusal is final. Where no answer came the tracker may have the room, and is told when it is back. */
  async #giveUp<T>(id: RoomId, reason: Extract<Outcome<T>, { ok: false }>): Promise<Outcome<KeptRoom>> {
    const { code } = reason.fault;
    const isAnswered = !["timeout", "lost", "tracker_unreachable", "storage_failed", "closed"].includes(code);
    await this.#shelf.forget(id);
    if (isAnswered) await this.#errands.nothingToUndo(id);
    return reason;
  }

  /** The tracker has let us in. In an open room we write that we join, which needs nothing of the log; then we wait for who has it. */
  async entered(page: EnteredRoom): Promise<Outcome<KeptRoom>> {
    const { id, name, kind } = page.room;
    if (kind === "plain") return fail("room_kind_refused", "room: expected one that is kept");
    const before = this.#shelf.get(id);
    this.#ports.entered(page);
    if (before?.standing === "member" || before?.standing === "read-only") return succeed(before);
    if (before?.state.formerByAccount.get(before.self)?.barred === true && kind === "open")
      return this.#refused(id, fail("removed", "room: expected one that we are not barred from"));
    // A first entry that lets nobody in is one for which no member ever hears this device again.
    if (kind === "open" && !this.#isForUs(id, page.ticket))
      return this.#refused(id, fail("invalid_message", "ticket: expected this tracker's, for this room and account"));
    const kept = await this.#shelf.keep(storedRoom(id, name, kind, "joining"));
    if (!kept.ok || kind === "invite") return kept;
    const joined = await this.writeJoin(kept.value, page.ticket);
    return joined.ok ? kept : this.#refused(id, joined);
  }

  #isForUs(id: RoomId, ticket: SignedText | null): boolean {
    const { trackerKey, own } = this.#ports;
    const opened = ticket === null || trackerKey === null ? undefined : openRoomTicket(ticket, trackerKey);
    return opened?.ok === true && opened.value.room === id && opened.value.account === own().keys.root.publicKey;
  }

  /** The tracker must not list us where we are not. */
  async #refused(id: RoomId, reason: Extract<Outcome<unknown>, { ok: false }>): Promise<Outcome<KeptRoom>> {
    await this.#ports.ask((tracker) => tracker.leaveRoom(id));
    return reason;
  }

  /** This device begins to write: `ticket` in open rooms, null where we were let in. */
  async writeJoin(room: KeptRoom, ticket: SignedText | null): Promise<Outcome<RoomId>> {
    const { statement, binding, keys } = this.#ports.own();
    const content = room.replica.head(keys.device.publicKey, "content") + 1;
    const body = { statement: statement.signed, binding, ticket, content };
    const written = await room.writer.write({ chain: "control", kind: "join", body });
    return written.ok ? succeed(room.id) : written;
  }

  /** We were let in: this device begins to write, once. */
  async begin(room: KeptRoom): Promise<void> {
    if (this.#beginning.has(room.id)) return;
    this.#beginning.add(room.id);
    await this.writeJoin(room, null);
    this.#beginning.delete(room.id);
  }

  /** A room that we had begun to join when the program ended: the own entry may not have been written. */
  async resume(room: KeptRoom): Promise<void> {
    const { device } = this.#ports.own().keys;
    const isOpen = room.stored.kind === "open" && room.standing === "joining";
    if (!isOpen || room.replica.head(device.publicKey, "control") > 0) return;
    const page = await this.#ports.ask((tracker) => tracker.joinRoom(room.name, room.id));
    if (page.ok && page.value.room.id === room.id) await this.entered(page.value);
  }

  /** Out of the log first, which needs nobody; the tracker hears of it now or when it is back. */
  async leave(id: RoomId): Promise<Outcome<RoomId>> {
    const room = this.#shelf.find(id);
    if (!room.ok) return room;
    const { standing, self, replica, writer, state } = room.value;
    if (standing === "member") {
      if (state.memberByAccount.get(self)?.role === "owner") {
        const handedOver = await this.#handOver(room.value);
        if (!handedOver.ok) return handedOver;
      }
      const cuts = [...cutsOf(replica, self)];
      const put = { kind: "put-room" as const, room: room.value.withState("left") };
      const written = await writer.write({ chain: "control", kind: "leave", body: { cuts } }, [put]);
      if (!written.ok) return written;
    }
    const kept = await this.#shelf.keep({ ...room.value.stored, state: "left" });
    if (!kept.ok) return kept;
    this.#ports.emit({ kind: "room-closed", id, name: room.value.name, reason: "left" });
    await this.#ports.ask((tracker) => tracker.leaveRoom(id));
    return succeed(id);
  }

  /** An owner who leaves hands the room to whoever has the highest rank, and among equals has been there longest. Nobody there: it ends with the owner. */
  async #handOver({ id, self, state, names, writer }: KeptRoom): Promise<Outcome<RoomId>> {
    const others = [...state.memberByAccount.values()].filter(({ account }) => account !== self);
    const successor = others.toSorted((one, other) => one.rank - other.rank)[0];
    if (successor === undefined) return succeed(id);
    const { account } = successor;
    const written = await writer.write({ chain: "control", kind: "role", body: { account, role: "owner" } });
    if (!written.ok) return written;
    await this.#ports.ask((tracker) => tracker.transferRoom(id, names.of(account)));
    return succeed(id);
  }

  /** The room is over for everybody: read-only, and its name is free. The owner's alone. */
  async close(id: RoomId): Promise<Outcome<RoomId>> {
    const room = this.#shelf.find(id);
    if (!room.ok) return room;
    const { state, self, writer } = room.value;
    if (state.memberByAccount.get(self)?.role !== "owner") return fail("not_owner", "room: expected one of our own");
    if (!state.closed) {
      const written = await writer.write({ chain: "control", kind: "close", body: {} });
      if (!written.ok) return written;
    }
    await this.#ports.ask((tracker) => tracker.deleteRoom(id));
    return succeed(id);
  }

  /** What this device keeps of a room that is over for it. */
  async forget(id: RoomId): Promise<Outcome<RoomId>> {
    const room = this.#shelf.find(id);
    if (!room.ok) return room;
    const { standing } = room.value;
    if (standing === "member" || standing === "read-only") return fail("not_allowed", "room: leave it first");
    if (standing === "joining") await this.#ports.ask((tracker) => tracker.leaveRoom(id));
    return this.#shelf.forget(id);
  }
}

export function storedRoom(
  id: RoomId,
  name: RoomName,
  kind: "open" | "invite",
  state: "joining" | "member",
): Parameters<RoomShelf["keep"]>[0] {
  return { id, name, kind, state, readUpTo: 0, base: new Map() };
}
