import type {
  Conversation,
  Delivery,
  Diagnostics,
  HistoryCursor,
  KeptDetails,
  Message,
  NotifyLevel,
  Room,
  RoomMember,
} from "@papo/peer/api";
import {
  decodeWith,
  fail,
  type Fault,
  type FaultCode,
  type RoomId,
  roomName,
  succeed,
  username,
  type Username,
} from "@papo/protocol";
import {
  type CommandScreen,
  catalogueOf,
  type Language,
  readLine,
  runCommand,
  type ScreenKind,
  Shelf,
  type ShownLine,
} from "@papo/view-model";

/** 18:46:35 local time. */
export const AT = new Date(2026, 10, 22, 18, 46, 35).getTime();
export const ROOM = "r".repeat(42).concat("A") as RoomId;
export const HERE: Conversation = { kind: "room", id: ROOM };

export function user(name: string): RoomMember["username"] {
  const decoded = decodeWith(username, name);
  if (!decoded.ok) throw new Error(decoded.fault.detail);
  return decoded.value;
}

export function member(name: string, more: Partial<RoomMember> = {}): RoomMember {
  const reach = { kind: "linked", encrypted: true, path: "direct" } as const;
  return { username: user(name), account: null, online: true, trust: "unverified", reach, role: "member", ...more };
}

const LOG: NonNullable<Room["log"]> = {
  ...{ standing: "member", topic: "", history: "all", role: "owner", unread: 0, missing: 0 },
  ...{ unproven: [], unlisted: [] },
};

export function keptRoom(log: Partial<typeof LOG> = {}, members = [member("gabi"), member("nori")]): Room {
  const name = decodeWith(roomName, "TESTE");
  if (!name.ok) throw new Error(name.fault.detail);
  const room = { id: ROOM, name: name.value, kind: "open", owner: user("gabi"), capacity: 50 } as const;
  return { ...room, members, memberCount: members.length, log: { ...LOG, ...log } };
}

export type MessageMore = {
  readonly kept?: Partial<KeptDetails>;
  readonly delivery?: Delivery;
  readonly atMs?: number;
  readonly conversation?: Conversation;
};

/** A kept message; gabi's are one's own. */
export function keptMessage(author: string, content: string, more: MessageMore = {}): Message {
  const kept: KeptDetails = {
    ...{ edited: false, gone: null, reactions: [], replyTo: null, late: false, afterGap: false, needsNewer: false },
    ...{ notice: null, cursor: content as HistoryCursor },
    ...more.kept,
  };
  const delivery = more.delivery ?? { kind: "sent", received: 0, silent: 0, of: 1 };
  return {
    ...{ id: `id of ${content}` as Message["id"], conversation: more.conversation ?? HERE, author: user(author) },
    ...{ own: author === "gabi", content, atMs: more.atMs ?? AT, encrypted: true, kept },
    delivery: author === "gabi" ? delivery : null,
  };
}

type Peer = CommandScreen["peer"];
/** What the peer answers, by request; anything that is not laid out fails the test by being no function. */
type Script = { readonly [Request in keyof Peer]?: Peer[Request] };

/** A screen on which commands run, with a peer that answers what the test lays out and says what it was asked. */
export class ScriptedScreen implements CommandScreen {
  readonly kind: ScreenKind;
  readonly conversation: Conversation | null;
  readonly texts: CommandScreen["texts"];
  readonly nowMs = AT;
  tabs: CommandScreen["tabs"] = null;
  readonly shelf = new Shelf();
  readonly shown: string[] = [];
  readonly asked: string[] = [];
  readonly saved: string[] = [];
  readonly peer: Peer;
  messages: readonly Message[] = [];
  /** What this user chose. */
  level: NotifyLevel = "all";
  ignored: readonly Username[] = [];
  words: readonly string[] = [];
  banned: readonly Username[] = [];
  away: string | null = null;
  room: Room = keptRoom();
  refuses: FaultCode | undefined;
  diagnostics: Diagnostics = {
    tracker: {
      address: "",
      key: null,
      group: null,
      state: { kind: "online", username: user("gabi"), encrypted: true },
    },
    ...{
      listening: null,
      addresses: { told: [], observed: null, mapping: { state: "off" }, hidden: false },
      links: [],
      problems: [],
    },
  };

  constructor(language: Language, script: Script = {}, conversation: Conversation | null = HERE) {
    this.kind = conversation?.kind ?? "menu";
    this.conversation = conversation;
    this.texts = catalogueOf(language);
    this.peer = { ...this.#standard(), ...script } as Peer;
  }

  /** Notes the request; answers `value`, or the refusal that the test wants. */
  done<T>(what: string, value: T) {
    this.asked.push(what);
    return Promise.resolve(this.refuses === undefined ? succeed(value) : fail(this.refuses, "the test says so"));
  }

  #standard(): Script {
    return {
      self: user("gabi"),
      room: (id) => (id === this.room.id ? this.room : undefined),
      rooms: () => [this.room],
      pins: () => [],
      diagnostics: () => this.diagnostics,
      keyChanges: () => [],
      contactRequests: () => [],
      history: (_of, { limit = 20 } = {}) =>
        succeed({ messages: this.messages.slice(-limit), before: null, after: null }),
      edit: ({ id }, content) => this.done(`edit ${id} -> ${content}`, this.#of(id)),
      deleteMessage: ({ id }) => this.done(`delete ${id}`, this.#of(id)),
      react: ({ id }, emoji, on) => this.done(`react ${emoji} ${on ? "on" : "off"} ${id}`, this.#of(id)),
      setTopic: (room, text) => this.done(`topic ${text}`, room),
      setRole: (room, name, role) => this.done(`role ${name} ${role}`, room),
      removeMember: (room, name, { bar = false } = {}) => this.done(`${bar ? "ban" : "kick"} ${name}`, room),
      barred: () => this.banned,
      pardon: (room, only) => {
        const invite = {
          link: `papo://t/#i=${only}`,
          room,
          roomName: this.room.name,
          expiresMs: AT,
          usesLeft: 1,
          only,
        };
        return this.done(`pardon ${only}`, invite);
      },
      reconnect: () => this.done("reconnect", this.diagnostics.tracker.state),
      forgetRoom: (room) => this.done("forget", room),
      unverify: (name) => this.done(`unverify ${name}`, name),
      answerContact: (name, answer) => this.done(`${answer} ${name}`, name),
      setReadReceipts: (on) => this.done(`receipts ${on}`, on),
      message: ({ id }) => {
        const found = this.messages.find((candidate) => candidate.id === id);
        return found === undefined ? fail("message_missing", "not in this test") : succeed(found);
      },
      ...this.#preferences(),
    };
  }

  #preferences(): Script {
    return {
      notifyLevel: () => this.level,
      setNotifyLevel: (_of, level) => this.#change(`notify ${level}`, level, () => (this.level = level)),
      ignored: () => this.ignored,
      setIgnored: (name, on) =>
        this.#change(`${on ? "ignore" : "unignore"} ${name}`, name, () => {
          const others = this.ignored.filter((other) => other !== name);
          this.ignored = on ? [...others, name] : others;
        }),
      highlightWords: () => this.words,
      setHighlightWords: (words) => this.#change(`highlight ${words.join(" ")}`, words, () => (this.words = words)),
      away: () => this.away,
      setAway: (text) => this.#change(text === null ? "back" : `away ${text}`, text, () => (this.away = text)),
    };
  }

  #change<T>(what: string, value: T, take: () => void) {
    if (this.refuses === undefined) take();
    return this.done(what, value);
  }

  #of(id: Message["id"]): Message {
    const message = this.messages.find((candidate) => candidate.id === id);
    if (message === undefined) throw new Error("no such message in this test");
    return message;
  }

  async types(line: string): Promise<readonly string[]> {
    const before = this.shown.length;
    const typed = readLine(line);
    if (typed.kind !== "command") throw new Error(`no command: ${line}`);
    const refusal = await runCommand(typed.command, typed.argument, this);
    if (refusal !== undefined) this.shown.push(refusal);
    return this.shown.slice(before);
  }

  show(lines: readonly ShownLine[]): void {
    this.shown.push(...lines.map(({ spans }) => spans.map(({ text }) => text).join("")));
  }
  succeeded(text: string): void {
    this.shown.push(`OK ${text}`);
  }
  failed(text: string): void {
    this.shown.push(`ERROR ${text}`);
  }
  failedBy({ code }: Fault): void {
    this.shown.push(`FAULT ${code}`);
  }
  patiently<T>(work: Promise<T>): Promise<T> {
    return work;
  }
  async showQr(text: string): Promise<void> {
    this.shown.push(`QR ${text}`);
  }
  async saveFile(name: string, lines: AsyncIterable<string>) {
    for await (const line of lines) this.saved.push(line);
    return succeed(`/here/${name}`);
  }
  showUsers(): void {}
  showHelp(): void {}
  async deleteRoom(): Promise<void> {}
  async leave(): Promise<void> {}
  async back(): Promise<void> {
    this.asked.push("back");
  }
  async decideKeyChange(name: string, decision: string): Promise<void> {
    this.asked.push(`key ${decision} ${name}`);
  }
}
