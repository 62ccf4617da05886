import type { Clock, Timer } from "@papo/link";
import { type Member, PRESENCE_SETTLE_MS, type RoomId, type Username } from "@papo/protocol";
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
  /** What was told last of each member. Who is not in it has not been told of at all. */
  readonly #toldByRoom = new Map<RoomId, Map<Username, "online" | "offline">>();
  /** While it runs nobody is told to be gone. */
  #settling: Timer | undefined;

  constructor(ports: PresencePorts) {
    this.#ports = ports;
  }

  /** Another view of a room. Those who are new in it are told of otherwise. */
  roomChanged(after: RoomView): void {
    const told = this.#toldIn(after);
    for (const username of told.keys()) if (!after.memberByName.has(username)) told.delete(username);
    for (const [username, member] of after.memberByName) {
      if (told.has(username)) this.#compare(username, after);
      else told.set(username, this.#presenceOf(member));
    }
  }

  roomClosed({ room }: RoomView): void {
    this.#toldByRoom.delete(room.id);
  }

  /** A link with them opened or ended. */
  reachChanged(username: Username): void {
    for (const view of this.#ports.views()) this.#compare(username, view);
  }

  /** Everybody lost the tracker together, and comes back one by one: who stays away is told when that has had its time. */
  trackerIsBack(): void {
    this.#settling?.cancel();
    this.#settling = this.#ports.clock.after(PRESENCE_SETTLE_MS, () => {
      this.#settling = undefined;
      for (const view of this.#ports.views()) this.roomChanged(view);
    });
  }

  stop(): void {
    this.#settling?.cancel();
  }

  #compare(username: Username, view: RoomView): void {
    const told = this.#toldIn(view);
    const member = view.memberByName.get(username);
    const before = told.get(username);
    if (member === undefined || before === undefined || username === this.#ports.self) return;
    const now = this.#presenceOf(member);
    if (now === before || (now === "offline" && this.#settling !== undefined)) return;
    told.set(username, now);
    this.#ports.tell({ kind: `member-${now}`, username }, view);
  }

  #presenceOf({ username, online }: Member): "online" | "offline" {
    return online || this.#ports.isLinked(username) ? "online" : "offline";
  }

  #toldIn({ room }: RoomView): Map<Username, "online" | "offline"> {
    const told = this.#toldByRoom.get(room.id) ?? new Map<Username, "online" | "offline">();
    this.#toldByRoom.set(room.id, told);
    return told;
  }
}
