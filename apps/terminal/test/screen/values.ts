import type { Message } from "@papo/peer/api";
import type { MemberRow, MessageItem, StatusView, TabKey, TabRow, Timeline, TimelineItem } from "@papo/view-model";
import type { Area } from "../../src/render/area.ts";
import type { Row } from "../../src/render/frame.ts";
import { user } from "../fake-peer.ts";

// Values as the model gives them, made by hand.

export function tab(number: number, title: string, more: Partial<TabRow> = {}): TabRow {
  return {
    ...{ key: `tab ${number}` as TabKey, number, kind: "room", conversation: null, title, unread: 0, mentions: 0 },
    ...{ attention: "none", notify: "all", presence: null, roomKind: "open", standing: "member" },
    ...{ isPlaintext: false, hasDraft: false, ...more },
  };
}

export function said(key: string, author: string, text: string, more: Partial<MessageItem> = {}): MessageItem {
  const message = { own: false, author: user("ana"), content: text } as Partial<Message> as Message;
  return {
    ...{ kind: "message", key, message, time: "18:47", author: { text: author, colour: 1 }, isGrouped: false },
    ...{ isMention: false, reply: null, body: text.split("\n").map((line) => [{ text: line }]), marks: [] },
    ...{ reactions: [], delivery: null, ...more },
  };
}

export function timelineOf(items: readonly TimelineItem[], more: Partial<Timeline> = {}): Timeline {
  return { items, isAtNewest: true, isAtOldest: true, focus: null, ...more };
}

export function member(name: string, more: Partial<MemberRow> = {}): MemberRow {
  return {
    ...{ username: user(name), name: { text: name, colour: 2 }, prefix: "", role: "member", presence: "here" },
    ...{ trust: "unverified", isSelf: false, isIgnored: false, path: "", ...more },
  };
}

export function statusOf(more: Partial<StatusView> = {}): StatusView {
  return {
    ...{ time: "18:47", self: "gabi", away: null, tracker: { tone: "good", text: "online" } },
    ...{ links: { tone: "good", text: "2 direct" }, memberCount: 3, hot: [], waiting: 0, ...more },
  };
}

/** What a row shows, with the parts where they stand; a dot where a part would cover another. */
export function textOf(row: Row, { column = 0, columns = 80 }: Partial<Area> = {}): string {
  let text = "";
  for (const part of row) {
    text = `${text.padEnd(part.column - column, " ")}${part.runs.map((run) => run.text).join("")}`;
  }
  return text.slice(0, columns);
}
