import type { Delivery, Reach, Room, RoomMember } from "@papo/peer/api";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { shownMembers } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import { standingTexts } from "./room-standing.ts";
import { nameSpan, type ShownLine, textLine } from "./shown-line.ts";

/** `/users`: everyone in the room, where they stand seen from here, and how far their key can be believed. */
export function memberLines(room: Room, texts: Catalogue): readonly ShownLine[] {
  const names = shownMembers(room.members);
  return [
    textLine(texts.feed.membersTitle(room.memberCount, room.capacity)),
    ...room.members.map((member) => memberLine(member, names.get(member.username), room, texts)),
    ...standingTexts(room, texts).map(textLine),
  ];
}

function memberLine(member: RoomMember, name: string | undefined, room: Room, texts: Catalogue): ShownLine {
  const { feed, kept } = texts;
  const isSelf = member.reach.kind === "self";
  const remarks = [
    ...(isSelf ? [feed.you] : [presence(member, feed), ...reachRemarks(member.reach, texts)]),
    ...(member.username === room.owner ? [feed.owner] : member.role === "moderator" ? [kept.moderator] : []),
    ...(isSelf ? [] : [feed.trust[member.trust]]),
  ];
  const span = nameSpan(member.username, name ?? shownName(member.username));
  return { spans: [{ text: "- " }, span, { text: ` (${remarks.join(", ")})` }] };
}

function presence(member: RoomMember, feed: Catalogue["feed"]): string {
  if (member.online) return feed.reachOnline;
  // Offline is the tracker's word: of those whom we look for without it nobody knows.
  return member.reach.kind === "offline" ? feed.reachOffline : feed.reachUnknown;
}

function reachRemarks(reach: Reach, texts: Catalogue): readonly string[] {
  const { feed } = texts;
  switch (reach.kind) {
    case "linked":
      return [reach.encrypted ? feed.reachEncrypted : feed.reachPlain, texts.reach.paths[reach.path]];
    case "connecting":
      return [feed.reachConnecting];
    case "unreachable":
      return [feed.reachNone];
    case "self":
    case "offline":
    case "unknown":
      return [];
  }
}

/** How far the last own message got; undefined when there was none, or when that was told already. */
export function lastDeliveryLine(delivery: Delivery | null | undefined, { feed }: Catalogue): ShownLine | undefined {
  if (delivery?.kind !== "sent") return undefined;
  const { received, silent, of } = delivery;
  if (of === 0) return textLine(feed.lastToNobody);
  return textLine(silent === 0 ? feed.lastDelivery(received, of) : feed.lastUnconfirmed(received, silent, of));
}
