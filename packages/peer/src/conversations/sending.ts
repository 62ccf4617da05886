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
import type { PeerLink, RoomReference } from "../mesh/peer-link.ts";
import type { RoomView } from "../tracker-session/room-view.ts";
import { Deliveries, type LiveMessage } from "./deliveries.ts";
import { newMessageId } from "./message-id.ts";
import { Outbox, type Parcel, type Recipient } from "./outbox.ts";
import type { Timelines } from "./timelines.ts";

export type SendingPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly self: Username;
  readonly emit: (event: PeerEvent) => void;
  readonly roomView: (id: RoomId) => RoomView | undefined;
  /** The key that counts for this name, null if none is known. */
  readonly accountOf: (username: Username) => AccountKey | null;
  /** Open links that may be spoken on. */
  readonly linksTo: (username: Username) => readonly PeerLink[];
  readonly isTrusted: (link: PeerLink) => boolean;
  readonly reach: (username: Username) => Reach;
};

/** Own messages, from the call to the last confirmation: to whom each goes, over which links, and where it stands. */
export class Sending {
  readonly #ports: SendingPorts;
  readonly #timelines: Timelines;
  readonly #outbox = new Outbox<PeerLink>();
  readonly #deliveries = new Deliveries();

  constructor(ports: SendingPorts, timelines: Timelines) {
    this.#ports = ports;
    this.#timelines = timelines;
  }

  send(to: Conversation, content: string): Outcome<Message> {
    const addressed = this.#address(to);
    if (!addressed.ok) return addressed;
    const { room, recipients } = addressed.value;
    const id = newMessageId(this.#ports.random);
    const parcel: Parcel = { kind: "message", id, room, content, sent: timestampOf(this.#ports.clock) };
    const refused = checkSize(parcel);
    if (refused !== undefined) return { ok: false, fault: refused };

    const taken = new Set(recipients.filter((recipient) => this.#outbox.add(recipient, parcel)));
    if (recipients.length > 0 && taken.size === 0) return fail("limit_reached", "too much waits for everybody there");
    this.#deliveries.track(
      this.#draft(to, parcel),
      recipients.map(({ username }) => username),
    );
    for (const recipient of recipients) {
      if (taken.has(recipient)) this.#offer(recipient, parcel);
      else this.#deliveries.mark(id, recipient.username, "full");
    }
    return succeed(this.#show(to, parcel));
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

  #draft(conversation: Conversation, { id, content }: Parcel): LiveMessage {
    const { clock, self } = this.#ports;
    const common = { id, conversation, author: self, own: true, content, atMs: clock.wallMs(), encrypted: true };
    return { ...common, delivery: { kind: "sent", received: 0, silent: 0, of: 0 } };
  }

  #show(to: Conversation, parcel: Parcel): Message {
    const settled = this.#deliveries.settle(parcel.id, (name) => this.#whyHeld(name));
    const message = settled?.message ?? this.#draft(to, parcel);
    this.#timelines.put(message);
    this.#ports.emit({ kind: "message", message });
    return message;
  }

  leave(room: RoomReference | null, usernames: Iterable<Username>): void {
    for (const username of usernames)
      for (const link of this.#ports.linksTo(username)) link.say({ kind: "leave", room });
  }

  /** A new message over all links with this name: each of its devices gets its own. Older ones went, or wait for another key. */
  #offer({ username, account }: Recipient, parcel: Parcel): void {
    for (const link of this.#ports.linksTo(username))
      if (account === null || account === link.party.account) this.#say(link, parcel);
  }

  /** Everything that waits for this name. */
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

  // ---- what changes where a message stands

  /** What is under way over another link goes over this one too, before anything newer does. */
  linkOpened(link: PeerLink): void {
    if (!this.#ports.isTrusted(link)) return;
    const { username, account } = link.party;
    const parcels = this.#outbox.pendingFor({ username, account }, "all");
    for (const parcel of parcels) this.#say(link, parcel);
    this.#tell(parcels.map(({ id }) => id));
  }

  linkClosed(link: PeerLink): void {
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

  /** What was written for the old key stays where it is. */
  keyAccepted(username: Username): void {
    this.#flush(username);
    this.reachChanged(username);
  }

  /** No member of the room any more: what waits for them there is for nobody. */
  memberGone(username: Username, room: RoomId): void {
    const ids = this.#outbox.dropRoom(username, room);
    for (const id of ids) this.#deliveries.mark(id, username, "gone");
    this.#tell(ids);
  }

  confirmed(username: Username, id: MessageId): void {
    if (!this.#outbox.remove(username, id)) return;
    this.#deliveries.mark(id, username, "received");
    this.#tell([id]);
  }

  /** Whether anything waits for this name while there is no link to send it over. */
  isWaitingFor(username: Username): boolean {
    return this.#deliveries.waitingFor(username).length > 0;
  }

  #tell(ids: readonly MessageId[]): void {
    for (const id of ids) {
      const settled = this.#deliveries.settle(id, (name) => this.#whyHeld(name));
      if (settled === undefined || !settled.isNews) continue;
      const { message } = settled;
      if (this.#timelines.has(message)) this.#timelines.put(message);
      this.#ports.emit({ kind: "delivery", message });
    }
  }

  #whyHeld(username: Username): Fault {
    const reach = this.#ports.reach(username);
    switch (reach.kind) {
      case "offline":
      case "unknown":
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
