import type { Clock, Random } from "@papo/link";
import {
  type AccountKey,
  FAULTS,
  type Fault,
  type Outcome,
  type TrackerKey,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import type { Conversation, Message, MessageReference, PeerEvent, Reach, Room } from "./api.ts";
import { Away } from "./away.ts";
import { Conversations } from "./conversations/conversations.ts";
import { OwnRooms } from "./conversations/own-rooms.ts";
import { PresenceNews } from "./conversations/presence-news.ts";
import { PrivateChats } from "./conversations/private-chats.ts";
import type { PinKeeper } from "./identity/pin-keeper.ts";
import type { KeptAccount } from "./kept-account.ts";
import type { Heard, PeerLink } from "./mesh/peer-link.ts";
import type { RoomDirectory } from "./tracker-session/room-directory.ts";
import { type MemberChange, type RoomView, membershipChanges } from "./tracker-session/room-view.ts";
import type { AskLine } from "./tracker-session/tracker-line.ts";

export type TalkPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly pins: PinKeeper;
  /** Null at an original tracker. */
  readonly trackerKey: TrackerKey | null;
  readonly allowPlaintext: boolean;
  readonly emit: (event: PeerEvent) => void;
  readonly self: Username;
  readonly directory: RoomDirectory;
  readonly kept: KeptAccount;
  readonly withLine: AskLine;
  readonly reach: (username: Username) => Reach;
  /** Dials at once, and says how that went. */
  readonly reachNow: (username: Username, limitMs: number) => Promise<Reach>;
  readonly links: () => readonly PeerLink[];
  readonly linksTo: (username: Username) => readonly PeerLink[];
  readonly isTrusted: (link: PeerLink) => boolean;
  /** Rooms in which this name is, with those who were found without the tracker. */
  readonly viewsWith: (username: Username) => readonly RoomView[];
  readonly contactsChanged: () => void;
  /** We have to do with them. */
  readonly mayKnowUs: (account: AccountKey) => boolean;
  /** We share less with these people than before. */
  readonly parted: (usernames: readonly Username[]) => void;
};

export type OpenedPrivate = { readonly username: Username; readonly encrypted: boolean };

/** What is said, in rooms and in private, and who is there to hear it. One door to what is kept (`kept-account.ts`) and to what is not. */
export class Talk {
  readonly rooms: OwnRooms;
  readonly privateChats: PrivateChats;
  readonly #ports: TalkPorts;
  readonly away: Away;
  readonly #conversations: Conversations;
  readonly #presence: PresenceNews;

  constructor(ports: TalkPorts) {
    this.#ports = ports;
    this.privateChats = this.#createPrivateChats();
    this.rooms = this.#createRooms();
    this.away = this.#createAway();
    this.#conversations = this.#createConversations();
    this.#presence = this.#createPresence();
  }

  // ---- the parts, and what each needs of the others

  #createPrivateChats(): PrivateChats {
    const { clock, trackerKey, self, withLine, contactsChanged, reachNow } = this.#ports;
    return new PrivateChats({
      ...{ clock, trackerKey, self, withLine, reachNow },
      isLinked: (username) => this.#isLinked(username),
      isWaitingFor: (username) => this.#isWaitingFor(username),
      changed: contactsChanged,
    });
  }

  #createRooms(): OwnRooms {
    const { pins, allowPlaintext, trackerKey, directory, kept, withLine, self, reach } = this.#ports;
    return new OwnRooms({
      ...{ directory, withLine },
      kept: kept.rooms,
      keeps: trackerKey !== null,
      // At an original tracker every room is plain; whether anything goes in clear is decided link by link.
      mayBePlain: allowPlaintext || trackerKey === null,
      eyes: {
        ...{ self, reach },
        away: (username) => this.away.of(username),
        trust: (username, account) => pins.trust(username, account),
        accountOf: (username) => pins.accountOf(username) ?? null,
      },
      sayLeave: (room, members) => this.#conversations.leave(room, members),
    });
  }

  #createConversations(): Conversations {
    const { clock, random, emit, pins, trackerKey, directory, self, linksTo, isTrusted, reach } = this.#ports;
    return new Conversations({
      ...{ clock, random, emit, self, linksTo, isTrusted, reach },
      roomView: (id) => directory.view(id),
      memberLeft: (id, username) => directory.withoutMember(id, username),
      accountOf: (username) => pins.accountOf(username) ?? this.privateChats.accountOf(username),
      tracksAccounts: trackerKey !== null,
    });
  }

  #createPresence(): PresenceNews {
    const { clock, self, emit, directory } = this.#ports;
    return new PresenceNews({
      ...{ clock, self },
      isLinked: (username) => this.#isLinked(username),
      views: () => directory.views(),
      tell: (change, view) => emit({ ...change, room: this.#presentRoom(view) }),
    });
  }

  #createAway(): Away {
    const { clock, self, emit, links, linksTo, isTrusted, mayKnowUs } = this.#ports;
    return new Away({
      ...{ clock, self, emit, links, linksTo, isTrusted, mayKnowUs },
      changed: (username) => this.#tellRoomsOf(username),
    });
  }

  #isLinked(username: Username): boolean {
    return this.#ports.linksTo(username).length > 0;
  }

  // ---- life

  /** The tracker was there before, and is there again. */
  trackerIsBack(): void {
    this.#presence.trackerIsBack();
  }

  stop(): void {
    this.#presence.stop();
    this.privateChats.stop();
    this.away.stop();
  }

  // ---- rooms, as the tracker tells of them

  #presentRoom(view: RoomView): Room {
    return this.#ports.kept.rooms.room(view.room.id) ?? this.rooms.present(view);
  }

  roomChanged(before: RoomView | undefined, after: RoomView): void {
    const { kept, self, parted } = this.#ports;
    kept.viewChanged(after.room.id);
    const membership = before === undefined ? [] : membershipChanges(before, after, self);
    if (kept.rooms.has(after.room.id)) this.#keptRoomChanged(after);
    else this.#plainRoomChanged(before, after, membership);
    parted(membership.filter(({ kind }) => kind === "member-left").map(({ username }) => username));
    this.away.companyChanged();
  }

  #plainRoomChanged(before: RoomView | undefined, after: RoomView, membership: readonly MemberChange[]): void {
    const { emit } = this.#ports;
    this.#conversations.roomChanged(before, after);
    this.#meet(before, after);
    const room = this.rooms.present(after);
    for (const change of membership) emit({ ...change, room });
    this.#presence.roomChanged(after);
    emit({ kind: "room-changed", room });
  }

  /** Whoever is in a plain room with us is no stranger; of the others their logs tell. */
  #meet(before: RoomView | undefined, { memberByName }: RoomView): void {
    for (const { username, account } of memberByName.values())
      if (account !== null && before?.memberByName.get(username)?.account !== account)
        this.#ports.kept.acquainted(account);
  }

  /** Who belongs to it is its log's to say; the tracker says who is there. */
  #keptRoomChanged(after: RoomView): void {
    const { kept, emit } = this.#ports;
    const room = kept.rooms.room(after.room.id);
    this.#presence.roomChanged(after);
    if (room !== undefined) emit({ kind: "room-changed", room });
  }

  roomClosed(view: RoomView, reason: "deleted" | "left" | "removed"): void {
    const { kept, emit, parted } = this.#ports;
    const { id, name } = view.room;
    this.#conversations.roomClosed(view);
    this.#presence.roomClosed(view);
    // What has a log ends when its log says so.
    if (!kept.rooms.has(id)) emit({ kind: "room-closed", id, name, reason });
    parted([...view.memberByName.keys()]);
  }

  // ---- messages

  /** Kept where it can be: among programs with keys, in every room but a plain one. */
  async send(to: Conversation, content: string, replyTo?: MessageReference["id"]): Promise<Outcome<Message>> {
    const { kept } = this.#ports;
    if (to.kind === "room" && kept.rooms.has(to.id)) return kept.rooms.send(to.id, content, replyTo);
    if (replyTo !== undefined) return fail("unsupported", "replyTo: expected a message of a room that is kept");
    const stored = to.kind === "private" ? await kept.sendPrivate(to.username, content) : undefined;
    const sent = stored ?? this.#conversations.send(to, content);
    if (sent.ok && to.kind === "private") this.privateChats.written(to.username);
    return sent;
  }

  message(reference: MessageReference): Outcome<Message> {
    const { kept } = this.#ports;
    const { conversation: of, id } = reference;
    const isKeptRoom = of.kind === "room" && kept.rooms.has(of.id);
    const stored =
      of.kind === "room" ? kept.rooms.reading.message(reference) : kept.privateChats.message(of.username, id);
    const found = stored ?? (isKeptRoom ? undefined : this.#conversations.message(reference));
    return found === undefined ? fail("message_missing", "message: expected one that is held here") : succeed(found);
  }

  messages(of: Conversation): readonly Message[] {
    const { kept } = this.#ports;
    if (of.kind === "room" && kept.rooms.has(of.id)) return kept.rooms.reading.messages(of.id);
    const live = this.#conversations.messages(of);
    if (of.kind === "room") return live;
    const stored = kept.privateChats.history(of.username);
    return stored.ok ? [...stored.value.messages, ...live].toSorted((one, other) => one.atMs - other.atMs) : live;
  }

  /** Whether text for them waits. */
  #isWaitingFor(username: Username): boolean {
    const { people, privateChats } = this.#ports.kept;
    const account = people.accountOf(username);
    const isKept = account !== undefined && privateChats.isWaitingFor(account);
    return isKept || this.#conversations.isWaitingFor(username);
  }

  /** Somebody who is not there can be written to as soon as it is known for which key. */
  async openPrivate(username: Username): Promise<Outcome<OpenedPrivate>> {
    const opened = await this.privateChats.open(username);
    const isLater = !opened.ok && FAULTS[opened.fault.code] === "later";
    if (!isLater || this.#ports.kept.people.accountOf(username) === undefined) return opened;
    return succeed({ username, encrypted: true });
  }

  leavePrivate(username: Username): void {
    this.#conversations.leave(null, [username]);
    this.privateChats.leave(username);
  }

  // ---- links

  linkOpened(link: PeerLink, isFirst: boolean): void {
    const { kept, emit } = this.#ports;
    this.#conversations.linkOpened(link);
    emit({ kind: isFirst ? "linked" : "relinked", link: link.report() });
    kept.linkOpened(link);
    this.away.linkOpened(link);
  }

  heard(link: PeerLink, heard: Heard): void {
    if (heard.kind === "status") return this.away.heard(link, heard.away);
    this.#conversations.heard(link, heard);
    this.#ports.kept.heard(link, heard);
  }

  linkClosed(link: PeerLink, reason: Fault, isLast: boolean): void {
    const { kept, emit } = this.#ports;
    const { username } = link.party;
    this.#conversations.linkClosed(link);
    kept.linkClosed(link);
    this.away.linkClosed(link);
    if (!isLast) return;
    emit({ kind: "unlinked", username, reason });
    this.privateChats.linkClosed(username);
  }

  reachChanged(username: Username): void {
    this.#conversations.reachChanged(username);
    this.#ports.kept.reachChanged(username);
    this.#presence.reachChanged(username);
    this.#tellRoomsOf(username);
  }

  #tellRoomsOf(username: Username): void {
    const { emit, viewsWith } = this.#ports;
    for (const view of viewsWith(username)) emit({ kind: "room-changed", room: this.#presentRoom(view) });
  }

  // ---- keys

  keyDecided(username: Username, decision: "accept" | "block"): void {
    if (decision === "accept") this.#conversations.keyAccepted(username);
    else this.#conversations.keyBlocked(username);
    this.#ports.kept.peopleChanged(username, { accepted: decision === "accept" });
    this.away.keyDecided(username);
  }
}
