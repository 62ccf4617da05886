import type { Conversation, PeerEvent } from "@papo/peer/api";
import {
  EARLIER_MESSAGES_SHOWN,
  type Fault,
  INPUT_HISTORY_MAX,
  MESSAGE_CONTENT_BYTES_MAX,
  type RoomId,
  SLOW_ANSWER_NOTICE_MS,
  type Username,
} from "@papo/protocol";
import {
  awaitEntry,
  type Catalogue,
  type CommandScreen,
  decided,
  expectEnd,
  type FeedState,
  type FeedView,
  faultSentence,
  feedStep,
  focusOn,
  INITIAL_FEED,
  sameConversation,
  shownName,
  type ShownLine,
  textLine,
} from "@papo/view-model";
import type { Answer, LineConsole, Question } from "../console/line-console.ts";
import { Recent } from "./recent.ts";

/** What was looked at for so long counts as read, and with it all that came meanwhile. */
const READ_NOTED_AFTER_MS = 1_000;

/** Links on the same continent open well within it; where nobody is, this much is waited in vain. */
const BRIEFLY_MS = 4_000;

/** The part of a clock that the screens need. */
export interface ScreenClock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Calls back once, `delayMs` from now. */
  after(delayMs: number, callback: () => void): { cancel(): void };
}

export type SessionParts = {
  readonly peer: CommandScreen["peer"];
  readonly texts: Catalogue;
  readonly console: LineConsole;
  readonly clock: ScreenClock;
  readonly allowPlaintext: boolean;
};

export type Asking = Omit<Question, "signal"> & {
  /** Looked at after every event: true when the answer is no longer wanted. */
  readonly obsolete?: () => boolean;
};

/** What all screens share: the engine, the texts, the console, and what has been told so far. */
export class ClassicSession {
  readonly peer: CommandScreen["peer"];
  readonly texts: Catalogue;
  readonly console: LineConsole;
  /** Whether there is a choice: at an original tracker every room is a plain one. */
  readonly makesPlainRooms: boolean;
  /** An original tracker knows none that are kept. */
  readonly makesKeptRooms: boolean;
  /** Accounts into which this device's key does not lead any more. */
  readonly refusedKeys = new Set<Username>();
  readonly recent = new Recent();
  readonly #clock: ScreenClock;
  readonly #unsubscribe: () => void;
  readonly #historyByConversation = new Map<string, readonly string[]>();
  /** What happened to an account of which it has not been said yet that it is logged in. The last ones. */
  #early: readonly PeerEvent[] = [];
  #inputEnded = false;
  #reading: { cancel(): void } | undefined;
  #feed: FeedState = INITIAL_FEED;
  #question: { readonly obsolete: () => boolean; readonly dismiss: AbortController } | undefined;

  constructor({ peer, texts, console, clock, allowPlaintext }: SessionParts) {
    this.peer = peer;
    this.texts = texts;
    this.console = console;
    this.makesKeptRooms = peer.trackerAddress.dialect === "papo";
    this.makesPlainRooms = allowPlaintext && peer.trackerAddress.dialect === "papo";
    this.#clock = clock;
    this.#unsubscribe = peer.subscribe((event) => this.#happens(event));
  }

  close(): void {
    this.focus(null);
    this.#unsubscribe();
  }

  get feed(): FeedState {
    return this.#feed;
  }

  get selfName(): string {
    const { self } = this.peer;
    return self === undefined ? "?" : shownName(self);
  }

  /** The last answer was the end of input. */
  get inputEnded(): boolean {
    return this.#inputEnded;
  }

  /** Another login took this account's place, or the tracker's key is not the known one: nothing here works any more. */
  get isRefused(): boolean {
    return this.peer.trackerState().kind === "refused";
  }

  /** What follows is about another account, if about any. */
  signsIn(): void {
    this.#early = [];
    this.recent.forget();
  }

  isSignedIn(text: string): void {
    this.succeeded(text);
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.tell(event);
  }

  #happens(event: PeerEvent): void {
    const isOfAccount = event.kind !== "tracker" && event.kind !== "problem";
    if (isOfAccount && this.peer.self === undefined)
      this.#early = [...this.#early, event].slice(-EARLIER_MESSAGES_SHOWN);
    else this.tell(event);
  }

  /** What the screen says of an event, or of what a request has just answered. */
  tell(event: PeerEvent): void {
    const { state, lines } = feedStep(this.#feed, event, this.feedView());
    this.#feed = state;
    this.show(lines);
    if (event.kind === "message" && !event.message.own) {
      this.recent.comesUp(event.message.conversation);
      if (sameConversation(event.message.conversation, this.#feed.focus)) this.#willBeRead(event.message.conversation);
    }
    if (this.#question?.obsolete() === true) this.#question.dismiss.abort();
  }

  /** What comes while it is looked at is read: noted once for many. */
  #willBeRead(conversation: Conversation): void {
    this.#reading ??= this.#clock.after(READ_NOTED_AFTER_MS, () => this.#hasRead(conversation));
  }

  #hasRead(conversation: Conversation): void {
    this.#reading?.cancel();
    this.#reading = undefined;
    void this.peer.markRead(conversation);
  }

  feedView(): FeedView {
    const { texts, peer } = this;
    return { texts, atMs: this.#clock.wallMs(), room: (id) => peer.room(id), keyChanges: () => peer.keyChanges() };
  }

  focus(conversation: Conversation | null): void {
    const { focus } = this.#feed;
    if (focus !== null && this.#reading !== undefined) this.#hasRead(focus);
    this.#feed = focusOn(this.#feed, conversation);
    if (conversation !== null) this.recent.comesUp(conversation);
  }

  /** The user has answered the question of a changed key. */
  decided(username: Username, decision: "accept" | "block"): void {
    this.#feed = decided(this.#feed, username, decision);
  }

  expectEnd(room: RoomId): void {
    this.#feed = expectEnd(this.#feed, room);
  }

  /** That this room has opened is told when it has. */
  awaitEntry(room: RoomId): void {
    this.#feed = awaitEntry(this.#feed, room);
  }

  /** Waits until it holds, looked at after every event, but not for long. */
  briefly(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        unsubscribe();
        timer.cancel();
        resolve();
      };
      const unsubscribe = this.peer.subscribe(() => {
        if (holds()) finish();
      });
      const timer = this.#clock.after(BRIEFLY_MS, finish);
    });
  }

  show(lines: readonly ShownLine[]): void {
    this.console.print(lines);
  }

  say(...texts: readonly string[]): void {
    this.show(texts.map(textLine));
  }

  notice(text: string): void {
    this.say(this.texts.feed.notice(text));
  }

  succeeded(text: string): void {
    this.say(this.texts.classic.ok(text));
  }

  failed(text: string): void {
    this.say(this.texts.classic.error(text));
  }

  failedBy(fault: Fault): void {
    this.failed(this.sentenceOf(fault));
  }

  /** Once logged in, a tracker that does not answer is being dialled again. */
  sentenceOf(fault: Fault): string {
    const isAway = fault.code === "tracker_unreachable" && this.peer.self !== undefined;
    return isAway ? this.texts.classic.trackerAway : faultSentence(this.texts, fault);
  }

  /** One question. That the answer was too long is said here. */
  async ask({ obsolete = () => false, ...question }: Asking): Promise<Answer> {
    const dismiss = new AbortController();
    this.#question = { obsolete, dismiss };
    if (obsolete()) dismiss.abort();
    const answer = await this.console.ask({ ...question, signal: dismiss.signal });
    this.#question = undefined;
    this.#inputEnded = answer.kind === "end";
    if (answer.kind === "too-long") this.failed(this.texts.classic.tooLong(MESSAGE_CONTENT_BYTES_MAX));
    return answer;
  }

  /** One line, blanks around it cut; undefined at the end of input. Asks again where a line was too long. */
  async askLine(prompt: string): Promise<string | undefined> {
    for (;;) {
      const answer = await this.ask({ prompt });
      if (answer.kind === "line") return answer.text.replaceAll("\n", " ").trim();
      if (answer.kind !== "too-long") return undefined;
    }
  }

  async askSecret(prompt: string): Promise<string | undefined> {
    const answer = await this.ask({ prompt, secret: true });
    return answer.kind === "line" ? answer.text : undefined;
  }

  /** Says what is waited for when an answer takes its time. */
  async patiently<T>(work: Promise<T>, waitingFor: string = this.texts.classic.waitingForTracker): Promise<T> {
    const timer = this.#clock.after(SLOW_ANSWER_NOTICE_MS, () => this.say(waitingFor));
    try {
      return await work;
    } finally {
      timer.cancel();
    }
  }

  historyOf(conversation: string): readonly string[] {
    return this.#historyByConversation.get(conversation) ?? [];
  }

  remember(conversation: string, line: string): void {
    const before = this.historyOf(conversation).filter((earlier) => earlier !== line);
    this.#historyByConversation.set(conversation, [...before, line].slice(-INPUT_HISTORY_MAX));
  }
}
