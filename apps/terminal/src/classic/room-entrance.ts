import type { Room } from "@papo/peer/api";
import { type Fault, looksLikeInvite, type RoomKind } from "@papo/protocol";
import { roomRefusal, shownRoomName } from "@papo/view-model";
import type { ClassicSession } from "./classic-session.ts";
import type { Ending } from "./ending.ts";
import { showRoom } from "./room-screen.ts";

/** §6.5: create, then be in it. Of the tracker's usual kind unless one is named. */
export async function createRoom(session: ClassicSession, kind: RoomKind | undefined): Promise<Ending> {
  const name = await session.askLine(session.texts.classic.roomName);
  if (name === undefined) return "quit";
  if (name === "") return "menu";
  const outcome = await session.patiently(session.peer.createRoom({ name, ...(kind === undefined ? {} : { kind }) }));
  if (!outcome.ok) return refused(session, name, outcome.fault);
  session.succeeded(session.texts.classic.roomCreated(shownRoomName(outcome.value.name)));
  if (kind === "invite") session.notice(session.texts.kept.inviteFirst);
  return showRoom(session, outcome.value);
}

/** By its name, or by an invite's link. */
export async function joinRoom(session: ClassicSession): Promise<Ending> {
  const { classic } = session.texts;
  const recent = session.recent.roomOf(session.peer.rooms())?.name;
  const answer = await session.askLine(
    recent === undefined ? classic.roomName : classic.roomNameOr(shownRoomName(recent)),
  );
  if (answer === undefined) return "quit";
  const name = answer === "" ? (recent ?? "") : answer;
  if (name === "") return "menu";
  // Copied from a screen it may have been broken into lines.
  if (looksLikeInvite(name)) return joinByInvite(session, name.replaceAll(/\s/gu, ""));
  const named = session.peer.rooms().filter((room) => room.name === name);
  // Back into a room one is in: that needs no tracker.
  const own = named.find((room) => !isOver(room));
  return own === undefined ? joinNamed(session, name, named[0]) : showRoom(session, own);
}

/** `kept`: one of that name that is over and can still be read. */
async function joinNamed(session: ClassicSession, name: string, kept: Room | undefined): Promise<Ending> {
  const outcome = await session.patiently(session.peer.joinRoom(name));
  if (outcome.ok) {
    sayWhoSees(session);
    return arrive(session, outcome.value);
  }
  if (kept === undefined) return refused(session, name, outcome.fault);
  if (outcome.fault.code !== "room_missing") refused(session, name, outcome.fault);
  return showRoom(session, kept);
}

async function joinByInvite(session: ClassicSession, link: string): Promise<Ending> {
  const { kept } = session.texts;
  sayWhoSees(session);
  const outcome = await session.patiently(session.peer.joinByInvite(link), kept.inviteAsking);
  if (outcome.ok) return arrive(session, outcome.value);
  if (outcome.fault.code !== "peer_offline") {
    session.failedBy(outcome.fault);
    return "menu";
  }
  session.notice(kept.inviteWaiting);
  for (const { id, log } of session.peer.rooms()) if (log?.standing === "joining") session.awaitEntry(id);
  return "menu";
}

function sayWhoSees(session: ClassicSession): void {
  const { addressHidden, addressShown } = session.texts.classic;
  session.notice(session.peer.diagnostics().addresses.hidden ? addressHidden : addressShown);
}

/** In most rooms somebody is there who shows it at once. */
async function arrive(session: ClassicSession, { id, name }: Room): Promise<Ending> {
  const isOpen = () => session.peer.room(id)?.log?.standing !== "joining";
  await session.patiently(session.briefly(isOpen), session.texts.classic.connectingToRoom);
  const room = session.peer.room(id);
  if (room !== undefined) return showRoom(session, room);
  session.failed(session.texts.feed.roomLeft(shownRoomName(name)));
  return "menu";
}

function isOver({ log }: Room): boolean {
  return log?.standing === "left" || log?.standing === "removed" || log?.standing === "closed";
}

function refused(session: ClassicSession, name: string, fault: Fault): Ending {
  session.failed(roomRefusal(name, fault, session.texts) ?? session.sentenceOf(fault));
  return "menu";
}
