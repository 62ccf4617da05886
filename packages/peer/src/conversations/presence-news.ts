import type { Clock, Timer } from "@papo/link";
import { PRESENCE_SETTLE_MS, type RoomId, type Username } from "@papo/protocol";
import type { MemberChange, RoomView } from "../tracker-session/room-view.ts";

export type PresencePorts = {
  readonly clock: Clock;
  readonly self: Username;
  /** Whoever we talk with is there, whatever the tracker has heard. */
  readonly isLinked: (username: Username) => boolean;
  readonly views: () => readonly RoomView[];
  readonly tell: (change: MemberChange, view: RoomView) => void;
};

/**
 * Who came and who went, compared with what people were told last: a tracker that starts again, and has not heard of
 * everybody yet, is no news.
 */
export class PresenceNews {
  readonly #ports: PresencePorts;
  readonly #onlineByRoom = new Map<RoomId, Set<Username>>();
  /** While it runs nobody is told to be gone. */
  #settling: Timer | undefined;

  constructor(ports: PresencePorts) {
    this.#ports = ports;
  }

  /** Another view of a room. Those who are new in it are told of otherwise. */
  roomChanged(before: RoomView | undefined, after: RoomView): void {
    const told = this.#toldIn(after);
    for (const username of told) if (!after.memberByName.has(username)) told.delete(username);
    for (const username of after.memberByName.keys()) {
      const change = this.#changeOf(username, after);
      if (change !== undefined && before?.memberByName.has(username)) this.#ports.tell(change, after);
    }
  }

  roomClosed({ room }: RoomView): void {
    this.#onlineByRoom.delete(room.id);
  }

  /** A link with them opened or ended. */
  reachChanged(username: Username): void {
    for (const view of this.#ports.views()) {
      const change = this.#changeOf(username, view);
      if (change !== undefined) this.#ports.tell(change, view);
    }
  }

  /** Everybody lost the tracker together, and comes back one by one: who stays away is told when that has had its time. */
  trackerIsBack(): void {
    this.#settling?.cancel();
    this.#settling = this.#ports.clock.after(PRESENCE_SETTLE_MS, () => {
      this.#settling = undefined;
      for (const view of this.#ports.views()) this.roomChanged(view, view);
    });
  }

  stop(): void {
    this.#settling?.cancel();
  }

  #changeOf(username: Username, view: RoomView): MemberChange | undefined {
    const member = view.memberByName.get(username);
    if (member === undefined || username === this.#ports.self) return undefined;
    const told = this.#toldIn(view);
    const isOnline = member.online || this.#ports.isLinked(username);
    if (isOnline === told.has(username) || (!isOnline && this.#settling !== undefined)) return undefined;
    if (isOnline) told.add(username);
    else told.delete(username);
    return { kind: isOnline ? "member-online" : "member-offline", username };
  }

  #toldIn({ room }: RoomView): Set<Username> {
    const told = this.#onlineByRoom.get(room.id) ?? new Set();
    this.#onlineByRoom.set(room.id, told);
    return told;
  }
}
