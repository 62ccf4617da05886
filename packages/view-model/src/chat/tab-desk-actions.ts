import type { TabActions } from "../commands/tab-actions.ts";
import { mayQuit } from "../flows/quit-question.ts";
import type { Chat } from "./chat.ts";
import type { ChatPorts } from "./chat-ports.ts";
import type { ChatSession } from "./chat-session.ts";

export type TabActionsParts = {
  readonly chat: Chat;
  readonly ports: ChatPorts;
  readonly session: ChatSession;
  changed(): void;
};

/** What commands do with the tabs. */
export function tabActions({ chat, ports, session, ...parts }: TabActionsParts): TabActions {
  const { desk } = session;
  const changed = (): void => parts.changed();
  const { list } = desk;
  return {
    panels: chat.panels,
    allowPlaintext: ports.allowPlaintext,
    rows: () => chat.tabs(),
    activate: (key) => chat.activate(key),
    open(conversation, says = []) {
      const tab = desk.open(conversation);
      if (tab !== undefined && says.length > 0) desk.greet(tab, says);
    },
    closeActive: () => desk.closeTab(list.active),
    clear() {
      list.active.timeline.clear();
      changed();
    },
    jumpTo(hit) {
      const tab = desk.open(hit.message.conversation);
      tab?.timeline.toHit(hit);
      changed();
    },
    scrollBack(count) {
      const hasMoved = list.active.timeline.toEarlier(count);
      changed();
      return hasMoved;
    },
    replyTo(message) {
      const { conversation } = message;
      const tab = list.of(conversation);
      const isKept = conversation.kind === "room" && ports.peer.room(conversation.id)?.log !== undefined;
      if (tab === undefined) return;
      if (isKept) tab.answers = message;
      else desk.show(tab, [{ spans: [{ text: chat.texts.chat.onlyKeptAnswered, tone: "bad" }] }]);
      changed();
    },
    fillLine(text) {
      chat.setDraft(text);
      changed();
    },
    markUnread: () => chat.markUnread(),
    markAllRead: () => chat.markAllRead(),
    openSwitcher: () => chat.openSwitcher(),
    quit() {
      void mayQuit(chat.panels, chat.texts, session.held.count).then((may) => (may ? ports.quit() : undefined));
    },
  };
}
