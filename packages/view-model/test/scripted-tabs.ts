import type { Conversation } from "@papo/peer/api";
import type { CommandScreen, Panel, ShownLine, TabRow } from "@papo/view-model";
import { PanelStack } from "../src/panels/panel-stack.ts";

type Tabs = NonNullable<CommandScreen["tabs"]>;

/** Tabs that note what was asked of them; panels stand here until the test answers them. */
export class ScriptedTabs implements Tabs {
  readonly asked: string[] = [];
  /** What was told in tabs that were opened. */
  readonly told: string[] = [];
  allowPlaintext = false;
  list: readonly TabRow[] = [];

  readonly panels = new PanelStack(() => {});

  /** The one in front. */
  get panel(): Panel | undefined {
    return this.panels.front;
  }

  row(number: number, title: string): TabRow {
    return {
      ...{ key: title as TabRow["key"], number, title, kind: "room", conversation: null, unread: 0, mentions: 0 },
      ...{ attention: "none", notify: "all", presence: null, roomKind: "open", standing: "member" },
      ...{ isPlaintext: false, hasDraft: false },
    };
  }

  rows(): readonly TabRow[] {
    return this.list;
  }
  activate(tab: TabRow["key"]): void {
    this.asked.push(`activate ${tab}`);
  }
  open(conversation: Conversation, says: readonly ShownLine[] = []): void {
    this.asked.push(`open ${conversation.kind === "room" ? conversation.id.slice(0, 3) : conversation.username}`);
    this.told.push(...says.map(({ spans }) => spans.map(({ text }) => text).join("")));
  }
  closeActive(): void {
    this.asked.push("close");
  }
  clear(): void {
    this.asked.push("clear");
  }
  jumpTo(hit: Parameters<Tabs["jumpTo"]>[0]): void {
    this.asked.push(`jump to ${hit.message.content}`);
  }
  scrollBack(count: number): boolean {
    this.asked.push(`back ${count}`);
    return false;
  }
  replyTo(message: Parameters<Tabs["replyTo"]>[0]): void {
    this.asked.push(`reply to ${message.content}`);
  }
  fillLine(text: string): void {
    this.asked.push(`fill ${text}`);
  }
  markUnread(): void {
    this.asked.push("unread");
  }
  markAllRead(): void {
    this.asked.push("all read");
  }
  openSwitcher(): void {
    this.asked.push("switcher");
  }
  quit(): void {
    this.asked.push("quit");
  }
}
