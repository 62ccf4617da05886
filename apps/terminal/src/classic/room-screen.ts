import type { Conversation, Room, RoomStanding } from "@papo/peer/api";
import { ONLINE_NAMES_SHOWN_MAX, safeText } from "@papo/protocol";
import {
  lastDeliveryLine,
  memberLines,
  ownKeyLine,
  shownMembers,
  shownRoomName,
  standingTexts,
  trackerLines,
} from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import { ClassicScreen } from "./classic-screen.ts";
import { type ChatScreen, converse, showEarlier } from "./converse.ts";
import type { Ending } from "./ending.ts";

/** A room on the screen, until the user goes back or it is gone. */
export async function showRoom(session: ClassicSession, room: Room): Promise<Ending> {
  const screen = new RoomScreen(session, room);
  if (room.log?.standing === "joining") session.awaitEntry(room.id);
  session.focus(screen.conversation);
  showHeader(session, room);
  showEarlier(session, screen);
  return converse(session, screen);
}

/** The head of §6.5's second screen. */
function showHeader(session: ClassicSession, room: Room): void {
  const { classic, kept } = session.texts;
  const topic = room.log?.topic ?? "";
  const online = namesLine(session, room, true);
  const offline = namesLine(session, room, false);
  session.say(
    "",
    classic.roomHeader(shownRoomName(room.name)),
    classic.onlineLine(online),
    ...(offline === "" ? [] : [classic.offlineLine(offline)]),
    ...(topic === "" ? [] : [kept.topicIs(safeText(topic))]),
    classic.roomHint,
    classic.headerEnd,
  );
  if (room.kind === "plain") session.notice(classic.plainRoom);
  for (const text of standingTexts(room, session.texts)) session.notice(text);
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

/** Nothing can be said in them any more. */
const OVER: ReadonlySet<RoomStanding> = new Set(["left", "removed", "closed"]);

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

  get #log(): Room["log"] {
    return this.session.peer.room(this.#room.id)?.log;
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
    const away = trackerLines(peer.trackerState(), this.nowMs, texts);
    this.session.show([...memberLines(room, texts), ...ownKey, ...(last === undefined ? [] : [last]), ...away]);
  }

  async deleteRoom(): Promise<void> {
    const { classic, kept } = this.session.texts;
    this.session.expectEnd(this.#room.id);
    const outcome = await this.session.patiently(this.session.peer.deleteRoom(this.#room.id));
    if (!outcome.ok) {
      this.session.focus(this.conversation);
      if (outcome.fault.code === "not_owner") return this.session.failed(classic.roomNotDeletable(this.#name));
      return this.session.failedBy(outcome.fault);
    }
    this.#left = true;
    this.session.succeeded(classic.roomDeleted(this.#name));
    if (this.#room.log !== undefined) this.session.notice(kept.closedForAll(this.#name));
  }

  /** Of a room that is over there is nothing to leave. */
  async leave(): Promise<void> {
    if (OVER.has(this.#log?.standing ?? "live")) return this.back();
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
    const standing = this.#log?.standing ?? "live";
    if (this.session.peer.room(this.#room.id) === undefined || OVER.has(standing)) return;
    this.session.notice(this.session.texts.classic.stillMember(this.#name));
  }
}
