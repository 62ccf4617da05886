import type { Conversation, Room } from "@papo/peer/api";
import { safeText } from "@papo/protocol";
import type { Span } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ChatPeer } from "./chat-ports.ts";
import type { Header } from "./chat-view.ts";

/** The line above a tab's timeline. */
export function headerOf(of: Conversation | null, peer: ChatPeer, texts: Catalogue): Header {
  if (of === null) return { title: texts.chat.home, topic: "", remarks: [] };
  if (of.kind === "private") return privateHeader(of, peer, texts);
  const room = peer.room(of.id);
  if (room === undefined) return { title: "", topic: "", remarks: [] };
  const topic = safeText(room.log?.topic ?? "");
  return { title: shownRoomName(room.name), topic, remarks: roomRemarks(room, texts) };
}

function roomRemarks({ kind, log }: Room, texts: Catalogue): readonly Span[] {
  const { chat, kept } = texts;
  const isPlain = kind === "plain";
  const standing = log?.standing ?? "live";
  const isUsual = standing === "live" || standing === "member";
  return [
    { text: isPlain ? chat.plaintext : chat.encrypted, tone: isPlain ? "warning" : "good" },
    ...(isUsual ? [] : [{ text: kept.standingMark[standing], tone: "warning" } as const]),
    ...(log !== undefined && log.missing > 0 ? [{ text: chat.missing(log.missing), tone: "notice" } as const] : []),
  ];
}

function privateHeader(
  { username }: Conversation & { readonly kind: "private" },
  peer: ChatPeer,
  { chat, feed }: Catalogue,
): Header {
  const link = peer.diagnostics().links.find((report) => report.username === username);
  const trust = peer.pins().find((pin) => pin.username === username)?.trust;
  const isBad = trust === "changed" || trust === "blocked";
  const remarks: readonly Span[] = [
    ...(link === undefined ? [] : [encryption(link.encrypted, chat)]),
    ...(trust === undefined
      ? []
      : [{ text: feed.trust[trust], tone: isBad ? "bad" : trust === "verified" ? "good" : "muted" } as const]),
  ];
  return { title: chat.privateTitle(shownName(username)), topic: "", remarks };
}

function encryption(isEncrypted: boolean, { encrypted, plaintext }: Catalogue["chat"]): Span {
  return isEncrypted ? { text: encrypted, tone: "good" } : { text: plaintext, tone: "warning" };
}
