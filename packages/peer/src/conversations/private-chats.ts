import { type Clock, type Timer, openBinding } from "@papo/link";
import {
  type AccountKey,
  DIAL_TIMEOUT_MS,
  type FindPeerAnswer,
  type Member,
  type Outcome,
  PRIVATE_LOOKUP_INTERVAL_MS,
  TIMELINES_MAX,
  type TrackerKey,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import type { Reach } from "../api.ts";
import type { AskLine } from "../tracker-session/tracker-line.ts";

export type PrivateChatPorts = {
  readonly clock: Clock;
  readonly self: Username;
  /** Null at an original tracker, which vouches for nobody. */
  readonly trackerKey: TrackerKey | null;
  readonly withLine: AskLine;
  readonly isLinked: (username: Username) => boolean;
  readonly isWaitingFor: (username: Username) => boolean;
  /** Who may be dialled for these chats is another list now. */
  readonly changed: () => void;
  /** Dials at once, and says how that went. */
  readonly reachNow: (username: Username, limitMs: number) => Promise<Reach>;
};

/** `left`: the user is gone from it, and something that was said there still waits. */
type Chat = { member: Member | undefined; left: boolean };

/**
 * Those with whom a private chat is open. A tracker tells of the members of rooms unasked, but where somebody else is only
 * when it is asked: on opening, when a link ends, and now and then while something waits for them.
 */
export class PrivateChats {
  readonly #ports: PrivateChatPorts;
  readonly #chatByName = new Map<Username, Chat>();
  readonly #lookingUp = new Set<Username>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(ports: PrivateChatPorts) {
    this.#ports = ports;
  }

  /** As the tracker last told of them. */
  members(): readonly Member[] {
    return [...this.#chatByName.values()].flatMap(({ member }) => member ?? []);
  }

  has(username: Username): boolean {
    return this.#chatByName.has(username);
  }

  accountOf(username: Username): AccountKey | null {
    return this.#chatByName.get(username)?.member?.account ?? null;
  }

  async open(username: Username): Promise<Outcome<{ readonly username: Username; readonly encrypted: boolean }>> {
    const { self, isLinked, reachNow } = this.#ports;
    if (username === self) return fail("peer_missing", "username: expected somebody else");
    this.#keep(username);
    const found = await this.#lookUp(username);
    if (!found.ok && !isLinked(username)) return found;
    const reach = await reachNow(username, DIAL_TIMEOUT_MS);
    if (reach.kind === "linked") return succeed({ username, encrypted: reach.encrypted });
    return reach.kind === "unreachable"
      ? { ok: false, fault: reach.reason }
      : fail("peer_offline", "not reached in time");
  }

  /** Somebody was written to who may be elsewhere by now. */
  written(username: Username): void {
    if (this.#ports.isLinked(username)) return;
    this.#keep(username);
    void this.#lookUp(username);
  }

  leave(username: Username): void {
    const chat = this.#chatByName.get(username);
    if (chat === undefined) return;
    if (this.#ports.isWaitingFor(username)) chat.left = true;
    else this.#chatByName.delete(username);
    this.#lookAgainLater();
    this.#ports.changed();
  }

  linkClosed(username: Username): void {
    if (this.has(username)) void this.#lookUp(username);
  }

  /** The tracker is there again. */
  online(): void {
    for (const username of this.#chatByName.keys()) void this.#lookUp(username);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #lookUp(username: Username): Promise<Outcome<Member>> {
    if (this.#lookingUp.has(username)) return fail("busy", "already being looked up");
    this.#lookingUp.add(username);
    const found = await this.#ports.withLine((line) => line.findPeer(username));
    this.#lookingUp.delete(username);
    const checked = found.ok ? this.#checkFound(username, found.value) : found;
    this.#lookAgainLater();
    const chat = this.#chatByName.get(username);
    if (chat === undefined) return checked;
    if (checked.ok) chat.member = checked.value;
    if (!checked.ok && checked.fault.code === "peer_missing") this.#chatByName.delete(username);
    this.#ports.changed();
    return !checked.ok || checked.value.online ? checked : fail("peer_offline", "not online");
  }

  /** Last used, last in the map: the one unused for longest makes room. */
  #keep(username: Username): void {
    const member = this.#chatByName.get(username)?.member;
    this.#chatByName.delete(username);
    this.#chatByName.set(username, { member, left: false });
    for (const oldest of this.#chatByName.keys()) {
      if (this.#chatByName.size <= TIMELINES_MAX) break;
      this.#chatByName.delete(oldest);
    }
  }

  /** They may come online without a word to us. */
  #lookAgainLater(): void {
    const isNeeded = [...this.#chatByName].some(([name, { left }]) => left || this.#ports.isWaitingFor(name));
    if (this.#timer !== undefined || this.#stopped || !isNeeded) return;
    this.#timer = this.#ports.clock.after(PRIVATE_LOOKUP_INTERVAL_MS, () => {
      this.#timer = undefined;
      this.#lookAgain();
    });
  }

  #lookAgain(): void {
    const { isWaitingFor, isLinked, changed } = this.#ports;
    for (const [username, { left }] of [...this.#chatByName]) {
      if (isWaitingFor(username)) {
        if (!isLinked(username)) void this.#lookUp(username);
      } else if (left) {
        this.#chatByName.delete(username);
        changed();
      }
    }
    this.#lookAgainLater();
  }

  /** The tracker's answer holds together: the name that was asked for, and its signed word for the key. */
  #checkFound(username: Username, { peer, binding }: FindPeerAnswer): Outcome<Member> {
    const { trackerKey } = this.#ports;
    if (peer.username !== username) return fail("invalid_message", "peer: expected the one asked for");
    if (trackerKey === null || peer.account === null) return succeed(peer);
    const opened =
      binding === null ? fail("invalid_message", "binding: expected one") : openBinding(binding, trackerKey);
    if (!opened.ok) return opened;
    const isBound = opened.value.name === username && opened.value.account === peer.account;
    return isBound ? succeed(peer) : fail("invalid_message", "binding: expected one for this peer");
  }
}
