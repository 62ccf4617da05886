import type {
  Conversation,
  HistoryCursor,
  KeyChange,
  LinkReport,
  Message,
  NotifyLevel,
  PeerEvent,
  Room,
  SearchHit,
  TrackerState,
} from "@papo/peer/api";
import { fail, type Outcome, type RoomId, succeed, type Username } from "@papo/protocol";
import { type Alert, type Chat, type ChatPorts, type Language, openChat, sameConversation } from "@papo/view-model";
import { ManualClock } from "./manual-clock.ts";
import { HERE, keptMessage, keptRoom, type MessageMore, ROOM, user } from "../scripted-peer.ts";

// A chat on an engine that keeps everything in memory: the test says what others do, and what is on disk.

export { HERE };
export const PLAIN = "p".repeat(42).concat("A") as RoomId;
export const THERE: Conversation = { kind: "room", id: PLAIN };

type Answers = Partial<ChatPorts["peer"]>;

/** Rooms are kept ones unless `plain`. Everything said is on disk before it is told. */
export class ChatRig {
  readonly clock = new ManualClock(new Date(2026, 10, 22, 18, 46, 35).getTime());
  readonly alerts: Alert[] = [];
  readonly asked: string[] = [];
  readonly rooms = new Map<RoomId, Room>([[ROOM, keptRoom()]]);
  readonly links: LinkReport[] = [];
  readonly unread = new Map<string, number>();
  readonly levels = new Map<string, NotifyLevel>();
  /** How often pages were read. */
  pages = 0;
  self: Username | undefined = user("gabi");
  state: TrackerState = { kind: "online", username: user("gabi"), encrypted: true };
  changes: KeyChange[] = [];
  ignored: Username[] = [];
  words: string[] = [];
  refuses: Parameters<typeof fail>[0] | undefined;
  listed: Conversation[] = [HERE];
  /** What a search finds. */
  found: readonly SearchHit[] = [];
  changed = 0;
  #chat: Chat | undefined;
  readonly #messages: Message[] = [];
  readonly #listeners = new Set<(event: PeerEvent) => void>();
  #count = 0;

  open(language: Language = "en", answers: Answers = {}): Chat {
    const peer = { ...this.#standard(), ...answers };
    // Read when it is asked for: somebody logs in and out.
    Object.defineProperty(peer, "self", { get: () => this.self });
    this.#chat = openChat({
      peer: peer as ChatPorts["peer"],
      clock: this.clock,
      language,
      allowPlaintext: true,
      saveFile: async (name) => succeed(`/here/${name}`),
      completePath: async () => [],
      alert: (alert) => this.alerts.push(alert),
      quit: () => this.asked.push("quit"),
    });
    this.chat.onChange(() => (this.changed += 1));
    return this.chat;
  }

  get chat(): Chat {
    if (this.#chat === undefined) throw new Error("the test has not opened the chat");
    return this.#chat;
  }

  #standard(): Answers {
    return {
      trackerAddress: { dialect: "papo", host: "127.0.0.1", port: 6060, key: undefined } as never,
      knownAccounts: async () => [],
      trackerState: () => this.state,
      room: (id) => this.rooms.get(id),
      rooms: () => [...this.rooms.values()],
      pins: () => [],
      diagnostics: () => ({ links: this.links }) as never,
      keyChanges: () => this.changes,
      contactRequests: () => [],
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      conversations: () =>
        this.listed.map((conversation) => ({ conversation, title: "", unread: this.unreadIn(conversation) })),
      unread: (of) => ({ count: this.unreadIn(of), first: null }),
      markRead: async (of) => {
        this.asked.push(`read ${JSON.stringify(of)}`);
        this.unread.delete(keyOf(of));
      },
      messages: (of) => this.said(of),
      history: (of, page) => this.#page(of, page),
      message: ({ id }) => {
        const found = this.#messages.find((message) => message.id === id);
        return found === undefined ? fail("message_missing", "none") : succeed(found);
      },
      search: async () => succeed(this.found),
      notifyLevel: (of) => this.levels.get(keyOf(of)) ?? "all",
      ignored: () => this.ignored,
      barred: () => [],
      highlightWords: () => this.words,
      away: () => null,
      send: async (to, content, { replyTo } = {}) => {
        if (this.refuses !== undefined) return fail(this.refuses, "the test says so");
        this.asked.push(`send ${content}`);
        return succeed(this.says(to, "gabi", content, { kept: { replyTo: replyTo ?? null } }));
      },
      leaveRoom: async (id) => succeed(id),
      leavePrivate: () => undefined,
    };
  }

  unreadIn(of: Conversation): number {
    return this.unread.get(keyOf(of)) ?? 0;
  }

  said(of: Conversation): readonly Message[] {
    return this.#messages.filter(({ conversation }) => sameConversation(conversation, of));
  }

  #page(
    of: Conversation,
    { before, after, limit = 200 }: { before?: HistoryCursor; after?: HistoryCursor; limit?: number } = {},
  ): Outcome<{ messages: readonly Message[]; before: HistoryCursor | null; after: HistoryCursor | null }> {
    this.pages += 1;
    if (of.kind === "room" && this.rooms.get(of.id)?.log === undefined) return fail("message_missing", "not kept");
    const all = this.said(of);
    const at = (cursor: HistoryCursor): number => all.findIndex(({ kept }) => kept?.cursor === cursor);
    const end = before === undefined ? all.length : at(before);
    const start = after === undefined ? Math.max(0, end - limit) : at(after) + 1;
    const messages = after === undefined ? all.slice(start, end) : all.slice(start, start + limit);
    const stop = start + messages.length;
    return succeed({
      messages,
      before: start > 0 ? (messages[0]?.kept?.cursor ?? null) : null,
      after: stop < all.length ? (messages.at(-1)?.kept?.cursor ?? null) : null,
    });
  }

  emit(event: PeerEvent): void {
    if ("room" in event) this.rooms.set(event.room.id, event.room);
    for (const listener of this.#listeners) listener(event);
  }

  /** On disk since before. */
  keep(of: Conversation, author: string, content: string, more: MessageMore = {}): Message {
    this.#count += 1;
    const isKept = of.kind === "private" || this.rooms.get(of.id)?.log !== undefined;
    const cursor = `c${this.#count}` as HistoryCursor;
    const made = keptMessage(author, content, {
      ...{ atMs: this.clock.wallMs(), ...more },
      conversation: of,
      kept: { cursor, ...more.kept },
    });
    const id = `m${this.#count}` as Message["id"];
    const { kept, ...live } = { ...made, id };
    const message: Message = isKept && kept !== undefined ? { ...live, kept } : live;
    this.#messages.push(message);
    return message;
  }

  /** Somebody says it now. */
  says(of: Conversation, author: string, content: string, more: MessageMore = {}): Message {
    const message = this.keep(of, author, content, more);
    if (author !== "gabi") this.unread.set(keyOf(of), this.unreadIn(of) + 1);
    this.emit({ kind: "message", message });
    return message;
  }

  /** It belongs above another one, and comes only now. */
  saysLate(of: Conversation, author: string, content: string, above: Message, id?: Message["id"]): Message {
    const made = this.keep(of, author, content, { kept: { late: true } });
    const message = id === undefined ? made : { ...made, id };
    this.#messages.pop();
    this.#messages.splice(this.#messages.indexOf(above), 0, message);
    this.emit({ kind: "message", message });
    return message;
  }

  becomes(message: Message, more: Partial<Message>): Message {
    const changed = { ...message, ...more };
    const at = this.#messages.findIndex(({ id }) => id === message.id);
    this.#messages[at] = changed;
    this.emit({ kind: "message-changed", message: changed });
    return changed;
  }

  // ---- what is shown, as text

  /** One text for each line of the timeline. */
  lines(): readonly string[] {
    return this.chat.timeline().items.flatMap((item) => {
      switch (item.kind) {
        case "day":
          return [`== ${item.label}`];
        case "unread":
          return [`-- ${item.label}`];
        case "edge":
          return [`.. ${item.label}`];
        case "notice":
          return [`* ${textOf(item.spans)}`];
        case "output":
          return item.lines.map(({ spans }) => `> ${textOf(spans)}`);
        case "message": {
          const name = item.isGrouped ? "" : item.author.text;
          const marks = item.marks.map(({ text }) => ` ${text}`).join("");
          return [`${name}| ${item.body.map(textOf).join("⏎")}${marks}`];
        }
      }
    });
  }

  /** What people said, without what stands between. */
  spoken(): readonly string[] {
    return this.chat
      .timeline()
      .items.flatMap((item) => (item.kind === "message" ? [item.body.map(textOf).join("⏎")] : []));
  }

  /** `2 TESTE 3/1 mention`: number, title, unread, mentions, attention. */
  rows(): readonly string[] {
    return this.chat
      .tabs()
      .map(({ number, title, unread, mentions, attention }) => `${number} ${title} ${unread}/${mentions} ${attention}`);
  }

  tab(conversation: Conversation) {
    const row = this.chat
      .tabs()
      .find((tab) => tab.conversation !== null && sameConversation(tab.conversation, conversation));
    if (row === undefined) throw new Error("the test asks for a tab that is not there");
    return row;
  }
}

export function textOf(spans: readonly { readonly text: string }[]): string {
  return spans.map(({ text }) => text).join("");
}

function keyOf(of: Conversation): string {
  return JSON.stringify(of);
}
