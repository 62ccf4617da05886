import { type Fault, type Outcome, type RoomId, type Username, fail, fault, succeed } from "@papo/protocol";
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
  TrackerState,
  TrustApi,
} from "./api.ts";
import { type WordLanguage, wordsOf } from "./identity/recovery-words.ts";
import { checkScanned, safetyGroups, safetyNumber, verificationCode } from "./identity/safety-number.ts";
import type { LiveAccount } from "./live-account.ts";

/** What is asked of an account that is logged in; without one everything answers `login_required`. What is kept of it can be read a little before. */
export abstract class AccountRequests
  implements RoomLogApi, HistoryApi, PreferencesApi, Omit<TrustApi, "recover" | "exportBackup" | "importBackup">
{
  /** What is kept of it can be read; it may not be logged in yet. */
  protected abstract get live(): LiveAccount | undefined;

  /** Also while it is being logged in: then when that has come to an end. */
  protected abstract get loggedIn(): LiveAccount | undefined | Promise<LiveAccount | undefined>;

  /** Whoever is logged in is asked at once. */
  protected async ask<T>(ask: (live: LiveAccount) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const loggedIn = this.loggedIn;
    const live = loggedIn instanceof Promise ? await loggedIn : loggedIn;
    return live === undefined ? { ok: false, fault: NOT_LOGGED_IN } : ask(live);
  }

  #look<T>(look: (live: LiveAccount) => Outcome<T>): Outcome<T> {
    const { live } = this;
    return live === undefined ? { ok: false, fault: NOT_LOGGED_IN } : look(live);
  }

  // ---- rooms that are kept

  createInvite(room: RoomId, terms?: { readonly uses?: number; readonly days?: number }): Promise<Outcome<Invite>> {
    return this.ask(({ kept }) => kept.rooms.createInvite(room, terms));
  }

  invites(room: RoomId): readonly Invite[] {
    return this.live?.kept.rooms.invites(room) ?? [];
  }

  revokeInvite(room: RoomId, link: string): Promise<Outcome<RoomId>> {
    return this.ask(({ kept }) => kept.rooms.revokeInvite(room, link));
  }

  barred(room: RoomId): readonly Username[] {
    return this.live?.kept.rooms.barred(room) ?? [];
  }

  pardon(room: RoomId, name: Username): Promise<Outcome<Invite>> {
    return this.ask(({ kept }) => kept.rooms.pardon(room, name));
  }

  joinByInvite(link: string): Promise<Outcome<Room>> {
    return this.ask(({ kept }) => kept.rooms.joinByInvite(link));
  }

  setRole(room: RoomId, name: Username, role: RoomRole): Promise<Outcome<RoomId>> {
    return this.ask(({ kept }) => kept.rooms.setRole(room, name, role));
  }

  removeMember(room: RoomId, name: Username, options?: { readonly bar?: boolean }): Promise<Outcome<RoomId>> {
    return this.ask(({ kept }) => kept.rooms.removeMember(room, name, options));
  }

  setTopic(room: RoomId, text: string): Promise<Outcome<RoomId>> {
    return this.ask(({ kept }) => kept.rooms.setTopic(room, text));
  }

  forgetRoom(room: RoomId): Promise<Outcome<RoomId>> {
    return this.ask(({ kept }) => kept.rooms.forget(room));
  }

  edit(message: MessageReference, content: string): Promise<Outcome<Message>> {
    return this.ask(({ kept }) => inRoom(message, () => kept.rooms.edit(message, content)));
  }

  deleteMessage(message: MessageReference): Promise<Outcome<Message>> {
    return this.ask(({ kept }) => inRoom(message, () => kept.rooms.deleteMessage(message)));
  }

  react(message: MessageReference, emoji: string, on: boolean): Promise<Outcome<Message>> {
    return this.ask(({ kept }) => inRoom(message, () => kept.rooms.react(message, emoji, on)));
  }

  // ---- what was said

  history(
    of: Conversation,
    page: { readonly before?: HistoryCursor; readonly after?: HistoryCursor; readonly limit?: number } = {},
  ): Outcome<HistoryPage> {
    return this.#look(({ kept }) =>
      of.kind === "room" ? kept.rooms.reading.history(of.id, page) : kept.privateChats.history(of.username, page),
    );
  }

  message(reference: MessageReference): Outcome<Message> {
    return this.#look((live) => live.message(reference));
  }

  search(
    text: string,
    within: { readonly in?: Conversation; readonly offset?: number } = {},
  ): Promise<Outcome<readonly SearchHit[]>> {
    const { live } = this;
    return live === undefined
      ? Promise.resolve({ ok: false, fault: NOT_LOGGED_IN })
      : live.kept.reading.search(text, within);
  }

  unread(of: Conversation): { readonly count: number; readonly first: HistoryCursor | null } {
    const kept = this.live?.kept;
    if (kept === undefined) return { count: 0, first: null };
    return of.kind === "room" ? kept.rooms.reading.unread(of.id) : kept.privateChats.unread(of.username);
  }

  async markRead(of: Conversation): Promise<void> {
    await this.ask(async ({ kept }) => {
      if (of.kind === "room") await kept.rooms.markRead(of.id);
      else await kept.privateChats.markRead(of.username);
      return succeed(undefined);
    });
  }

  conversations(): readonly { readonly conversation: Conversation; readonly title: string; readonly unread: number }[] {
    return this.live?.kept.reading.conversations() ?? [];
  }

  eachMessage(of: Conversation): Outcome<AsyncIterable<Message>> {
    return this.#look(({ kept }) => kept.reading.eachMessage(of));
  }

  exportHistory(of: Conversation): Outcome<AsyncIterable<string>> {
    return this.#look(({ kept }) => kept.reading.exportHistory(of));
  }

  why(about: MessageReference | { readonly username: Username }): Outcome<Explanation> {
    return this.#look(({ kept }) => kept.reading.why(about));
  }

  setReadReceipts(on: boolean): Promise<Outcome<boolean>> {
    return this.ask(({ kept }) => kept.rooms.setReadReceipts(on));
  }

  // ---- whom to believe

  safetyNumber(name: Username): Outcome<SafetyNumber> {
    return this.#look(({ own, kept }) => {
      const account = kept.people.pinnedAccount(name);
      if (account === undefined) return NOT_MET;
      const self = own.keys.root.publicKey;
      const groups = safetyGroups(safetyNumber(self, account));
      const verified = kept.people.trust(name, account) === "verified";
      return succeed({ username: name, groups, qr: verificationCode(self, account), verified });
    });
  }

  verify(name: Username, scanned?: string): Promise<Outcome<"verified" | "mismatch">> {
    return this.ask(async ({ own, kept, pins }) => {
      const account = kept.people.pinnedAccount(name);
      if (account === undefined) return NOT_MET;
      const compared = scanned === undefined ? "match" : checkScanned(own.keys.root.publicKey, account, scanned);
      if (compared === "own_code" || compared === "unreadable")
        return fail("bad_text", "code: expected the one that the other side shows");
      if (compared === "mismatch") return succeed("mismatch");
      const verified = await pins.verify(name, account);
      return verified.ok ? succeed("verified") : verified;
    });
  }

  unverify(name: Username): Promise<Outcome<Username>> {
    return this.ask(async ({ pins }) =>
      (await pins.unverify(name)) ? succeed(name) : fail("peer_missing", "username: expected one that is verified"),
    );
  }

  pins(): readonly PinnedName[] {
    const { live } = this;
    if (live === undefined) return [];
    return live.pins.list().map(({ name, account, firstSeen, formerCount }) => ({
      ...{ username: name, account, firstSeen, formerKeys: formerCount },
      trust: live.pins.trust(name, account),
    }));
  }

  devices(name: Username): Outcome<readonly AccountDevice[]> {
    return this.#look(({ own, pins }) => {
      const isSelf = name === own.username;
      const listed = isSelf ? own.statement.statement.devices : pins.devicesOf(name);
      if (listed.length === 0) return NOT_MET;
      const ours = own.keys.device.publicKey;
      return succeed(
        listed.map(({ device, added, revoked }) => ({ device, added, revoked, own: isSelf && device === ours })),
      );
    });
  }

  contactRequests(): readonly ContactRequest[] {
    return this.live?.kept.privateChats.contactRequests() ?? [];
  }

  answerContact(name: Username, answer: "accept" | "ignore" | "block"): Promise<Outcome<Username>> {
    return this.ask(({ kept }) => kept.privateChats.answerContact(name, answer));
  }

  // ---- what this user wants to hear, and says of being there

  notifyLevel(of: Conversation): NotifyLevel {
    return this.live?.kept.preferences.notifyLevel(of) ?? "all";
  }

  setNotifyLevel(of: Conversation, level: NotifyLevel): Promise<Outcome<NotifyLevel>> {
    return this.ask(({ kept }) => kept.preferences.setNotifyLevel(of, level));
  }

  ignored(): readonly Username[] {
    return this.live?.kept.preferences.ignored ?? [];
  }

  setIgnored(name: Username, on: boolean): Promise<Outcome<Username>> {
    return this.ask(({ kept }) => kept.preferences.setIgnored(name, on));
  }

  highlightWords(): readonly string[] {
    return this.live?.kept.preferences.highlightWords ?? [];
  }

  setHighlightWords(words: readonly string[]): Promise<Outcome<readonly string[]>> {
    return this.ask(({ kept }) => kept.preferences.setHighlightWords(words));
  }

  away(): string | null {
    return this.live?.away.own ?? null;
  }

  setAway(text: string | null): Promise<Outcome<string | null>> {
    return this.ask(async ({ away }) => away.set(text));
  }

  reconnect(): Promise<Outcome<TrackerState>> {
    return this.ask(async (live) => live.reconnect());
  }

  // ---- the account's own keys

  recoveryWords(language: WordLanguage): Promise<Outcome<readonly string[]>> {
    return this.ask(async ({ own }) => succeed(await wordsOf(own.keys.root, language)));
  }

  /** Until the next login with a key, which every reconnect is. */
  unlatch(): Promise<Outcome<Username>> {
    return this.ask((live) => live.unlatch());
  }
}

const NOT_LOGGED_IN: Fault = fault("login_required", "log in first");
const NOT_MET = fail("peer_missing", "username: expected somebody whom we have met");

/** Only rooms have a log that says who wrote what: what is said in private cannot be taken back. */
function inRoom<T>({ conversation }: MessageReference, change: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  if (conversation.kind === "room") return change();
  return Promise.resolve(fail("unsupported", "message: expected one of a room that is kept"));
}
