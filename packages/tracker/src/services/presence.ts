import { foldOf } from "../repositories/name-order.ts";
import type { AccountKey, RoomId, Username } from "@papo/protocol";
import type { MemberView, PeerEntry } from "../commands.ts";
import type { LiveRoom } from "./live-room.ts";
import { type OnlineSession, isSameDevice, isSeed } from "./online-session.ts";
import { SortedNames } from "./sorted-names.ts";

/** A user with at least one session. */
export type OnlineUser = {
  readonly username: Username;
  readonly fold: string;
  account: AccountKey | null;
  /** Newest last. */
  readonly sessions: OnlineSession[];
  /** In the order of joining. */
  readonly rooms: Map<RoomId, LiveRoom>;
  /** RFC 3339 of the last login or PONG. */
  lastPing: string;
};

/** Who is online now. Lives in memory only: a restart begins with nobody. */
export class Presence {
  /** Most recently active last. */
  readonly #users = new Map<Username, OnlineUser>();
  readonly #names = new SortedNames();
  /** Seed sessions that did not answer a PING: open, and counted as offline until they speak. A user has one at most. */
  readonly #suspended = new Map<Username, OnlineSession>();

  get userCount(): number {
    return this.#users.size;
  }

  get(username: Username): OnlineUser | undefined {
    return this.#users.get(username);
  }

  names(): IterableIterator<Username> {
    return this.#users.keys();
  }

  sessionsOf(username: Username): readonly OnlineSession[] {
    return this.#users.get(username)?.sessions ?? [];
  }

  isOnline(session: OnlineSession): boolean {
    return this.sessionsOf(session.username).includes(session);
  }

  isSuspended(session: OnlineSession): boolean {
    return this.#suspended.get(session.username) === session;
  }

  add(session: OnlineSession, lastPing: string): OnlineUser {
    const user = this.#users.get(session.username) ?? this.#newUser(session, lastPing);
    if (this.isSuspended(session)) this.#suspended.delete(session.username);
    user.sessions.push(session);
    user.lastPing = lastPing;
    user.account = session.account ?? user.account;
    return user;
  }

  #newUser(session: OnlineSession, lastPing: string): OnlineUser {
    const { username, account } = session;
    const fold = foldOf(username);
    const user = { username, fold, account, sessions: [], rooms: new Map<RoomId, LiveRoom>(), lastPing };
    this.#users.set(username, user);
    this.#names.add(username);
    return user;
  }

  /** The user that it was a session of; undefined if it was none (any more): a late close changes nothing. */
  remove(session: OnlineSession): OnlineUser | undefined {
    if (this.isSuspended(session)) this.#suspended.delete(session.username);
    const user = this.#users.get(session.username);
    const at = user?.sessions.indexOf(session) ?? -1;
    if (user === undefined || at === -1) return undefined;
    user.sessions.splice(at, 1);
    if (user.sessions.length === 0) {
      this.#users.delete(user.username);
      this.#names.remove(user.username);
    }
    return user;
  }

  suspend(session: OnlineSession): OnlineUser | undefined {
    const user = this.remove(session);
    if (user !== undefined) this.#suspended.set(session.username, session);
    return user;
  }

  /** Sessions that a login of `session` puts an end to: the same device, and any that has another root than the account has now. */
  replacedBy(session: OnlineSession): { readonly sameDevice: OnlineSession[]; readonly otherRoot: OnlineSession[] } {
    const suspended = this.#suspended.get(session.username);
    const all = [...this.sessionsOf(session.username), ...(suspended === undefined ? [] : [suspended])];
    const others = all.filter((other) => other !== session);
    const sameDevice = others.filter((other) => isSameDevice(other, session));
    const rest = others.filter((other) => !sameDevice.includes(other));
    // A login with a key also latches the account again: what came in without one goes.
    const isOutdated = (other: OnlineSession) =>
      other.account !== session.account || (isSeed(other) && !isSeed(session));
    return { sameDevice, otherRoot: rest.filter(isOutdated) };
  }

  /** Remembers who was active last. */
  touch(username: Username): void {
    const user = this.#users.get(username);
    if (user === undefined) return;
    this.#users.delete(username);
    this.#users.set(username, user);
  }

  /** By name, from after `after`, those whose folded name contains `query`. */
  *byName(after: Username | undefined, query: string | undefined): Generator<OnlineUser> {
    const fold = query === undefined ? undefined : foldOf(query);
    for (const name of this.#names.after(after)) {
      const user = this.#users.get(name);
      if (user !== undefined && (fold === undefined || user.fold.includes(fold))) yield user;
    }
  }

  /** The most recently active first. Reads at most `limit`. */
  mostRecent(limit: number): OnlineUser[] {
    return [...this.#users.values()].slice(-limit).reverse();
  }

  /** What liveness has to look after, suspended ones included. */
  seedSessions(): OnlineSession[] {
    const online = [...this.#users.values()].flatMap((user) => user.sessions.filter(isSeed));
    return [...online, ...this.#suspended.values()];
  }

  /** Whether the two may know where each other is: they are one, or sit in one room. Rooms of those who are online are in memory. */
  areNear(one: Username, other: Username): boolean {
    const rooms = this.#users.get(other)?.rooms;
    if (one === other || rooms === undefined) return one === other;
    return [...(this.#users.get(one)?.rooms.keys() ?? [])].some((room) => rooms.has(room));
  }

  view(username: Username, account: AccountKey | null): MemberView {
    return { username, account, sessions: [...this.sessionsOf(username)] };
  }
}

/** What a list shows of one user. */
export function peerEntryOf(user: OnlineUser): PeerEntry {
  const { username, account, lastPing } = user;
  const rooms = [...user.rooms.values()].map(({ room }) => room).filter((room) => room.kind !== "invite");
  return { username, account, sessions: [...user.sessions], lastPing, rooms };
}
