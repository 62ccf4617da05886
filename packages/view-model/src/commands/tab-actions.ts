import type { Conversation, Message, SearchHit } from "@papo/peer/api";
import type { TabKey, TabRow } from "../chat/chat-view.ts";
import type { ShownLine } from "../feed/shown-line.ts";
import type { PanelHost } from "../panels/panel.ts";

/** What commands do on a screen of several conversations, and cannot on the classic one. */
export interface TabActions {
  readonly panels: PanelHost;
  /** Whether plain rooms may be made. */
  readonly allowPlaintext: boolean;
  /** As the list has them. */
  rows(): readonly TabRow[];
  activate(tab: TabKey): void;
  /** Opens its tab, or shows the one it has. `says`: what is told there, once it is open. */
  open(conversation: Conversation, says?: readonly ShownLine[]): void;
  /** The active tab goes from the list; nothing of the conversation is lost. */
  closeActive(): void;
  /** What stands in the active tab goes from the screen; what was said is kept. */
  clear(): void;
  /** That message, with what stands around it. */
  jumpTo(hit: SearchHit): void;
  /** So many messages of the active tab further back than the last time. False when one is at the first one already. */
  scrollBack(count: number): boolean;
  /** The next line answers this message. */
  replyTo(message: Message): void;
  /** Puts the text into the line being typed, in place of what is there. */
  fillLine(text: string): void;
  /** The newest message of the active tab counts as unread. */
  markUnread(): void;
  markAllRead(): void;
  openSwitcher(): void;
  quit(): void;
}
