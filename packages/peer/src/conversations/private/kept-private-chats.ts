import type { Clock } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  type Outcome,
  type Username,
  decodeWith,
  fail,
  messageId,
  succeed,
} from "@papo/protocol";
import type { ContactRequest, HistoryCursor, HistoryPage, Message, MessageReference, PeerEvent } from "../../api.ts";
import type {
  HistoryReader,
  HistoryWriter,
  PrivateLine,
  StoredChat,
  StoredPrivateMessage,
} from "../../storage/history/history.ts";
import { ChatRecord } from "./chat-record.ts";
import { ContactDesk } from "./contact-desk.ts";
import { KeptChat } from "./kept-chat.ts";
import type { PageRequest } from "./private-lines.ts";
import type { PrivateLink, PrivateSays } from "./private-link.ts";
import { type PrivateConversation, PrivateReading } from "./private-reading.ts";

export type KeptPrivatePorts = {
  readonly clock: Clock;
  readonly history: HistoryReader & HistoryWriter;
  readonly self: { readonly username: Username; readonly account: AccountKey; readonly device: DeviceKey };
  readonly emit: (event: PeerEvent) => void;
  /** Open links with this account that may be spoken on, one for each of its devices. */
  readonly linksTo: (account: AccountKey) => readonly PrivateLink[];
  /** Whether this link's key is the one that counts for its name now. */
  readonly isTrusted: (link: PrivateLink) => boolean;
  /** What the newest known statement of that account lists and has not revoked; none while no statement is known. */
  readonly devicesOf: (account: AccountKey) => readonly DeviceKey[];
  /** Whether they share a kept room with us. */
  readonly isAcquainted: (account: AccountKey) => boolean;
  /** Why nothing goes to this account now: offline since…, no path, its key is not the one of this name any more. */
  readonly whyHeld: (username: Username, account: AccountKey) => Fault;
  /** Whether others are told what the user has read. */
  readonly tellsRead: () => boolean;
  /** Nobody here has to read what they write. */
  readonly isIgnored: (username: Username) => boolean;
  /** Somebody is an accepted contact from now on. */
  readonly contactOpened: () => void;
};

/** Private chats between accounts with keys: every message is on the disk before it is shown. docs/protocol/private-chats.md */
export class KeptPrivateChats {
  readonly #ports: KeptPrivatePorts;
  readonly #desk: ContactDesk;
  readonly #reading: PrivateReading;
  readonly #chatByAccount = new Map<AccountKey, KeptChat>();
  #isStopped = false;

  constructor(ports: KeptPrivatePorts) {
    this.#ports = ports;
    this.#reading = new PrivateReading({
      history: ports.history,
      self: ports.self,
      rows: () => this.#rows(),
      isIgnored: (username) => ports.isIgnored(username),
      nameOf: (account) => this.#chatByAccount.get(account)?.record.value?.username,
      delivery: (account, seq) => this.#chatByAccount.get(account)?.outgoing.delivery(seq),
    });
    this.#desk = new ContactDesk(ports.clock, ports.history);
    for (const chat of ports.history.chats()) this.#chatByAccount.set(chat.account, this.#create(chat.account, chat));
  }

  /** What waits and was written under other keys of this device is written again under these. Before anything is sent. */
  async start(): Promise<void> {
    for (const chat of this.#chatByAccount.values()) await chat.outgoing.rewrite();
  }

  /** Before the history is closed: nothing is read, sent or told any more. */
  stop(): void {
    this.#isStopped = true;
    for (const chat of this.#chatByAccount.values()) chat.stop();
  }

  // ---- messages

  /** Resolves when it is on the disk, and not before; `storage_failed`: nothing was written, the text is still the caller's. */
  async send(
    to: { readonly username: Username; readonly account: AccountKey },
    text: string,
  ): Promise<Outcome<Message>> {
    if (to.account === this.#ports.self.account) return fail("peer_missing", "username: expected somebody else");
    if (this.#isStopped) return fail("closed", "logged out");
    const chat = this.#chat(to.account);
    // Who answers a request has accepted it, and sees what is answered.
    const accepted = chat.record.value?.state === "asked" ? await this.#accept(to.account) : succeed(undefined);
    const written = accepted.ok ? await chat.write(to.username, text) : accepted;
    // It is on the disk, and goes when this account is used again.
    if (written.ok && this.#isStopped) return succeed(this.#reading.presentAtEnd(written.value, to.username));
    this.#forgetIdle(to.account);
    return written.ok ? succeed(this.#reading.present(written.value)) : written;
  }

  heard(link: PrivateLink, said: PrivateSays): void {
    // What an unbelieved key says is not taken, and stays with whoever says it.
    if (this.#isStopped || !this.#ports.isTrusted(link) || link.account === this.#ports.self.account) return;
    this.#chat(link.account).heard(link, said);
  }

  /** Text for them that none of their devices has. */
  isWaitingFor(account: AccountKey): boolean {
    return this.#chatByAccount.get(account)?.outgoing.isWaiting ?? false;
  }

  /** Why it waits, if it does. */
  whyWaiting(account: AccountKey): Fault | undefined {
    return this.#chatByAccount.get(account)?.outgoing.whyWaiting();
  }

  /** For whom text waits, so that they are looked for. */
  waiting(): readonly { readonly username: Username; readonly account: AccountKey }[] {
    return this.#rows().filter(({ account }) => this.isWaitingFor(account));
  }

  /** With whom the user talks. */
  contacts(): readonly { readonly username: Username; readonly account: AccountKey }[] {
    return this.#rows().filter(({ state }) => state === "open");
  }

  // ---- links and keys

  linkOpened(link: PrivateLink): void {
    if (this.#isStopped) return;
    this.#chatByAccount.get(link.account)?.linkOpened(link);
    if (this.#ports.tellsRead()) this.#tellRead(link.account);
  }

  linkClosed(link: PrivateLink): void {
    if (this.#isStopped) return;
    this.#chatByAccount.get(link.account)?.linkClosed(link);
    this.#forgetIdle(link.account);
  }

  /** Why text for them waits may be another reason now. */
  reachChanged(account: AccountKey): void {
    if (this.#isStopped) return;
    this.#chatByAccount.get(account)?.outgoing.tellMoved();
  }

  /** A newer statement of that account is known. */
  devicesChanged(account: AccountKey): void {
    this.#chatByAccount.get(account)?.outgoing.devicesChanged();
  }

  /** The user has decided for this key. What was written for another one stays where it is. */
  keyAccepted(account: AccountKey): void {
    this.#chatByAccount.get(account)?.trusted();
    for (const { account: other } of this.#rows()) if (other !== account) this.reachChanged(other);
  }

  /** They share a kept room with us now. */
  async acquainted(account: AccountKey): Promise<void> {
    const chat = this.#chatByAccount.get(account);
    if (chat?.record.value?.state === "asked") await this.#accept(account);
    else await chat?.acquainted();
  }

  // ---- strangers

  /** We talk, and both want to. */
  isContact(account: AccountKey): boolean {
    return this.#chatByAccount.get(account)?.record.value?.state === "open";
  }

  /** The user wants nothing of them. */
  isRefused(account: AccountKey): boolean {
    const state = this.#chatByAccount.get(account)?.record.value?.state;
    return state === "ignored" || state === "blocked";
  }

  contactRequests(): readonly ContactRequest[] {
    return this.#rows()
      .filter(({ state }) => state === "asked")
      .map((row) => this.#request(row));
  }

  /** `accept` also takes back an earlier `ignore` or `block`. The other side is not told of either. */
  async answerContact(username: Username, answer: "accept" | "ignore" | "block"): Promise<Outcome<Username>> {
    const rows = this.#rows().filter((row) => row.username === username);
    const row = rows.find(({ state }) => state === "asked") ?? rows.at(-1);
    const chat = row === undefined ? undefined : this.#chatByAccount.get(row.account);
    if (row === undefined || chat === undefined) return fail("peer_missing", "username: expected one who wrote here");
    const answered =
      answer === "accept"
        ? await this.#accept(row.account)
        : await chat.setState(answer === "block" ? "blocked" : "ignored");
    return answered.ok ? succeed(username) : answered;
  }

  async #accept(account: AccountKey): Promise<Outcome<void>> {
    const chat = this.#chatByAccount.get(account);
    const wasAsked = chat?.record.value?.state === "asked";
    const opened = (await chat?.setState("open")) ?? succeed(undefined);
    if (opened.ok) this.#ports.contactOpened();
    // From now on the request is their first message.
    if (opened.ok && wasAsked) this.#arrived(this.#ports.history.privateLines(account, { after: 0, limit: 1 }));
    return opened;
  }

  #request({ account, username }: StoredChat): ContactRequest {
    const [line] = this.#ports.history.privateLines(account, { after: 0, limit: 1 });
    return { username, account, text: line?.text ?? "", atMs: line?.arrivedMs ?? this.#ports.clock.wallMs() };
  }

  // ---- what was said

  /** The newest page, or the one before or after a cursor: at most HISTORY_PAGE_MAX messages. */
  history(username: Username, page: PageRequest = {}): Outcome<HistoryPage> {
    return this.#reading.page(username, page);
  }

  message(username: Username, id: MessageReference["id"]): Message | undefined {
    const decoded = decodeWith(messageId, id);
    return decoded.ok ? this.#reading.message(username, decoded.value) : undefined;
  }

  /** Everything that was said under this name, for an export. */
  lines(username: Username): Iterable<PrivateLine> {
    return this.#reading.lines(username);
  }

  /** A line of a search or of an export, as front ends see it. */
  present(line: PrivateLine): Message {
    return this.#reading.present(line);
  }

  unread(username: Username): { readonly count: number; readonly first: HistoryCursor | null } {
    return this.#reading.unread(username);
  }

  conversations(): readonly PrivateConversation[] {
    return this.#reading.conversations();
  }

  /** Everything up to now has been looked at. */
  async markRead(username: Username): Promise<Outcome<void>> {
    for (const { account, readUpTo } of this.#reading.rowsOf(username)) {
      const [newest] = this.#ports.history.privateLines(account, { limit: 1 });
      const chat = this.#chatByAccount.get(account);
      if (newest === undefined || chat === undefined || newest.position <= readUpTo) continue;
      const undo = chat.record.set(username, { readUpTo: newest.position });
      const stored = await chat.record.commit([]);
      if (!stored.ok) {
        undo();
        return stored;
      }
      if (this.#ports.tellsRead()) this.#tellRead(account);
    }
    return succeed(undefined);
  }

  #tellRead(account: AccountKey): void {
    const chat = this.#chatByAccount.get(account);
    if (chat?.record.value?.state === "open" && this.#ports.history.unreadPrivate(account) === 0) chat.tellRead();
  }

  // ---- the parts

  #rows(): readonly StoredChat[] {
    return [...this.#chatByAccount.values()].flatMap(({ record }) => record.value ?? []);
  }

  #chat(account: AccountKey): KeptChat {
    const known = this.#chatByAccount.get(account);
    if (known !== undefined) return known;
    const chat = this.#create(account, undefined);
    this.#chatByAccount.set(account, chat);
    for (const link of this.#ports.linksTo(account)) chat.linkOpened(link);
    return chat;
  }

  #create(account: AccountKey, row: StoredChat | undefined): KeptChat {
    const { clock, history, self, linksTo, isTrusted, devicesOf, isAcquainted } = this.#ports;
    const record = new ChatRecord(account, history, row);
    const chat: KeptChat = new KeptChat(record, {
      ...{ clock, history, self, linksTo, isTrusted, devicesOf, isAcquainted, desk: this.#desk },
      whyHeld: () => this.#whyHeld(record),
      arrived: (lines) => this.#arrived(lines),
      asked: () => this.#asked(record),
      opened: () => {
        chat.outgoing.flush();
        this.#ports.contactOpened();
      },
      accepted: () => void this.#accept(account),
      written: (line) => this.#written(line),
      moved: (line) => this.#moved(line),
    });
    return chat;
  }

  #whyHeld({ account, value }: ChatRecord): Fault {
    // Without a row there is nothing that could wait.
    return value === undefined
      ? { code: "peer_offline", detail: "nothing was written yet" }
      : this.#ports.whyHeld(value.username, account);
  }

  #forgetIdle(account: AccountKey): void {
    if (this.#chatByAccount.get(account)?.isNeeded === false) this.#chatByAccount.delete(account);
  }

  // ---- what is told

  #arrived(lines: readonly StoredPrivateMessage[]): void {
    for (const line of lines)
      if (line.shown) this.#ports.emit({ kind: "message", message: this.#reading.present(line) });
  }

  #asked({ value }: ChatRecord): void {
    if (value !== undefined) this.#ports.emit({ kind: "contact-request", request: this.#request(value) });
  }

  #written(line: StoredPrivateMessage): void {
    if (line.shown) this.#ports.emit({ kind: "message", message: this.#reading.present(line) });
  }

  #moved(line: StoredPrivateMessage): void {
    const shown = line.shown ? line : this.#standsFor(line);
    if (shown !== undefined) this.#ports.emit({ kind: "delivery", message: this.#reading.present(shown) });
  }

  #standsFor({ account, supersedes }: StoredPrivateMessage): PrivateLine | undefined {
    return supersedes === null
      ? undefined
      : this.#ports.history.privateMessage(account, supersedes.device, supersedes.id);
  }
}
