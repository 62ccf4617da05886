import type { Outcome, RoomId, Username } from "@papo/protocol";
import type { Conversation, Message, MessageReference } from "../api.ts";
import type { Heard, PeerLink, RoomReference } from "../mesh/peer-link.ts";
import type { RoomView } from "../tracker-session/room-view.ts";
import { Hearing, type HearingPorts } from "./hearing.ts";
import { Sending, type SendingPorts } from "./sending.ts";
import { Timelines } from "./timelines.ts";

export type ConversationPorts = SendingPorts &
  HearingPorts & {
    /** A member said goodbye itself; used only while no tracker can say so. */
    readonly memberLeft: (id: RoomId, username: Username) => void;
  };

/** What is said, in rooms and in private, both ways: `sending.ts`, `hearing.ts`, and the timelines that both write. */
export class Conversations {
  readonly #ports: ConversationPorts;
  readonly #timelines = new Timelines();
  readonly #sending: Sending;
  readonly #hearing: Hearing;

  constructor(ports: ConversationPorts) {
    this.#ports = ports;
    this.#sending = new Sending(ports, this.#timelines);
    this.#hearing = new Hearing(ports, this.#timelines);
  }

  messages(of: Conversation): readonly Message[] {
    return this.#timelines.messages(of);
  }

  message({ conversation, id }: MessageReference): Message | undefined {
    return this.#timelines.message(conversation, id);
  }

  send(to: Conversation, content: string): Outcome<Message> {
    return this.#sending.send(to, content);
  }

  isWaitingFor(username: Username): boolean {
    return this.#sending.isWaitingFor(username);
  }

  /** Says so to these people; what the tracker has to know, somebody else tells it. */
  leave(room: RoomReference | null, usernames: Iterable<Username>): void {
    this.#sending.leave(room, usernames);
  }

  // ---- links

  heard(link: PeerLink, heard: Heard): void {
    if (heard.kind === "message") return this.#hearing.hear(link, heard);
    if (!this.#ports.isTrusted(link)) return;
    const { username } = link.party;
    if (heard.kind === "received") return this.#sending.confirmed(username, heard.id);
    if (heard.kind !== "leave") return; // The logs of rooms are heard by whoever keeps them.
    if (heard.room === null) this.#ports.emit({ kind: "private-left", username });
    else this.#ports.memberLeft(heard.room, username);
  }

  linkOpened(link: PeerLink): void {
    this.#sending.linkOpened(link);
  }

  linkClosed(link: PeerLink): void {
    this.#hearing.linkClosed(link);
    this.#sending.linkClosed(link);
  }

  reachChanged(username: Username): void {
    this.#sending.reachChanged(username);
  }

  // ---- keys

  keyAccepted(username: Username): void {
    this.#hearing.keyAccepted(username);
    this.#sending.keyAccepted(username);
  }

  keyBlocked(username: Username): void {
    this.#hearing.keyBlocked(username);
  }

  // ---- rooms

  roomChanged(before: RoomView | undefined, after: RoomView): void {
    for (const username of before?.memberByName.keys() ?? []) {
      if (!after.memberByName.has(username)) this.#sending.memberGone(username, after.room.id);
    }
    this.#hearing.roomChanged();
  }

  roomClosed({ room, memberByName }: RoomView): void {
    for (const username of memberByName.keys()) this.#sending.memberGone(username, room.id);
  }
}
