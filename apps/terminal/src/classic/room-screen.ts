import type { Conversation, Room } from "@papo/peer/api";
import { type Fault, ONLINE_NAMES_SHOWN_MAX, type RoomKind } from "@papo/protocol";
import { lastDeliveryLine, memberLines, ownKeyLine, shownMembers, shownRoomName } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { ClassicScreen } from "./classic-screen.ts";
import { type ChatScreen, converse, showEarlier } from "./converse.ts";
import type { Ending } from "./ending.ts";
import { shortened } from "./shortened.ts";

/** §6.5: create, then be in it. Of the tracker's usual kind unless one is named. */
export async function createRoom(session: ClassicSession, kind: RoomKind | undefined): Promise<Ending> {
  const name = await session.askLine(session.texts.classic.roomName);
  if (name === undefined) return "quit";
  if (name === "") return "menu";
  const outcome = await session.patiently(session.peer.createRoom({ name, ...(kind === undefined ? {} : { kind }) }));
  if (!outcome.ok) return refused(session, name, outcome.fault);
  session.succeeded(session.texts.classic.roomCreated(shownRoomName(outcome.value.name)));
  return enter(session, outcome.value);
}

export async function joinRoom(session: ClassicSession): Promise<Ending> {
  const { classic } = session.texts;
  const recent = session.recent.roomOf(session.peer.rooms())?.name;
  const answer = await session.askLine(
    recent === undefined ? classic.roomName : classic.roomNameOr(shownRoomName(recent)),
  );
  if (answer === undefined) return "quit";
  const name = answer === "" ? (recent ?? "") : answer;
  if (name === "") return "menu";
  // Back into a room one is in: that needs no tracker.
  const joined = session.peer.rooms().find((room) => room.name === name);
  if (joined !== undefined) return enter(session, joined);
  const outcome = await session.patiently(session.peer.joinRoom(name));
  if (!outcome.ok) return refused(session, name, outcome.fault);
  session.notice(classic.addressShown);
  return enter(session, outcome.value);
}

function refused(session: ClassicSession, name: string, fault: Fault): Ending {
  const { classic } = session.texts;
  const shown = shortened(name);
  if (fault.code === "room_exists") session.failed(classic.roomExists(shown));
  else if (fault.code === "room_missing") session.failed(classic.roomMissing(shown));
  else if (fault.code === "room_full") session.failed(classic.roomFull(shown));
  else if (fault.code === "plaintext_refused") session.failed(classic.roomPlain(shown));
  else session.failedBy(fault);
  return "menu";
}

async function enter(session: ClassicSession, room: Room): Promise<Ending> {
  const screen = new RoomScreen(session, room);
  session.focus(screen.conversation);
  showHeader(session, room);
  showEarlier(session, screen);
  return converse(session, screen);
}

/** The head of §6.5's second screen. */
function showHeader(session: ClassicSession, room: Room): void {
  const { classic } = session.texts;
  const online = namesLine(session, room, true);
  const offline = namesLine(session, room, false);
  session.say(
    "",
    classic.roomHeader(shownRoomName(room.name)),
    classic.onlineLine(online),
    ...(offline === "" ? [] : [classic.offlineLine(offline)]),
    classic.roomHint,
    classic.headerEnd,
  );
  if (room.kind === "plain") session.notice(classic.plainRoom);
  if (room.members.some(({ reach }) => reach.kind === "connecting")) session.say(classic.connectingToRoom);
}

function namesLine({ texts }: ClassicSession, room: Room, online: boolean): string {
  const shown = shownMembers(room.members);
  const names = room.members
    .filter((member) => member.online === online)
    .map((member) => shown.get(member.username) ?? "");
  const rest = names.length - ONLINE_NAMES_SHOWN_MAX;
  const listed = names.slice(0, ONLINE_NAMES_SHOWN_MAX).join(", ");
  return rest > 0 ? `${listed} ${texts.classic.andMore(rest)}` : listed;
}

class RoomScreen extends ClassicScreen implements ChatScreen {
  readonly kind = "room";
  readonly conversation: Conversation;
  readonly #room: Room;
  #left = false;

  constructor(session: ClassicSession, room: Room) {
    super(session);
    this.#room = room;
    this.conversation = { kind: "room", id: room.id };
  }

  get isOver(): boolean {
    return this.#left || this.session.peer.room(this.#room.id) === undefined;
  }

  get #name(): string {
    return shownRoomName(this.#room.name);
  }

  showUsers(): void {
    const { peer, texts } = this.session;
    const room = peer.room(this.#room.id);
    if (room === undefined) return;
    const last = lastDeliveryLine(this.session.feed.lastOwn?.delivery, texts);
    const ownKey = peer.account === undefined ? [] : [ownKeyLine(peer.account, texts)];
    this.session.show([...memberLines(room, texts), ...ownKey, ...(last === undefined ? [] : [last])]);
  }

  async deleteRoom(): Promise<void> {
    const { classic } = this.session.texts;
    this.session.expectEnd(this.#room.id);
    const outcome = await this.session.patiently(this.session.peer.deleteRoom(this.#room.id));
    if (!outcome.ok) {
      this.session.focus(this.conversation);
      if (outcome.fault.code === "not_owner") return this.session.failed(classic.roomNotDeletable(this.#name));
      return this.session.failedBy(outcome.fault);
    }
    this.#left = true;
    this.session.succeeded(classic.roomDeleted(this.#name));
  }

  async leave(): Promise<void> {
    this.session.expectEnd(this.#room.id);
    const outcome = await this.session.patiently(this.session.peer.leaveRoom(this.#room.id));
    if (!outcome.ok) {
      this.session.focus(this.conversation);
      this.session.failedBy(outcome.fault);
      return this.session.notice(this.session.texts.classic.stillInRoom);
    }
    this.#left = true;
    this.session.succeeded(this.session.texts.classic.roomLeft(this.#name));
  }

  async back(): Promise<void> {
    this.#left = true;
    this.session.notice(this.session.texts.classic.stillMember(this.#name));
  }
}
