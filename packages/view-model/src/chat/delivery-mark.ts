import type { Delivery } from "@papo/peer/api";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { faultSentence } from "../fault-sentence.ts";
import type { DeliveryMark } from "./chat-view.ts";

type Sent = Extract<Delivery, { kind: "sent" }>;

/** How far an own message got, in a sign or two. */
export function deliveryMark(delivery: Delivery | null, texts: Catalogue): DeliveryMark | null {
  if (delivery === null) return null;
  const says = texts.chat.delivery;
  switch (delivery.kind) {
    case "held":
      return { symbol: "⧖", tone: "warning", says: says.held };
    case "undeliverable":
      return { symbol: "✗", tone: "bad", says: says.undeliverable(faultSentence(texts, delivery.reason)) };
    case "sent":
      return sentMark(delivery, says);
  }
}

/** A seed program never confirms: what was written to it counts as there, but not as stored. */
function sentMark({ received, silent, of, read = 0, atLeast = false }: Sent, says: Says): DeliveryMark {
  if (of === 0) return { symbol: "·", tone: "muted", says: says.nobody };
  if (read >= of) return { symbol: "✓✓", tone: "good", says: says.read };
  if (received + silent === 0) return { symbol: "→", tone: "muted", says: says.sent };
  if (received === 0) return { symbol: "→", tone: "muted", says: says.silent };
  if (received + silent >= of) return { symbol: "✓", tone: "muted", says: says.all };
  return { symbol: `✓ ${atLeast ? "≥" : ""}${received + silent}/${of}`, tone: "muted", says: says.some(received, of) };
}

type Says = Catalogue["chat"]["delivery"];
