import type { Conversation, Message, SearchHit } from "@papo/peer/api";
import type { PanelHost } from "../panels/panel.ts";

/** What commands do on a screen of several conversations, and cannot on the classic one. */
export interface TabActions {
  readonly panels: PanelHost;
  /** Opens its tab, or shows the one it has. */
  open(conversation: Conversation): void;
  /** The active tab goes from the list; nothing of the conversation is lost. */
  closeActive(): void;
  /** What stands in the active tab goes from the screen; what was said is kept. */
  clear(): void;
  /** That message, with what stands around it. */
  jumpTo(hit: SearchHit): void;
  /** The next line answers this message. */
  replyTo(message: Message): void;
  /** Puts the text into the line being typed, in place of what is there. */
  fillLine(text: string): void;
  quit(): void;
}
