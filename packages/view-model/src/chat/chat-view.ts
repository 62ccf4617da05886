import type { Conversation, Message, NotifyLevel, RoomRole, RoomStanding, Trust } from "@papo/peer/api";
import type { RoomKind, Username } from "@papo/protocol";
import type { ShownLine, Span } from "../feed/shown-line.ts";

// What a screen of several conversations shows, as plain values: a terminal draws them as cells, a page as elements. Everything in them is safe to
// show. A value that has not changed is the same object as before: whoever draws may keep what it made of it.

/** One tab, as long as this program runs. */
export type TabKey = string & { readonly __brand: "TabKey" };

/** How loud what waits in a tab is, in rising order; `low` is who came and went. */
export type Attention = "none" | "low" | "message" | "private" | "mention";

export type Presence = "here" | "away" | "offline" | "unknown";

/** One line of the list of tabs. The first one, `home`, belongs to no conversation: what concerns all of them is said there. */
export type TabRow = {
  readonly key: TabKey;
  /** From 1, as the list has them: the key that leads there. */
  readonly number: number;
  readonly kind: "home" | "room" | "private";
  readonly conversation: Conversation | null;
  readonly title: string;
  readonly unread: number;
  readonly mentions: number;
  readonly attention: Attention;
  readonly notify: NotifyLevel;
  /** Of the other side of a private chat. */
  readonly presence: Presence | null;
  readonly roomKind: RoomKind | null;
  readonly standing: RoomStanding | null;
  /** What is said there can be read on its way. */
  readonly isPlaintext: boolean;
  readonly hasDraft: boolean;
};

/** The line above the timeline. */
export type Header = { readonly title: string; readonly topic: string; readonly remarks: readonly Span[] };

/** What became of an own message. */
export type DeliveryMark = {
  readonly symbol: string;
  readonly tone: "muted" | "good" | "warning" | "bad";
  readonly says: string;
};

/** Keys are stable and unique within a tab. `time`: as the clock of this computer has it, `18:47`. */
export type TimelineItem =
  | { readonly kind: "day"; readonly key: string; readonly label: string }
  /** Above the first message that was not read when the tab was opened. One at most. */
  | { readonly kind: "unread"; readonly key: string; readonly label: string }
  | MessageItem
  /** What happened in the conversation: who came, left, was given a role; several that follow one another are one. */
  | { readonly kind: "notice"; readonly key: string; readonly time: string; readonly spans: readonly Span[] }
  /** What a command answered; shown in the tab where it was typed, kept nowhere. */
  | { readonly kind: "output"; readonly key: string; readonly lines: readonly ShownLine[] }
  /** At the upper end: more is being fetched, or this is where it begins. */
  | { readonly kind: "edge"; readonly key: string; readonly label: string };

export type MessageItem = {
  readonly kind: "message";
  readonly key: string;
  readonly message: Message;
  readonly time: string;
  readonly author: Span;
  /** By the same author as the one above, shortly after: the name need not stand there again. */
  readonly isGrouped: boolean;
  readonly isMention: boolean;
  /** The line that it answers, shortened: whose, and what. */
  readonly reply: readonly Span[] | null;
  /** Lines of the text; at least one. */
  readonly body: readonly (readonly Span[])[];
  /** `edited`, `late`, `unencrypted`…, behind the last line. */
  readonly marks: readonly Span[];
  readonly reactions: readonly Span[];
  readonly delivery: DeliveryMark | null;
};

/** A stretch of a conversation without holes. */
export type Timeline = {
  /** Oldest first. */
  readonly items: readonly TimelineItem[];
  /** Its last item is the newest there is: what is said next appears below it. */
  readonly isAtNewest: boolean;
  readonly isAtOldest: boolean;
  /** The item to be looked at first (a search hit, the unread mark), until the next `activate`; changes count up. */
  readonly focus: { readonly key: string; readonly count: number } | null;
};

export type MemberRow = {
  readonly username: Username;
  readonly name: Span;
  /** `@` owner, `%` moderator, blank. */
  readonly prefix: string;
  readonly role: RoomRole | null;
  readonly presence: Presence;
  readonly trust: Trust;
  readonly isSelf: boolean;
  readonly isIgnored: boolean;
  /** How they are connected, in one word; empty when they are not. */
  readonly path: string;
};

/** The people of a tab, those who are there first; in each part moderators first, then by name. */
export type Members = { readonly title: string; readonly rows: readonly MemberRow[] };

/** The state of the session with the tracker and of the links of this conversation. */
export type ConnectionBadge = {
  readonly tone: "good" | "warning" | "bad" | "muted";
  /** Short: `online`, `no tracker`, `2 direct, 1 relayed`. */
  readonly text: string;
};

export type StatusView = {
  /** `18:47` */
  readonly time: string;
  readonly self: string | null;
  readonly away: string | null;
  readonly tracker: ConnectionBadge;
  /** Of the active tab; null at home. */
  readonly links: ConnectionBadge | null;
  readonly memberCount: number | null;
  /** Tabs in which something waits, the loudest first. */
  readonly hot: readonly TabRow[];
  /** Own messages that nobody has yet, in all conversations. */
  readonly waiting: number;
};

/** A line across the screen while it holds: no tracker, a key that changed, an account that was logged in elsewhere. */
export type Banner = { readonly tone: "warning" | "bad"; readonly spans: readonly Span[] };

/** What may ring a bell or show a notice of the desktop. Texts are safe. */
export type Alert = {
  readonly tab: TabKey;
  readonly attention: "private" | "mention";
  readonly title: string;
  readonly text: string;
};
