import { type Catalogue, catalogueOf } from "../catalogue/catalogue.ts";
import type { TabActions } from "../commands/tab-actions.ts";
import type { Completion } from "../composer/completion.ts";
import { usageHint } from "../composer/usage-hint.ts";
import { type Span, textLine } from "../feed/shown-line.ts";
import { openFirstSteps } from "../flows/first-steps.ts";
import { openHelp } from "../flows/help-panel.ts";
import { openSearch } from "../flows/search-panel.ts";
import { signIn } from "../flows/sign-in.ts";
import type { SignedIn } from "../flows/signing-in.ts";
import { openSwitcher } from "../flows/switcher.ts";
import type { Panel } from "../panels/panel.ts";
import { PanelStack } from "../panels/panel-stack.ts";
import type { Chat } from "./chat.ts";
import { ChatInput } from "./chat-input.ts";
import { ChatPanes } from "./chat-panes.ts";
import type { ChatPorts } from "./chat-ports.ts";
import { ChatSession } from "./chat-session.ts";
import type { Banner, Header, Members, StatusView, TabKey, TabRow, Timeline } from "./chat-view.ts";
import type { Tab } from "./tab.ts";
import { tabActions } from "./tab-desk-actions.ts";
import type { TabList } from "./tab-list.ts";
import { TabScreen } from "./tab-screen.ts";

/** All that a screen of several conversations shows and does, on this engine. */
export function openChat(ports: ChatPorts): Chat {
  return new OpenChat(ports);
}

class OpenChat implements Chat {
  readonly texts: Catalogue;
  readonly panels: PanelStack;
  readonly #ports: ChatPorts;
  readonly #session: ChatSession;
  readonly #panes: ChatPanes;
  readonly #input: ChatInput;
  readonly #actions: TabActions;
  readonly #listeners = new Set<() => void>();
  #isClosed = false;
  #isAsking = false;

  constructor(ports: ChatPorts) {
    this.#ports = ports;
    this.texts = catalogueOf(ports.language);
    const changed = (): void => this.#changed();
    this.panels = new PanelStack(() => this.#panelsChanged());
    this.#session = new ChatSession({
      ...{ ports, texts: this.texts, changed },
      isAsking: () => this.#isAsking,
      signedIn: () => this.panels.closeAll(),
      signedOut: () => this.#askWho(false),
    });
    this.#panes = new ChatPanes(ports, this.texts, this.#session);
    this.#actions = tabActions({ chat: this, ports, session: this.#session, changed });
    this.#input = new ChatInput({
      ...{ ports, texts: this.texts, people: this.#session.people, changed },
      active: () => this.#list.active,
      screenOf: (tab) => this.#screenOf(tab),
    });
    this.#session.lookWhoIsHere();
    if (ports.peer.self === undefined) this.#askWho(true);
  }

  get #list(): TabList {
    return this.#session.desk.list;
  }

  #screenOf(tab: Tab): TabScreen {
    const { desk, news } = this.#session;
    return new TabScreen(tab, {
      ...{ ports: this.#ports, texts: this.texts, tabs: this.#actions },
      shelf: () => desk.shelf,
      show: (shown, lines) => desk.show(shown, lines),
      close(closed, says) {
        desk.closeTab(closed);
        if (says !== undefined) desk.show(desk.list.active, [says]);
      },
      expectEnd: ({ of }) => (of?.kind === "room" ? news.expectEnd(of.id) : undefined),
      decided: (name, decision) => news.decided(name, decision),
      goBack: () => desk.activate(this.#list.last ?? this.#list.home),
    });
  }

  /** Whoever is asked may be somebody now, or not the one that was being opened. */
  #panelsChanged(): void {
    if (this.#isAsking) this.#session.lookWhoIsHere();
    if (this.panels.front !== undefined) this.#session.userActs();
    this.#changed();
  }

  /** Panels that ask it, until somebody is logged in. */
  #askWho(opensLast: boolean): void {
    if (this.#isClosed || this.#isAsking) return;
    this.#isAsking = true;
    const { peer } = this.#ports;
    const { texts, panels } = this;
    const parts = {
      ...{ peer, texts, panels, opensLast },
      completePath: (typed: string) => this.#ports.completePath(typed),
      quit: () => this.#ports.quit(),
    };
    void signIn(parts).then((signedIn) => this.#isSignedIn(signedIn));
  }

  #isSignedIn({ username, lines, isNew }: SignedIn): void {
    this.#isAsking = false;
    this.#session.lookWhoIsHere();
    this.#session.desk.show(this.#list.home, lines);
    if (isNew) openFirstSteps(this.#screenOf(this.#list.home), username);
  }

  // ---- who listens

  onChange(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #changed(): void {
    if (!this.#isClosed) for (const listener of this.#listeners) listener();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#session.close();
    this.#isClosed = true;
    this.#listeners.clear();
  }

  // ---- what is shown

  tabs(): readonly TabRow[] {
    return this.#list.rows();
  }

  active(): TabRow {
    return this.#list.active.row();
  }

  header(): Header {
    return this.#panes.header();
  }

  timeline(): Timeline {
    return this.#panes.timeline();
  }

  members(): Members {
    return this.#panes.members();
  }

  status(): StatusView {
    return this.#panes.status();
  }

  banner(): Banner | null {
    return this.#panes.banner();
  }

  panel(): Panel | undefined {
    return this.panels.front;
  }

  // ---- tabs

  activate(key: TabKey): void {
    this.#session.userActs();
    const tab = this.#list.byKey(key);
    if (tab !== undefined) this.#session.desk.activate(tab);
  }

  activateBeside(step: 1 | -1): void {
    this.#session.desk.activate(this.#list.beside(step));
  }

  activateNextActive(): void {
    const { desk } = this.#session;
    const next = this.#list.nextActive();
    if (next !== undefined) desk.activate(next, "next-active");
    else if (this.#list.origin !== undefined) desk.activate(this.#list.origin);
  }

  activateLast(): void {
    const { last } = this.#list;
    if (last !== undefined) this.#session.desk.activate(last);
  }

  closeTab(key: TabKey): void {
    const tab = this.#list.byKey(key);
    if (tab !== undefined) this.#session.desk.closeTab(tab);
  }

  openSwitcher(): void {
    openSwitcher(this.#screenOf(this.#list.active), this.active());
  }

  openSearch(): void {
    openSearch(this.#screenOf(this.#list.active));
  }

  openHelp(keys: readonly { readonly keys: string; readonly says: string }[]): void {
    openHelp(this.#screenOf(this.#list.active), keys);
  }

  // ---- the timeline

  loadOlder(): boolean {
    return this.#moved(this.#list.active.timeline.loadOlder());
  }

  loadNewer(): boolean {
    return this.#moved(this.#list.active.timeline.loadNewer());
  }

  jumpToNewest(): void {
    this.#list.active.timeline.toNewest();
    this.#changed();
  }

  jumpToUnread(): void {
    this.#list.active.timeline.toUnread();
    this.#changed();
  }

  jumpToMention(step: 1 | -1): void {
    this.#list.active.timeline.toMention(step);
    this.#changed();
  }

  #moved(hasMoved: boolean): boolean {
    if (hasMoved) this.#changed();
    return hasMoved;
  }

  isReadBack(isBack: boolean): void {
    this.#list.active.timeline.setReadBack(isBack);
  }

  isLookedAt(): void {
    this.#session.desk.isLookedAt();
  }

  markUnread(): void {
    this.#session.desk.markUnread();
  }

  markAllRead(): void {
    this.#session.desk.markAllRead();
  }

  say(text: string): void {
    const attention = "message";
    this.#session.desk.show(this.#list.home, [textLine(this.texts.feed.notice(text))], attention);
  }

  // ---- what is typed

  draft(): string {
    return this.#list.active.draft;
  }

  setDraft(text: string): void {
    const { active } = this.#list;
    if (active.draft === text) return;
    this.#session.userActs();
    const isNews = (text === "") !== (active.draft === "");
    active.draft = text;
    if (!isNews) return;
    this.#list.touch();
    this.#changed();
  }

  inputHistory(of: "tab" | "all"): readonly string[] {
    return this.#input.history(of);
  }

  submit(line: string): Promise<void> {
    this.#session.userActs();
    return this.#input.submit(line);
  }

  run(command: string): Promise<void> {
    this.#session.userActs();
    return this.#input.run(command);
  }

  complete(line: string, at: number): Promise<Completion | undefined> {
    return this.#input.complete(line, at);
  }

  usageHint(line: string): readonly Span[] | null {
    return usageHint(line, this.texts);
  }

  replyingTo(): readonly Span[] | null {
    return this.#input.replyingTo();
  }

  cancelReply(): void {
    this.#list.active.answers = undefined;
    this.#changed();
  }
}
