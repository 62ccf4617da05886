import type {
  AccountDevice,
  ContactRequest,
  Conversation,
  Explanation,
  HistoryApi,
  HistoryCursor,
  HistoryPage,
  Invite,
  Message,
  MessageReference,
  NotifyLevel,
  PinnedName,
  PreferencesApi,
  Room,
  RoomLogApi,
  RoomRole,
  SafetyNumber,
  SearchHit,
  TrustApi,
} from "@papo/peer/api";
import { fail, type FaultCode, type Outcome, type RoomId, succeed, type Username } from "@papo/protocol";

/** What is kept, as a test wants it: every request is noted, and answered with what the test laid out. */
export class FakeKept implements RoomLogApi, HistoryApi, TrustApi, PreferencesApi {
  readonly asked: string[] = [];
  /** What the next requests to change something are refused with. */
  refuses: FaultCode | undefined;
  /** Oldest first, of all conversations. Empty: nothing is kept here. */
  kept: Message[] = [];
  unreadCount = 0;
  /** How often everything was said to be read. */
  read = 0;
  listedConversations: ReturnType<HistoryApi["conversations"]>[number][] = [];
  openInvites: Invite[] = [];
  waiting: ContactRequest[] = [];
  known: PinnedName[] = [];
  ownDevices: AccountDevice[] = [];
  explanation: Explanation | undefined;
  /** What this user chose, by the conversation as text. */
  readonly levels = new Map<string, NotifyLevel>();
  ignoredPeople: readonly Username[] = [];
  words: readonly string[] = [];
  awayText: string | null = null;
  invited: Room | undefined;
  barredPeople: readonly Username[] = [];

  #done<T>(what: string, value: T): Promise<Outcome<T>> {
    this.asked.push(what);
    return Promise.resolve(this.refuses === undefined ? succeed(value) : fail(this.refuses, "the test says so"));
  }

  createInvite(room: RoomId, { uses = 1, days = 7 } = {}): Promise<Outcome<Invite>> {
    const link = `papo://127.0.0.1:6060/#i=${"x".repeat(60)}`;
    const name = "TESTE" as Invite["roomName"];
    const invite = { link, room, roomName: name, expiresMs: Date.UTC(2026, 10, 29), usesLeft: uses };
    this.openInvites.push(invite);
    return this.#done(`invite ${uses} ${days}`, invite);
  }
  invites(): readonly Invite[] {
    return this.openInvites;
  }
  revokeInvite(room: RoomId, link: string): Promise<Outcome<RoomId>> {
    this.openInvites = this.openInvites.filter((invite) => invite.link !== link);
    return this.#done("revoke", room);
  }
  barred(): readonly Username[] {
    return this.barredPeople;
  }
  pardon(room: RoomId, only: Username): Promise<Outcome<Invite>> {
    const link = `papo://127.0.0.1:6060/#i=${only}`;
    const name = "TESTE" as Invite["roomName"];
    const invite = { link, room, roomName: name, expiresMs: Date.UTC(2026, 10, 29), usesLeft: 1, only };
    return this.#done(`pardon ${only}`, invite);
  }
  joinByInvite(link: string): Promise<Outcome<Room>> {
    if (this.invited !== undefined) return this.#done(`join ${link}`, this.invited);
    return Promise.resolve(fail(this.refuses ?? "invite_invalid", "link"));
  }
  setRole(room: RoomId, username: Username, role: RoomRole): Promise<Outcome<RoomId>> {
    return this.#done(`role ${username} ${role}`, room);
  }
  removeMember(room: RoomId, username: Username, { bar = false } = {}): Promise<Outcome<RoomId>> {
    return this.#done(`${bar ? "ban" : "kick"} ${username}`, room);
  }
  setTopic(room: RoomId, text: string): Promise<Outcome<RoomId>> {
    return this.#done(`topic ${text}`, room);
  }
  forgetRoom(room: RoomId): Promise<Outcome<RoomId>> {
    return this.#done("forget", room);
  }
  edit(reference: MessageReference, content: string): Promise<Outcome<Message>> {
    return this.#done(`edit ${this.#said(reference)} -> ${content}`, this.#message(reference));
  }
  deleteMessage(reference: MessageReference): Promise<Outcome<Message>> {
    return this.#done(`delete ${this.#said(reference)}`, this.#message(reference));
  }
  react(reference: MessageReference, emoji: string, on: boolean): Promise<Outcome<Message>> {
    return this.#done(`react ${emoji} ${on ? "on" : "off"} ${this.#said(reference)}`, this.#message(reference));
  }

  #message({ id }: MessageReference): Message {
    const message = this.kept.find((candidate) => candidate.id === id);
    if (message === undefined) throw new Error("the test names a message that is not there");
    return message;
  }
  #said(reference: MessageReference): string {
    return `“${this.#message(reference).content}”`;
  }

  #of(conversation: Conversation): readonly Message[] {
    return this.kept.filter((message) => JSON.stringify(message.conversation) === JSON.stringify(conversation));
  }
  history(
    of: Conversation,
    page: { readonly before?: HistoryCursor; readonly after?: HistoryCursor; readonly limit?: number } = {},
  ): Outcome<HistoryPage> {
    const all = this.#of(of);
    if (all.length === 0) return fail("message_missing", "nothing is kept here");
    const { before, after, limit = 20 } = page;
    const end = before === undefined ? all.length : Number(before);
    const start = after === undefined ? Math.max(0, end - limit) : Number(after) + 1;
    const messages = after === undefined ? all.slice(start, end) : all.slice(start, start + limit);
    const stop = start + messages.length;
    return succeed({ messages, before: cursor(start > 0, start), after: cursor(stop < all.length, stop - 1) });
  }
  message({ conversation, id }: MessageReference): Outcome<Message> {
    const found = this.#of(conversation).find((message) => message.id === id);
    return found === undefined ? fail("message_missing", "the test has laid out none") : succeed(found);
  }
  search(text: string): Promise<Outcome<readonly SearchHit[]>> {
    const hits = this.kept.flatMap((message) => {
      const place = this.#of(message.conversation).indexOf(message);
      return message.content.includes(text) ? [{ message, cursor: String(place) as HistoryCursor }] : [];
    });
    return this.#done(`search ${text}`, hits.toReversed());
  }
  unread(): { readonly count: number; readonly first: HistoryCursor | null } {
    return { count: this.unreadCount, first: null };
  }
  markRead(): Promise<void> {
    this.unreadCount = 0;
    this.read += 1;
    return Promise.resolve();
  }
  conversations(): ReturnType<HistoryApi["conversations"]> {
    return this.listedConversations;
  }
  eachMessage(of: Conversation): Outcome<AsyncIterable<Message>> {
    return succeed(each(this.#of(of)));
  }
  exportHistory(of: Conversation): Outcome<AsyncIterable<string>> {
    return succeed(each(this.#of(of).map(({ content }) => `${JSON.stringify(content)}\n`)));
  }
  why(about: MessageReference | { readonly username: Username }): Outcome<Explanation> {
    this.asked.push(`why ${"username" in about ? about.username : this.#said(about)}`);
    return this.explanation === undefined ? fail("message_missing", "none laid out") : succeed(this.explanation);
  }
  setReadReceipts(on: boolean): Promise<Outcome<boolean>> {
    return this.#done(`receipts ${on}`, on);
  }

  notifyLevel(of: Conversation): NotifyLevel {
    return this.levels.get(JSON.stringify(of)) ?? "all";
  }
  setNotifyLevel(of: Conversation, level: NotifyLevel): Promise<Outcome<NotifyLevel>> {
    return this.#change(`notify ${level}`, level, () => this.levels.set(JSON.stringify(of), level));
  }
  ignored(): readonly Username[] {
    return this.ignoredPeople;
  }
  setIgnored(username: Username, on: boolean): Promise<Outcome<Username>> {
    return this.#change(`${on ? "ignore" : "unignore"} ${username}`, username, () => {
      const others = this.ignoredPeople.filter((name) => name !== username);
      this.ignoredPeople = on ? [...others, username] : others;
    });
  }
  highlightWords(): readonly string[] {
    return this.words;
  }
  setHighlightWords(words: readonly string[]): Promise<Outcome<readonly string[]>> {
    return this.#change(`highlight ${words.join(" ")}`.trim(), words, () => (this.words = words));
  }
  away(): string | null {
    return this.awayText;
  }
  setAway(text: string | null): Promise<Outcome<string | null>> {
    return this.#change(text === null ? "back" : `away ${text}`.trim(), text, () => (this.awayText = text));
  }
  #change<T>(what: string, value: T, take: () => void): Promise<Outcome<T>> {
    if (this.refuses === undefined) take();
    return this.#done(what, value);
  }

  safetyNumber(username: Username): Outcome<SafetyNumber> {
    const groups = Array.from({ length: 12 }, (_, at) => String(10_000 + at));
    return succeed({ username, groups, qr: "papo-verify:1:a:b", verified: false });
  }
  verify(username: Username, scanned?: string): Promise<Outcome<"verified" | "mismatch">> {
    return this.#done(
      `verify ${username} ${scanned ?? ""}`.trim(),
      scanned === undefined || scanned === "right" ? "verified" : "mismatch",
    );
  }
  unverify(username: Username): Promise<Outcome<Username>> {
    return this.#done(`unverify ${username}`, username);
  }
  pins(): readonly PinnedName[] {
    return this.known;
  }
  devices(): Outcome<readonly AccountDevice[]> {
    return succeed(this.ownDevices);
  }
  /** Those whose requests were put aside before. */
  readonly refused: ContactRequest[] = [];
  contactRequests(): readonly ContactRequest[] {
    return this.waiting;
  }
  async answerContact(username: Username, answer: "accept" | "ignore" | "block"): Promise<Outcome<Username>> {
    if (![...this.waiting, ...this.refused].some((known) => known.username === username))
      return fail("peer_missing", "username");
    this.waiting = this.waiting.filter((request) => request.username !== username);
    return this.#done(`${answer} ${username}`, username);
  }
  recoveryWords(): Promise<Outcome<readonly string[]>> {
    return this.#done(
      "words",
      Array.from({ length: 24 }, (_, at) => `word${at + 1}`),
    );
  }
  recover({ username, words }: { readonly username: string; readonly words: string }): Promise<Outcome<Username>> {
    return this.#done(`recover ${username} ${words.split(" ").length}`, username as Username);
  }
  unlatch(): Promise<Outcome<Username>> {
    return this.#done("unlatch", "gabi" as Username);
  }
  exportBackup(file: string, passphrase: string): Promise<Outcome<string>> {
    return this.#done(`backup ${file} ${passphrase}`, file);
  }
  importBackup(file: string, passphrase: string): Promise<Outcome<Username>> {
    return this.#done(`restore ${file} ${passphrase}`, "gabi" as Username);
  }
}

function cursor(isThere: boolean, at: number): HistoryCursor | null {
  return isThere ? (String(at) as HistoryCursor) : null;
}

async function* each<T>(pieces: readonly T[]): AsyncIterable<T> {
  yield* pieces;
}
