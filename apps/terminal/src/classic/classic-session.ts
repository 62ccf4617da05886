import type { Conversation, PeerApi, PeerEvent } from "@papo/peer/api";
import {
  type Fault,
  INPUT_HISTORY_MAX,
  MESSAGE_CONTENT_BYTES_MAX,
  type RoomId,
  SLOW_ANSWER_NOTICE_MS,
} from "@papo/protocol";
import {
  type Catalogue,
  expectEnd,
  type FeedState,
  faultSentence,
  feedStep,
  focusOn,
  INITIAL_FEED,
  shownName,
  type ShownLine,
  textLine,
} from "@papo/view-model";
import type { Answer, LineConsole, Question } from "../console/line-console.ts";

/** The part of a clock that the screens need. */
export interface ScreenClock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Calls back once, `delayMs` from now. */
  after(delayMs: number, callback: () => void): { cancel(): void };
}

export type SessionParts = {
  readonly peer: PeerApi;
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
  readonly peer: PeerApi;
  readonly texts: Catalogue;
  readonly console: LineConsole;
  /** Whether there is a choice: at an original tracker every room is a plain one. */
  readonly makesPlainRooms: boolean;
  readonly #clock: ScreenClock;
  readonly #unsubscribe: () => void;
  readonly #historyByConversation = new Map<string, readonly string[]>();
  #feed: FeedState = INITIAL_FEED;
  #question: { readonly obsolete: () => boolean; readonly dismiss: AbortController } | undefined;

  constructor({ peer, texts, console, clock, allowPlaintext }: SessionParts) {
    this.peer = peer;
    this.texts = texts;
    this.console = console;
    this.makesPlainRooms = allowPlaintext && peer.trackerAddress.dialect === "papo";
    this.#clock = clock;
    this.#unsubscribe = peer.subscribe((event) => this.tell(event));
  }

  close(): void {
    this.#unsubscribe();
  }

  get feed(): FeedState {
    return this.#feed;
  }

  get selfName(): string {
    const { self } = this.peer;
    return self === undefined ? "?" : shownName(self);
  }

  /** What the screen says of an event, or of what a request has just answered. */
  tell(event: PeerEvent): void {
    const view = { texts: this.texts, atMs: this.#clock.wallMs(), room: (id: RoomId) => this.peer.room(id) };
    const { state, lines } = feedStep(this.#feed, event, view);
    this.#feed = state;
    this.show(lines);
    if (this.#question?.obsolete() === true) this.#question.dismiss.abort();
  }

  focus(conversation: Conversation | null): void {
    this.#feed = focusOn(this.#feed, conversation);
  }

  expectEnd(room: RoomId): void {
    this.#feed = expectEnd(this.#feed, room);
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
    this.failed(faultSentence(this.texts, fault));
  }

  /** One question. That the answer was too long is said here. */
  async ask({ obsolete = () => false, ...question }: Asking): Promise<Answer> {
    const dismiss = new AbortController();
    this.#question = { obsolete, dismiss };
    if (obsolete()) dismiss.abort();
    const answer = await this.console.ask({ ...question, signal: dismiss.signal });
    this.#question = undefined;
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
