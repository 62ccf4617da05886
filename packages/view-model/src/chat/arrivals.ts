import type { Message } from "@papo/peer/api";
import { safeText } from "@papo/protocol";
import { excerptOf } from "../excerpt.ts";
import { attentionOf, isLouder } from "./attention.ts";
import type { Alert, Attention } from "./chat-view.ts";
import { firstLine } from "./message-item.ts";
import type { People } from "./people.ts";
import type { Tab } from "./tab.ts";

/** What came in the active tab and was not looked at yet. */
export type Unlooked = { count: number; mentions: number; attention: Attention; alert: Alert | undefined };

export function nothingUnlooked(): Unlooked {
  return { count: 0, mentions: 0, attention: "none", alert: undefined };
}

export type Arrival = { readonly isMention: boolean; readonly attention: Attention; readonly alert: Alert | undefined };

/** How much a message that somebody else wrote asks for a look. */
export function arrivalOf(message: Message, tab: Tab, people: People): Arrival {
  const { kind } = message.conversation;
  const isMention = people.isMention(message);
  const attention = attentionOf(kind, isMention, tab.level);
  const rings = isLouder(attention, "message");
  return { isMention, attention, alert: rings ? alertOf(message, tab, { attention, people }) : undefined };
}

function alertOf(
  { conversation, author, content }: Message,
  tab: Tab,
  { attention, people }: { readonly attention: Attention; readonly people: People },
): Alert {
  const { chat } = people.texts;
  const name = people.nameOf(conversation, author);
  const title = conversation.kind === "room" ? chat.alertRoom(name, tab.row().title) : chat.alertPrivate(name);
  const text = excerptOf(safeText(firstLine(content)));
  return { tab: tab.key, attention: attention === "mention" ? "mention" : "private", title, text };
}
