import type { Clock } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  type Outcome,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";
import type { ContactRequest, Delivery, HistoryCursor, HistoryPage, Message, PeerEvent } from "../../api.ts";
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
import { type PageRequest, cursorAt, pageOf, presentLine } from "./private-lines.ts";
import type { PrivateLink, PrivateSays } from "./private-link.ts";

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
};

export type PrivateConversation = { readonly username: Username; readonly unread: number; readonly lastMs: number };

/** Private chats between accounts with keys: every message is on the disk before it is shown. docs/protocol/private-chats.md */
export class KeptPrivateChats {
  readonly #ports: KeptPrivatePorts;
  readonly #desk: ContactDesk;
  readonly #chatByAccount = new Map<AccountKey, KeptChat>();

  constructor(ports: KeptPrivatePorts) {
    this.#ports = ports;
    this.#desk = new ContactDesk(ports.clock, ports.history);
    for (const chat of ports.history.chats()) this.#chatByAccount.set(chat.account, this.#create(chat.account, chat));
  }

  /** What waits and was written under other keys of this device is written again under these. Before anything is sent. */
  async start(): Promise<void> {
    for (const chat of this.#chatByAccount.values()) await chat.outgoing.rewrite();
  }

  stop(): void {
    for (const chat of this.#chatByAccount.values()) chat.stop();
  }

  // ---- messages

  /** Resolves when it is on the disk, and not before; `storage_failed`: nothing was written, the text is still the caller's. */
  async send(
    to: { readonly username: Username; readonly account: AccountKey },
    text: string,
  ): Promise<Outcome<Message>> {
    if (to.account === this.#ports.self.account) return fail("peer_missing", "username: expected somebody else");
    const written = await this.#chat(to.account).write(to.username, text);
    this.#forgetIdle(to.account);
    return written.ok ? succeed(this.#present(written.value)) : written;
  }

  heard(link: PrivateLink, said: PrivateSays): void {
    // What an unbelieved key says is not taken, and stays with whoever says it.
    if (!this.#ports.isTrusted(link) || link.account === this.#ports.self.account) return;
    this.#chat(link.account).heard(link, said);
  }

  /** Text for them that none of their devices has. */
  isWaitingFor(account: AccountKey): boolean {
    return this.#chatByAccount.get(account)?.outgoing.isWaiting ?? false;
  }

  /** For whom text waits, so that they are looked for. */
  waiting(): readonly { readonly username: Username; readonly account: AccountKey }[] {
    return this.#rows().filter(({ account }) => this.isWaitingFor(account));
  }

  // ---- links and keys

  linkOpened(link: PrivateLink): void {
    this.#chatByAccount.get(link.account)?.linkOpened(link);
    if (this.#ports.tellsRead()) this.#tellRead(link.account);
  }

  linkClosed(link: PrivateLink): void {
    this.#chatByAccount.get(link.account)?.linkClosed(link);
    this.#forgetIdle(link.account);
  }

  /** Why text for them waits may be another reason now. */
  reachChanged(account: AccountKey): void {
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
    const state = chat?.record.value?.state;
    if (state === "asked") await this.#accept(account);
    if (state === "asking") await chat?.setState("open");
  }

  // ---- strangers

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
    // From now on the request is their first message.
    if (opened.ok && wasAsked) this.#arrived(this.#ports.history.privateLines(account, { after: 0, limit: 1 }));
    return opened;
  }

  #request({ account, username }: StoredChat): ContactRequest {
    const [line] = this.#ports.history.privateLines(account, { after: 0, limit: 1 });
    return { username, account, text: line?.text ?? "", atMs: line?.arrivedMs ?? this.#ports.clock.wallMs() };
  }

  // ---- what was said

  history(username: Username, page: PageRequest = {}): Outcome<HistoryPage> {
    const found = pageOf(this.#ports.history, this.#accountsOf(username), page);
    if (!found.ok) return found;
    const { lines, before, after } = found.value;
    return succeed({ messages: lines.map((line) => this.#present(line)), before, after });
  }

  /** One line of a search, or of an export. */
  present(line: PrivateLine): Message {
    return this.#present(line);
  }

  /** Everything that was said under this name, oldest first, read page by page. */
  *lines(username: Username): Iterable<PrivateLine> {
    let request: PageRequest = { after: cursorAt(0) };
    for (;;) {
      const page = pageOf(this.#ports.history, this.#accountsOf(username), request);
      if (!page.ok) return;
      yield* page.value.lines;
      if (page.value.after === null) return;
      request = { after: page.value.after };
    }
  }

  unread(username: Username): { readonly count: number; readonly first: HistoryCursor | null } {
    const { history } = this.#ports;
    const unread = this.#rowsOf(username).filter(({ account }) => history.unreadPrivate(account) > 0);
    const count = unread.reduce((sum, { account }) => sum + history.unreadPrivate(account), 0);
    const firsts = unread.flatMap(({ account, readUpTo }) =>
      history.privateLines(account, { after: readUpTo, limit: 1 }),
    );
    const first = firsts.toSorted((a, b) => a.position - b.position)[0];
    return { count, first: first === undefined ? null : cursorAt(first.position) };
  }

  async markRead(username: Username): Promise<Outcome<void>> {
    for (const { account, readUpTo } of this.#rowsOf(username)) {
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

  /** Those that the user talks with, the newest first. */
  conversations(): readonly PrivateConversation[] {
    const { history } = this.#ports;
    const names = new Set(
      this.#rows()
        .filter(isTalk)
        .map(({ username }) => username),
    );
    const found = [...names].map((username) => {
      const newest = this.#accountsOf(username).flatMap((account) => history.privateLines(account, { limit: 1 }));
      const lastMs = Math.max(0, ...newest.map(({ arrivedMs }) => arrivedMs));
      return { username, unread: this.unread(username).count, lastMs };
    });
    return found.toSorted((a, b) => b.lastMs - a.lastMs);
  }

  // ---- the parts

  #rows(): readonly StoredChat[] {
    return [...this.#chatByAccount.values()].flatMap(({ record }) => record.value ?? []);
  }

  /** One name may have had other keys before: what was said then is its history too. */
  #rowsOf(username: Username): readonly StoredChat[] {
    return this.#rows().filter((row) => row.username === username && isTalk(row));
  }

  #accountsOf(username: Username): readonly AccountKey[] {
    return this.#rowsOf(username).map(({ account }) => account);
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
      opened: () => chat.outgoing.flush(),
      accepted: () => void chat.setState("open"),
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
    for (const line of lines) if (line.shown) this.#ports.emit({ kind: "message", message: this.#present(line) });
  }

  #asked({ value }: ChatRecord): void {
    if (value !== undefined) this.#ports.emit({ kind: "contact-request", request: this.#request(value) });
  }

  #written(line: StoredPrivateMessage): void {
    if (line.shown) this.#ports.emit({ kind: "message", message: this.#present(line) });
  }

  #moved(line: StoredPrivateMessage): void {
    const shown = line.shown ? line : this.#standsFor(line);
    if (shown !== undefined) this.#ports.emit({ kind: "delivery", message: this.#present(shown) });
  }

  #standsFor({ account, supersedes }: StoredPrivateMessage): PrivateLine | undefined {
    return supersedes === null
      ? undefined
      : this.#ports.history.privateMessage(account, supersedes.device, supersedes.id);
  }

  #present(line: StoredPrivateMessage & { readonly position?: number }): Message {
    const { self, history } = this.#ports;
    const position = line.position ?? history.privateMessage(line.account, line.device, line.id)?.position;
    const other = this.#chatByAccount.get(line.account)?.record.value?.username;
    if (other === undefined) throw new TypeError("a line belongs to a chat");
    const placed = position === undefined ? line : { ...line, position };
    return presentLine(placed, { self: self.username, other }, line.own ? this.#delivery(line) : null);
  }

  /** Where an own line stands: itself, or what was sent in its place. */
  #delivery(line: StoredPrivateMessage): Delivery {
    const { self, history } = this.#ports;
    const current =
      line.device === self.device
        ? line
        : history.privateSuperseding(line.account, { device: line.device, id: line.id });
    const isOurs = current?.device === self.device && current.seq !== null;
    const delivery =
      isOurs && current.seq !== null ? this.#chat(line.account).outgoing.delivery(current.seq) : undefined;
    return delivery ?? { kind: "sent", received: 1, silent: 0, of: 1 };
  }
}

/** Requests that wait or were turned away are no conversations. */
function isTalk({ state }: StoredChat): boolean {
  return state === "open" || state === "asking";
}
