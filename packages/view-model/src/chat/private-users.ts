import type { Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { nameSpan, type ShownLine, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { ChatPeer } from "./chat-ports.ts";

/** `/users` in a private chat: the two, how they are connected, and how far the other's key can be believed. */
export function privateUserLines(other: Username, peer: ChatPeer, texts: Catalogue): readonly ShownLine[] {
  const { feed, reach } = texts;
  const link = peer.diagnostics().links.find(({ username }) => username === other);
  const pin = peer.pins().find(({ username }) => username === other);
  const how =
    link === undefined
      ? [feed.reachNone]
      : [link.encrypted ? feed.reachEncrypted : feed.reachPlain, reach.paths[link.path]];
  const remarks = [...how, ...(pin === undefined ? [] : [feed.trust[pin.trust]])];
  const own = peer.self === undefined ? [] : [personLine(peer.self, feed.you)];
  return [textLine(feed.privateTitle(shownName(other))), ...own, personLine(other, remarks.join(", "))];
}

function personLine(username: Username, remarks: string): ShownLine {
  return { spans: [{ text: "- " }, nameSpan(username, shownName(username)), { text: ` (${remarks})` }] };
}
