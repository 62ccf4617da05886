import type { NotifyLevel } from "@papo/peer/api";
import type { Attention } from "./chat-view.ts";

const LOUDNESS: Readonly<Record<Attention, number>> = { none: 0, low: 1, message: 2, private: 3, mention: 4 };

export function isLouder(one: Attention, other: Attention): boolean {
  return LOUDNESS[one] > LOUDNESS[other];
}

export function louder(one: Attention, other: Attention): Attention {
  return isLouder(other, one) ? other : one;
}

/** How loud a message is where so much is to be told. */
export function attentionOf(what: "private" | "room", isMention: boolean, level: NotifyLevel): Attention {
  if (level === "none") return "low";
  if (isMention) return "mention";
  if (level === "mentions") return "low";
  return what === "private" ? "private" : "message";
}
