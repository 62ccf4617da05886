import type { Clock } from "@papo/link";
import type { RoomId, Username } from "@papo/protocol";
import type { Conversation, Message, PeerEvent } from "../api.ts";
import type { PeerLink } from "../mesh/peer-link.ts";
import type { RoomView } from "../tracker-session/room-view.ts";
import { admit } from "./admission.ts";
import { type HeardMessage, KeptAside } from "./kept-aside.ts";
import { RecentIds } from "./recent-ids.ts";
import type { Timelines } from "./timelines.ts";

export type HearingPorts = {
  readonly clock: Clock;
  readonly emit: (event: PeerEvent) => void;
  readonly roomView: (id: RoomId) => RoomView | undefined;
  readonly isTrusted: (link: PeerLink) => boolean;
  /** False at an original tracker, which knows no keys. */
  readonly tracksAccounts: boolean;
};

/** Others' messages: which of them are shown, once, and which are kept aside until it is clear whether they may be. */
export class Hearing {
  readonly #ports: HearingPorts;
  readonly #timelines: Timelines;
  readonly #recent = new RecentIds();
  readonly #aside = new KeptAside();

  constructor(ports: HearingPorts, timelines: Timelines) {
    this.#ports = ports;
    this.#timelines = timelines;
  }

  hear(link: PeerLink, message: HeardMessage): void {
    if (!this.#ports.isTrusted(link)) return this.#aside.quarantine(link, message);
    const { tracksAccounts } = this.#ports;
    const admission =
      message.room === null ? "show" : admit(this.#ports.roomView(message.room), link.party, { tracksAccounts });
    if (admission === "early") return this.#aside.early(link, message);
    if (admission === "ignore") return;

    const isNew = this.#recent.add(link.party.account ?? link.party.username, message.id);
    if (isNew) this.#show(link, message);
    // A repeated one is confirmed again: its sender has not heard of the first time.
    link.say({ kind: "received", id: message.id });
  }

  #show(link: PeerLink, { id, room, content }: HeardMessage): void {
    const { username } = link.party;
    const conversation: Conversation = room === null ? { kind: "private", username } : { kind: "room", id: room };
    const atMs = this.#ports.clock.wallMs();
    const encrypted = link.security !== undefined;
    const common = { id, conversation, author: username, own: false, content, atMs, encrypted };
    const message: Message = { ...common, delivery: null };
    this.#timelines.put(message);
    this.#ports.emit({ kind: "message", message });
  }

  /** The tracker told more: perhaps of those whose messages came early. */
  roomChanged(): void {
    for (const { link, message } of this.#aside.takeEarly()) this.hear(link, message);
  }

  /** The user believed the key: what came from it is shown. */
  keyAccepted(username: Username): void {
    for (const { link, message } of this.#aside.takeQuarantined(username)) this.hear(link, message);
  }

  keyBlocked(username: Username): void {
    this.#aside.takeQuarantined(username);
  }

  linkClosed(link: PeerLink): void {
    this.#aside.linkEnded(link);
  }
}
