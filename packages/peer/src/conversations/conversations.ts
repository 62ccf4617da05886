import { type Clock, type Random, timestampOf } from "@papo/link";
import {
  type AccountKey,
  type Fault,
  JSON_FRAME_BYTES_MAX,
  MESSAGE_CONTENT_BYTES_MAX,
  type MessageId,
  type Outcome,
  type RoomId,
  type Username,
  fail,
  fault,
  succeed,
} from "@papo/protocol";
import type { Conversation, Message, PeerEvent, Reach } from "../api.ts";
import type { Heard, PeerLink, RoomReference } from "../mesh/peer-link.ts";
import type { RoomView } from "../tracker-session/room-view.ts";
import { admit } from "./admission.ts";
import { Deliveries } from "./deliveries.ts";
import { type HeardMessage, KeptAside } from "./kept-aside.ts";
import { newMessageId } from "./message-id.ts";
import { Outbox, type Parcel, type Recipient } from "./outbox.ts";
import { RecentIds } from "./recent-ids.ts";
import { Timelines } from "./timelines.ts";

export type ConversationPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly self: Username;
  readonly emit: (event: PeerEvent) => void;
  readonly roomView: (id: RoomId) => RoomView | undefined;
  /** A member said goodbye itself; used only while no tracker can say so. */
  readonly memberLeft: (id: RoomId, username: Username) => void;
  /** The key that counts for this name, null if none is known. */
  readonly accountOf: (username: Username) => AccountKey | null;
  /** Open links that may be spoken on. */
  readonly linksTo: (username: Username) => readonly PeerLink[];
  readonly isTrusted: (link: PeerLink) => boolean;
  readonly reach: (username: Username) => Reach;
  /** False at an original tracker, which knows no keys. */
  readonly tracksAccounts: boolean;
};

/** What is said, in rooms and in private: to whom it goes, what of it has arrived, and what of others' words is shown. */
export class Conversations {
  readonly #ports: ConversationPorts;
  readonly #timelines = new Timelines();
  readonly #recent = new RecentIds();
  readonly #outbox = new Outbox<PeerLink>();
  readonly #deliveries = new Deliveries();
  readonly #aside = new KeptAside();

  constructor(ports: ConversationPorts) {
    this.#ports = ports;
  }

  messages(of: Conversation): readonly Message[] {
    return this.#timelines.messages(of);
  }

  // ---- saying

  send(to: Conversation, content: string): Outcome<Message> {
    const addressed = this.#address(to);
    if (!addressed.ok) return addressed;
    const { room, recipients } = addressed.value;
    const id = newMessageId(this.#ports.random);
    const parcel: Parcel = { kind: "message", id, room, content, sent: timestampOf(this.#ports.clock) };
    const refused = checkSize(parcel);
    if (refused !== undefined) return { ok: false, fault: refused };

    const taken = recipients.filter((recipient) => this.#outbox.add(recipient, parcel));
    if (recipients.length > 0 && taken.length === 0) return fail("limit_reached", "too much waits for everybody there");
    return succeed(this.#start(to, parcel, recipients, new Set(taken)));
  }

  #start(to: Conversation, parcel: Parcel, recipients: readonly Recipient[], taken: ReadonlySet<Recipient>): Message {
    const { clock, self } = this.#ports;
    const { id, content } = parcel;
    const delivery = { kind: "sent" as const, received: 0, silent: 0, of: recipients.length };
    const draft: Message = {
      id,
      conversation: to,
      author: self,
      own: true,
      content,
      atMs: clock.wallMs(),
      encrypted: true,
      delivery,
    };
    this.#deliveries.track(
      draft,
      recipients.map(({ username }) => username),
    );
    for (const recipient of recipients) {
      if (taken.has(recipient)) this.#flush(recipient.username);
      else this.#deliveries.mark(id, recipient.username, "full");
    }

    const message = this.#deliveries.settle(id, (name) => this.#whyHeld(name))?.message ?? draft;
    this.#timelines.put(message);
    this.#ports.emit({ kind: "message", message });
    return message;
  }

  #address(
    to: Conversation,
  ): Outcome<{ readonly room: RoomReference | null; readonly recipients: readonly Recipient[] }> {
    if (to.kind === "private") {
      if (to.username === this.#ports.self) return fail("peer_missing", "username: expected somebody else");
      return succeed({ room: null, recipients: [this.#recipient(to.username, null)] });
    }
    const view = this.#ports.roomView(to.id);
    if (view === undefined) return fail("not_member", "room: expected one of ours");
    const others = [...view.memberByName.values()].filter(({ username }) => username !== this.#ports.self);
    const recipients = others.map(({ username, account }) => this.#recipient(username, account));
    return succeed({ room: { id: view.room.id, name: view.room.name }, recipients });
  }

  /** The pinned key before the one that the tracker tells: what is written now is for whom we know. */
  #recipient(username: Username, told: AccountKey | null): Recipient {
    return { username, account: this.#ports.accountOf(username) ?? told };
  }

  leave(room: RoomReference | null, usernames: Iterable<Username>): void {
    for (const username of usernames)
      for (const link of this.#ports.linksTo(username)) link.say({ kind: "leave", room });
  }

  /** Sends what waits for this name over all links with it: each of its devices gets its own. */
  #flush(username: Username): void {
    const links = this.#ports.linksTo(username);
    const accounts = new Set(links.map((link) => link.party.account));
    for (const account of accounts) {
      const sameAccount = links.filter((link) => link.party.account === account);
      for (const parcel of this.#outbox.pendingFor({ username, account }, "waiting")) {
        for (const link of sameAccount) this.#say(link, parcel);
      }
    }
  }

  #say(link: PeerLink, parcel: Parcel): void {
    const { username } = link.party;
    if (!this.#mayGo(link, parcel) || link.say(parcel) === "closed") return;
    if (link.confirms) {
      this.#outbox.wentOver(link, username, parcel.id);
      this.#deliveries.mark(parcel.id, username, "sent");
    } else {
      this.#outbox.remove(username, parcel.id);
      this.#deliveries.mark(parcel.id, username, "silent", { plain: true });
    }
  }

  /** Only to members of the room as it is now, and in clear only what belongs to a plain room or to no room. */
  #mayGo(link: PeerLink, { room }: Parcel): boolean {
    if (room === null) return true;
    const view = this.#ports.roomView(room.id);
    if (view === undefined || !view.memberByName.has(link.party.username)) return false;
    return link.security !== undefined || view.room.kind === "plain";
  }

  // ---- links

  /** What is under way over another link goes over this one too, before anything newer does. */
  linkOpened(link: PeerLink): void {
    if (!this.#ports.isTrusted(link)) return;
    const { username, account } = link.party;
    const parcels = this.#outbox.pendingFor({ username, account }, "all");
    for (const parcel of parcels) this.#say(link, parcel);
    this.#tell(parcels.map(({ id }) => id));
  }

  linkClosed(link: PeerLink): void {
    this.#aside.linkEnded(link);
    const { username } = link.party;
    const ids = this.#outbox.linkEnded(link, username);
    for (const id of ids) this.#deliveries.mark(id, username, "waiting");
    this.#flush(username);
    this.#tell(ids);
  }

  /** Why something waits may be another reason now. */
  reachChanged(username: Username): void {
    this.#tell(this.#deliveries.waitingFor(username));
  }

  /** The user believed the key: what came from it is shown. What was written for the old key stays where it is. */
  keyAccepted(username: Username): void {
    for (const { link, message } of this.#aside.takeQuarantined(username)) this.#hear(link, message);
    this.#flush(username);
    this.reachChanged(username);
  }

  keyBlocked(username: Username): void {
    this.#aside.takeQuarantined(username);
  }

  // ---- rooms

  roomChanged(before: RoomView | undefined, after: RoomView): void {
    for (const username of before?.memberByName.keys() ?? []) {
      if (!after.memberByName.has(username)) this.#dropFor(username, after.room.id);
    }
    for (const { link, message } of this.#aside.takeEarly()) this.#hear(link, message);
  }

  roomClosed({ room, memberByName }: RoomView): void {
    for (const username of memberByName.keys()) this.#dropFor(username, room.id);
  }

  #dropFor(username: Username, room: RoomId): void {
    const ids = this.#outbox.dropRoom(username, room);
    for (const id of ids) this.#deliveries.mark(id, username, "gone");
    this.#tell(ids);
  }

  // ---- hearing

  heard(link: PeerLink, heard: Heard): void {
    const isTrusted = this.#ports.isTrusted(link);
    switch (heard.kind) {
      case "message":
        return isTrusted ? this.#hear(link, heard) : this.#aside.quarantine(link, heard);
      case "received":
        return isTrusted ? this.#confirmed(link.party.username, heard.id) : undefined;
      case "leave":
        return isTrusted ? this.#left(link.party.username, heard.room) : undefined;
    }
  }

  #hear(link: PeerLink, message: HeardMessage): void {
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
    const message: Message = {
      id,
      conversation,
      author: username,
      own: false,
      content,
      atMs,
      encrypted,
      delivery: null,
    };
    this.#timelines.put(message);
    this.#ports.emit({ kind: "message", message });
  }

  #confirmed(username: Username, id: MessageId): void {
    if (!this.#outbox.remove(username, id)) return;
    this.#deliveries.mark(id, username, "received");
    this.#tell([id]);
  }

  #left(username: Username, room: RoomId | null): void {
    if (room === null) this.#ports.emit({ kind: "private-left", username });
    else this.#ports.memberLeft(room, username);
  }

  // ---- telling

  #tell(ids: readonly MessageId[]): void {
    for (const id of ids) {
      const settled = this.#deliveries.settle(id, (name) => this.#whyHeld(name));
      if (settled === undefined || !settled.isNews) continue;
      const { message } = settled;
      if (this.#timelines.find(message.conversation, id) !== undefined) this.#timelines.put(message);
      this.#ports.emit({ kind: "delivery", message });
    }
  }

  #whyHeld(username: Username): Fault {
    const reach = this.#ports.reach(username);
    switch (reach.kind) {
      case "offline":
      case "self":
        return fault("peer_offline", "not online");
      case "connecting":
        return fault("unreachable", "not connected yet");
      case "unreachable":
        return reach.reason;
      case "linked":
        return fault("identity_changed", "written for another key of this name");
    }
  }
}

function checkSize(parcel: Parcel): Fault | undefined {
  const bytes = Buffer.byteLength(parcel.content);
  if (bytes === 0 || !parcel.content.isWellFormed()) return fault("bad_text", "content: expected some text");
  // Escapes make a text longer on the wire than it is.
  const isTooLong =
    bytes > MESSAGE_CONTENT_BYTES_MAX || Buffer.byteLength(JSON.stringify(parcel)) > JSON_FRAME_BYTES_MAX - 1_024;
  return isTooLong ? fault("frame_too_large", `content: limit ${MESSAGE_CONTENT_BYTES_MAX} bytes`) : undefined;
}
