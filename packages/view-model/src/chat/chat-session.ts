import type { Conversation, PeerEvent } from "@papo/peer/api";
import { EARLIER_MESSAGES_SHOWN, type Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { FeedView } from "../feed/feed-state.ts";
import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { BANNER_AFTER_MS } from "./banner.ts";
import type { ChatPorts } from "./chat-ports.ts";
import type { Attention } from "./chat-view.ts";
import { isLouder } from "./attention.ts";
import type { ComingOrGoing } from "./entry.ts";
import { HeldMessages } from "./held-messages.ts";
import { People } from "./people.ts";
import { Presences } from "./presences.ts";
import { concerns, ProgramNews } from "./program-news.ts";
import type { Tab } from "./tab.ts";
import { TabDesk } from "./tab-desk.ts";
import { isOver, TabOpening } from "./tab-opening.ts";

type EventOf<Kind extends PeerEvent["kind"]> = Extract<PeerEvent, { kind: Kind }>;
type MemberEvent = EventOf<"member-joined" | "member-left" | "member-online" | "member-offline">;

export type ChatSessionParts = {
  readonly ports: ChatPorts;
  readonly texts: Catalogue;
  /** What is shown may be another. */
  changed(): void;
  /** Somebody is being asked who they are, so that an account that is not there any more was not opened after all. */
  isAsking(): boolean;
  signedIn(): void;
  /** The account was left. */
  signedOut(): void;
};

/** What the engine tells, brought to the tabs that it concerns. */
export class ChatSession {
  readonly people: People;
  readonly desk: TabDesk;
  readonly held = new HeldMessages();
  readonly news = new ProgramNews();
  readonly presences: Presences;
  /** This profile was started elsewhere too, and the user was not at home since. */
  isCopied = false;
  /** Counts up with whatever the panes around the timeline show. */
  paneVersion = 0;
  readonly #parts: ChatSessionParts;
  readonly #opening: TabOpening;
  readonly #unsubscribe: () => void;
  #self: Username | undefined;
  /** What happened to an account that was not open yet. The last ones. */
  #early: readonly PeerEvent[] = [];
  /** Nothing was there to begin with at signing in, and the user has done nothing since. */
  #awaitsFirst = false;
  #bannerTimer: { cancel(): void } | undefined;

  constructor(parts: ChatSessionParts) {
    this.#parts = parts;
    const { ports, texts } = parts;
    const changed = (): void => parts.changed();
    this.people = new People(ports.peer, texts, ports.language);
    this.presences = new Presences(ports.peer);
    const { people, presences } = this;
    this.desk = new TabDesk({ ports, people, presences, changed, activated: (tab) => this.#activated(tab) });
    this.#opening = new TabOpening({ ports, people: this.people, desk: this.desk, changed });
    this.#unsubscribe = ports.peer.subscribe((event) => this.#happens(event));
  }

  close(): void {
    this.#unsubscribe();
    this.#opening.close();
    this.#bannerTimer?.cancel();
    this.desk.close();
  }

  /** At home it is told that this profile was copied. */
  #activated({ of }: Tab): void {
    this.#awaitsFirst = false;
    if (of === null) this.isCopied = false;
  }

  /** The user types, opens a panel or goes somewhere: where they are is theirs to say from now on. */
  userActs(): void {
    this.#awaitsFirst = false;
  }

  #changed(): void {
    this.paneVersion += 1;
    this.#parts.changed();
  }

  // ---- whose account it is

  /** Somebody may have logged in or out. */
  lookWhoIsHere(): void {
    const { self } = this.#parts.ports.peer;
    if (self === this.#self || (self === undefined && !this.#isGone())) return;
    if (this.#self !== undefined) this.#signOut();
    this.#self = self;
    if (self !== undefined) this.#signIn();
    this.#changed();
  }

  /** While it becomes another device of the account there is nobody here for a moment. */
  #isGone(): boolean {
    const { kind } = this.#parts.ports.peer.trackerState();
    return this.#parts.isAsking() || kind === "idle" || kind === "refused";
  }

  #signIn(): void {
    const { chat } = this.#parts.texts;
    this.people.lookAtPreferences();
    this.presences.changed();
    this.desk.show(this.desk.list.home, [chat.welcome, chat.welcomeStart, chat.welcomeKeys].map(textLine));
    const first = this.#opening.openAll();
    this.#awaitsFirst = first === undefined;
    if (first !== undefined && this.desk.list.active === this.desk.list.home) this.desk.activate(first);
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#tell(event);
    this.#parts.signedIn();
  }

  #signOut(): void {
    this.#opening.close();
    this.desk.closeAll();
    this.held.forget();
    this.news.forget();
    this.isCopied = false;
    this.people.lookAtPreferences();
    this.#parts.signedOut();
  }

  /** The user has made other choices: whom to ignore, what to be told of. */
  #lookAtPreferences(): void {
    this.people.lookAtPreferences();
    for (const tab of this.desk.list.all()) tab.levelChanged();
    this.#opening.countAgain();
    this.desk.list.touch();
    this.#changed();
  }

  // ---- what happens

  #happens(event: PeerEvent): void {
    this.lookWhoIsHere();
    const isOfAccount = event.kind !== "tracker" && event.kind !== "problem";
    if (!isOfAccount || this.#self !== undefined) return this.#tell(event);
    if (event.kind !== "message") this.#early = [...this.#early, event].slice(-EARLIER_MESSAGES_SHOWN);
  }

  #tell(event: PeerEvent): void {
    switch (event.kind) {
      case "message":
        this.held.tell(event.message);
        return this.desk.hear(event.message);
      case "delivery":
      case "message-changed":
        this.held.tell(event.message);
        return this.desk.change(event.message);
      case "member-joined":
      case "member-left":
      case "member-online":
      case "member-offline":
        this.#memberMoved(event);
        break;
      case "private-left":
        this.desk.happened({ kind: "private", username: event.username }, "left", event.username);
        break;
      case "room-changed":
        this.#roomChanged(event);
        break;
      case "linked":
      case "unlinked":
        this.#linkMoved(event);
        break;
      case "relinked":
      case "unreachable":
      case "away":
        this.#presenceChanged();
        break;
      case "tracker":
        this.#trackerChanged(event);
        break;
      case "preferences-changed":
        return this.#lookAtPreferences();
      case "copied":
        this.isCopied = true;
        break;
      case "opened":
        break;
      case "room-closed":
        this.desk.list.of({ kind: "room", id: event.id })?.roomChanged();
        this.desk.list.touch();
        break;
      case "invite-refused":
      case "contact-request":
      case "forked":
      case "key-changed":
      case "name-conflict":
      case "problem":
      case "tracker-address-refused":
        break;
    }
    this.#sayNews(event);
    this.#changed();
  }

  #memberMoved({ kind, room, username }: MemberEvent): void {
    this.people.roomChanged(room.id);
    this.#presenceChanged();
    const what = MOVEMENTS[kind];
    // Who belongs to a room that is kept, its log says.
    const isInLog = room.log !== undefined && (what === "joined" || what === "left");
    if (!isInLog) this.desk.happened({ kind: "room", id: room.id }, what, username);
  }

  /** In a private chat the link is all that tells it. */
  #linkMoved(event: EventOf<"linked" | "unlinked">): void {
    this.#presenceChanged();
    const username = event.kind === "linked" ? event.link.username : event.username;
    this.desk.happened({ kind: "private", username }, event.kind === "linked" ? "online" : "offline", username);
  }

  #presenceChanged(): void {
    this.presences.changed();
    for (const tab of this.desk.list.all()) if (tab.of?.kind === "private") tab.touch();
    this.desk.list.touch();
  }

  #roomChanged({ room }: EventOf<"room-changed">): void {
    this.people.roomChanged(room.id);
    const of: Conversation = { kind: "room", id: room.id };
    const tab = this.desk.list.of(of) ?? (this.desk.isClosed(of) || isOver(room) ? undefined : this.desk.list.open(of));
    tab?.roomChanged();
    this.desk.list.touch();
    if (tab !== undefined) this.#showFirst(tab);
  }

  /** On a new device the account's rooms come a moment after it: the screen begins with the first of them, as it does where they are kept. */
  #showFirst(tab: Tab): void {
    const { active, home } = this.desk.list;
    if (this.#awaitsFirst && active === home) this.desk.activate(tab);
  }

  #trackerChanged({ state }: EventOf<"tracker">): void {
    this.#presenceChanged();
    this.#bannerTimer?.cancel();
    this.#bannerTimer = undefined;
    if (state.kind === "waiting" || state.kind === "connecting")
      this.#bannerTimer = this.#parts.ports.clock.after(BANNER_AFTER_MS, () => this.#changed());
  }

  // ---- what concerns nobody's words

  #sayNews(event: PeerEvent): void {
    const news = this.news.of(event, this.feedView());
    if (news === undefined) return;
    const { home, active } = this.desk.list;
    const isHere = active.of !== null && concerns(event, active.of, (name) => this.#isIn(active.of, name));
    // What stands on the screen already and asks for no answer needs no look at home.
    const atHome: Attention = isHere && news.attention === "message" ? "low" : news.attention;
    this.desk.show(home, news.lines, atHome);
    if (isHere) this.desk.show(active, news.lines);
    if (event.kind !== "contact-request" || !isLouder(news.attention, "message")) return;
    const { contactRequest } = this.#parts.texts.kept;
    const name = shownName(event.request.username);
    this.#parts.ports.alert({
      tab: home.key,
      attention: "private",
      title: this.#parts.texts.chat.home,
      text: contactRequest(name, ""),
    });
  }

  #isIn(of: Conversation | null, username: Username): boolean {
    if (of === null) return false;
    if (of.kind === "private") return of.username === username;
    return this.#parts.ports.peer.room(of.id)?.members.some((member) => member.username === username) ?? false;
  }

  feedView(): FeedView {
    const { ports, texts } = this.#parts;
    const { peer, clock } = ports;
    return { texts, atMs: clock.wallMs(), room: (id) => peer.room(id), keyChanges: () => peer.keyChanges() };
  }
}

const MOVEMENTS: Readonly<Record<MemberEvent["kind"], ComingOrGoing>> = {
  "member-joined": "joined",
  "member-left": "left",
  "member-online": "online",
  "member-offline": "offline",
};
