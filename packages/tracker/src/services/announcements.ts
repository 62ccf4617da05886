import { PAGE_BYTES_MAX, ROOM_UPDATE_INTERVAL_MS, ROOM_VIEW_MEMBERS_MAX, type Username } from "@papo/protocol";
import type { Clock } from "@papo/link";
import type { MemberView } from "../commands.ts";
import type { RoomClosing, RoomDelta } from "./announcement.ts";
import type { Listener, LiveRoom, MemberChange } from "./live-room.ts";
import type { OnlineSession } from "./online-session.ts";
import { memberBytesBound } from "./page-budget.ts";
import type { Presence } from "./presence.ts";

export type RoomChange = {
  readonly username: Username;
  readonly account: MemberChange["account"];
  /** True when the seed view, which shows nobody who is offline, is the same as before. */
  readonly unseen?: boolean;
};

/**
 * Tells members what changed in their rooms: at once when nothing was told for a while, else merged into one later
 * update. Papo sessions of a room are told together, so that one encoding serves them all; a seed session, whose view is its
 * own, keeps its own interval. docs/protocol/tracker.md §4.7
 */
export class Announcements {
  readonly #clock: Clock;
  readonly #presence: Presence;
  readonly #told: (told: readonly OnlineSession[]) => void;
  /** One counter for all rooms, so that a version is never seen twice, not even after a room was out of memory. */
  #lastVersion = 0;

  constructor(options: {
    readonly clock: Clock;
    readonly presence: Presence;
    readonly told: (told: readonly OnlineSession[]) => void;
  }) {
    this.#clock = options.clock;
    this.#presence = options.presence;
    this.#told = options.told;
  }

  nextVersion(): number {
    this.#lastVersion += 1;
    return this.#lastVersion;
  }

  /** Somebody joined, left, came or went. `except` knows already: it gets the answer to what it asked. */
  changed(live: LiveRoom, change: RoomChange, except?: OnlineSession): void {
    live.version = this.nextVersion();
    const { username, account } = change;
    live.changes.delete(username);
    live.changes.set(username, { version: live.version, account, gone: !live.seats.has(username) });

    const listener = except === undefined ? undefined : live.listenersLike(except).get(except);
    if (listener !== undefined) listener.known = live.version;
    this.#tellPapo(live);
    if (change.unseen === true) return;
    for (const [session, each] of live.seedListeners) this.#tellSeed(live, session, each);
  }

  /** The room as it is, to one session, though nothing changed. */
  echo(live: LiveRoom, session: OnlineSession): void {
    session.outbox.announce({ ...this.#emptyDelta(live), from: live.toldVersion });
    this.#told([session]);
  }

  close(live: LiveRoom, reason: RoomClosing["reason"], to: Iterable<OnlineSession>): void {
    const closing: RoomClosing = { kind: "room_closed", room: live.room.id, reason };
    for (const session of to) session.outbox.announce(closing);
  }

  /** The room goes out of memory. */
  forget(live: LiveRoom): void {
    live.timer?.cancel();
    for (const listener of live.seedListeners.values()) listener.timer?.cancel();
  }

  #tellPapo(live: LiveRoom): void {
    if (live.timer !== undefined) return;
    const waitMs = live.toldAtMs + ROOM_UPDATE_INTERVAL_MS - this.#clock.monotonicMs();
    if (waitMs <= 0) return this.#flushPapo(live);
    live.timer = this.#clock.after(waitMs, () => {
      live.timer = undefined;
      this.#flushPapo(live);
    });
  }

  #flushPapo(live: LiveRoom): void {
    const listeners = [...live.papoListeners].filter(([, listener]) => listener.known < live.version);
    for (const delta of this.#deltas(live)) {
      for (const [session, listener] of listeners) {
        if (listener.known < delta.version) session.outbox.announce(delta);
      }
    }
    for (const [, listener] of listeners) listener.known = live.version;
    live.changes.clear();
    live.toldVersion = live.version;
    if (listeners.length === 0) return;
    live.toldAtMs = this.#clock.monotonicMs();
    this.#told(listeners.map(([session]) => session));
  }

  /** Contiguous ranges of versions, each short enough for one message. */
  #deltas(live: LiveRoom): RoomDelta[] {
    const deltas: RoomDelta[] = [];
    let from = live.toldVersion;
    let bytes = 0;
    let batch: { changed: MemberView[]; gone: Username[] } = { changed: [], gone: [] };
    let version = from;
    for (const [username, change] of live.changes) {
      const view = this.#presence.view(username, change.account);
      const viewBytes = memberBytesBound(view);
      const count = Math.max(batch.changed.length, batch.gone.length);
      if (count === ROOM_VIEW_MEMBERS_MAX || (count > 0 && bytes + viewBytes > PAGE_BYTES_MAX)) {
        deltas.push({ kind: "room_updated", live, from, version, ...batch });
        from = version;
        bytes = 0;
        batch = { changed: [], gone: [] };
      }
      if (change.gone) batch.gone.push(username);
      else batch.changed.push(view);
      bytes += viewBytes;
      version = change.version;
    }
    deltas.push({ kind: "room_updated", live, from, version: live.version, ...batch });
    return deltas;
  }

  #tellSeed(live: LiveRoom, session: OnlineSession, listener: Listener): void {
    if (listener.timer !== undefined || listener.known >= live.version) return;
    const waitMs = listener.pushedAtMs + ROOM_UPDATE_INTERVAL_MS - this.#clock.monotonicMs();
    if (waitMs <= 0) return this.#pushSeed(live, session, listener);
    listener.timer = this.#clock.after(waitMs, () => {
      listener.timer = undefined;
      if (listener.known < live.version) this.#pushSeed(live, session, listener);
    });
  }

  #pushSeed(live: LiveRoom, session: OnlineSession, listener: Listener): void {
    session.outbox.announce(this.#emptyDelta(live));
    listener.known = live.version;
    listener.pushedAtMs = this.#clock.monotonicMs();
    this.#told([session]);
  }

  /** The seed view shows the room as it is now and needs no list of changes. */
  #emptyDelta(live: LiveRoom): RoomDelta {
    return { kind: "room_updated", live, from: live.version, version: live.version, changed: [], gone: [] };
  }
}
