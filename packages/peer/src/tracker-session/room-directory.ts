import { type Clock, type Random, pause } from "@papo/link";
import {
  type Fault,
  FAULTS,
  type Member,
  type Outcome,
  ROOM_CAPACITY_MAX,
  ROOM_FETCHES_CONCURRENT_MAX,
  ROOM_UPDATES_PENDING_MAX,
  type RoomId,
  type RoomName,
  fault,
  succeed,
} from "@papo/protocol";
import { backOffMs } from "../back-off.ts";
import { type RoomDelta, type RoomView, applyDelta, viewOf } from "./room-view.ts";
import type { LoggedIn, RoomPage, TrackerLine } from "./tracker-line.ts";
import { Turns } from "../turns.ts";

export interface RoomsReceiver {
  /** `before` is undefined for a room that is new here. */
  roomChanged(before: RoomView | undefined, after: RoomView): void;
  roomClosed(room: RoomView, reason: "deleted" | "left" | "removed"): void;
}

/** Updates about one room that came while its pages were being fetched; they are applied on top. */
type Fetch = {
  readonly line: TrackerLine;
  pending: RoomDelta[];
  overflowed: boolean;
  readonly done: Promise<Outcome<RoomView>>;
};

/**
 * The rooms of which this account is a member, as the tracker last told. The only writer of room views: late updates
 * change nothing, gaps are filled by asking for the members page by page. Views outlive the connection.
 */
export class RoomDirectory {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #receiver: RoomsReceiver;
  readonly #viewById = new Map<RoomId, RoomView>();
  readonly #fetchById = new Map<RoomId, Fetch>();
  #turns = new Turns(ROOM_FETCHES_CONCURRENT_MAX);
  #line: TrackerLine | undefined;

  constructor(ports: { readonly clock: Clock; readonly random: Random }, receiver: RoomsReceiver) {
    this.#clock = ports.clock;
    this.#random = ports.random;
    this.#receiver = receiver;
  }

  views(): readonly RoomView[] {
    return [...this.#viewById.values()];
  }

  view(id: RoomId): RoomView | undefined {
    return this.#viewById.get(id);
  }

  named(name: RoomName): RoomView | undefined {
    for (const view of this.#viewById.values()) if (view.room.name === name) return view;
    return undefined;
  }

  /** A new line: what was missed while there was none is asked for, room by room. */
  online(line: TrackerLine, rooms: LoggedIn["rooms"]): void {
    this.#line = line;
    this.#turns = new Turns(ROOM_FETCHES_CONCURRENT_MAX);
    const current = new Set(rooms.map((room) => room.id));
    for (const id of this.#viewById.keys()) if (!current.has(id)) this.closed(id, "left");
    for (const [id, view] of this.#viewById) this.#viewById.set(id, uncounted(view));
    for (const { id } of rooms) void this.#fetch(id, undefined);
  }

  offline(): void {
    this.#line = undefined;
    this.#fetchById.clear();
  }

  /** After CREATE_ROOM or JOIN_ROOM: its answer is the first page. */
  enter(page: RoomPage): Promise<Outcome<RoomView>> {
    return this.#fetch(page.room.id, page);
  }

  delta(delta: RoomDelta): void {
    const { id } = delta.room;
    const fetch = this.#fetchById.get(id);
    if (fetch !== undefined) {
      if (fetch.pending.length < ROOM_UPDATES_PENDING_MAX) fetch.pending.push(delta);
      else fetch.overflowed = true;
      return;
    }
    const view = this.#viewById.get(id);
    if (view === undefined || this.#apply(view, delta) === "gap") void this.#fetch(id, undefined);
  }

  snapshot(view: RoomView): void {
    const known = this.#viewById.get(view.room.id);
    if (known !== undefined && view.room.version <= known.room.version) return;
    this.#put(view);
  }

  closed(id: RoomId, reason: "deleted" | "left" | "removed"): void {
    this.#fetchById.delete(id);
    const view = this.#viewById.get(id);
    if (view === undefined) return;
    this.#viewById.delete(id);
    this.#receiver.roomClosed(view, reason);
  }

  /** A member said goodbye while no tracker could tell us. What the tracker says later counts. */
  withoutMember(id: RoomId, username: Member["username"]): void {
    const view = this.#viewById.get(id);
    if (this.#line !== undefined || view === undefined || !view.memberByName.has(username)) return;
    const rest = [...view.memberByName.values()].filter((member) => member.username !== username);
    this.#put(viewOf({ ...view.room, members: rest.length }, rest));
  }

  #apply(view: RoomView, delta: RoomDelta): "done" | "gap" {
    const result = applyDelta(view, delta);
    if (result.kind === "applied") this.#put(result.view);
    return result.kind === "gap" ? "gap" : "done";
  }

  #put(after: RoomView): void {
    const before = this.#viewById.get(after.room.id);
    this.#viewById.set(after.room.id, after);
    this.#receiver.roomChanged(before, after);
  }

  // ---- fetching

  #fetch(id: RoomId, first: RoomPage | undefined): Promise<Outcome<RoomView>> {
    const line = this.#line;
    if (line === undefined) return Promise.resolve({ ok: false, fault: OFFLINE });
    const running = this.#fetchById.get(id);
    if (running?.line === line) return running.done;

    const { promise, resolve } = Promise.withResolvers<Outcome<RoomView>>();
    const fetch: Fetch = { line, pending: [], overflowed: false, done: promise };
    this.#fetchById.set(id, fetch);
    void this.#run(id, fetch, first).then(resolve);
    return promise;
  }

  async #run(id: RoomId, fetch: Fetch, first: RoomPage | undefined): Promise<Outcome<RoomView>> {
    let page = first;
    for (let failures = 1; ; failures += 1) {
      const read = await this.#read(id, fetch.line, page);
      if (this.#fetchById.get(id) !== fetch) return { ok: false, fault: OFFLINE };
      if (read.ok && !fetch.overflowed && this.#settle(id, fetch, read.value)) return read;
      if (!read.ok && FAULTS[read.fault.code] !== "later") return this.#giveUp(id, read.fault);

      page = undefined;
      fetch.pending = [];
      fetch.overflowed = false;
      await pause(this.#clock, backOffMs(failures, this.#random, read.ok ? 0 : read.fault.retryAfterMs));
    }
  }

  /** A first page that is also the last waits for nobody. */
  #read(id: RoomId, line: TrackerLine, first: RoomPage | undefined): Promise<Outcome<RoomView>> {
    if (first?.next === null) return readPages(line, id, first);
    return this.#turns.take(() => readPages(line, id, first));
  }

  /** What came meanwhile goes on top. False when there is a gap even so: ask again. */
  #settle(id: RoomId, fetch: Fetch, read: RoomView): boolean {
    let view = read;
    for (const delta of fetch.pending) {
      const result = applyDelta(view, delta);
      if (result.kind === "gap") return false;
      if (result.kind === "applied") view = result.view;
    }
    this.#fetchById.delete(id);
    const known = this.#viewById.get(id);
    if (known === undefined || known.room.version <= view.room.version) this.#put(view);
    return true;
  }

  #giveUp(id: RoomId, reason: Fault): Outcome<RoomView> {
    this.#fetchById.delete(id);
    if (reason.code === "not_member" || reason.code === "room_missing") this.closed(id, "left");
    return { ok: false, fault: reason };
  }
}

/** A tracker counts a room's versions anew when it starts: whatever is read on a new line is newer than what was known. */
function uncounted(view: RoomView): RoomView {
  return { ...view, room: { ...view.room, version: -1 } };
}

const OFFLINE: Fault = fault("tracker_unreachable", "no session with the tracker");

/**
 * All members, page by page. The view bears the version of the first page: whatever changed while the others came is
 * told by an update, and members are whole, so hearing of one twice is harmless.
 */
async function readPages(line: TrackerLine, id: RoomId, first: RoomPage | undefined): Promise<Outcome<RoomView>> {
  const start = first === undefined ? await line.listMembers(id, undefined) : succeed(first);
  if (!start.ok) return start;

  const members = [...start.value.members];
  let { next } = start.value;
  while (next !== null && members.length < ROOM_CAPACITY_MAX) {
    const page = await line.listMembers(id, next);
    if (!page.ok) return page;
    members.push(...page.value.members);
    next = page.value.next;
  }
  return succeed(viewOf(start.value.room, members));
}
