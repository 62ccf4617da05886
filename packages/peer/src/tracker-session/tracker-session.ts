import type { Clock, Random, Timer } from "@papo/link";
import {
  BACKOFF_RESET_AFTER_MS,
  type Fault,
  type Observed,
  type Outcome,
  type RoomId,
  TRACKER_WAITED_FOR_MS,
  fault,
} from "@papo/protocol";
import type { TrackerState } from "../api.ts";
import { backOffMs } from "../back-off.ts";
import type { OwnAccount } from "../identity/own-account.ts";
import type { ListenFor } from "./open-line.ts";
import type { RoomDelta, RoomView } from "./room-view.ts";
import { type FirstAttempt, type SessionEvent, type SessionState, stepSession } from "./session-state.ts";
import type { CallNews, LineReceiver, LoggedIn, TrackerLine } from "./tracker-line.ts";

/** How a session begins: with a tracker, or waiting for one. */
export type SessionStart = "online" | "without";

/** A line on which the account is logged in. */
export type OpenedLine = { readonly line: TrackerLine; readonly loggedIn: LoggedIn };

/**
 * Dials and logs in. `first`: a person waits for the answer, who may have typed a password. `listenFor` says where we can be
 * reached, once the way to the tracker is known.
 */
export type LineOpener = (
  attempt: {
    readonly own: OwnAccount;
    readonly first: boolean;
    readonly listenFor: ListenFor;
  },
  signal: AbortSignal,
) => Promise<Outcome<OpenedLine>>;

export interface SessionReceiver {
  stateChanged(state: TrackerState): void;
  online(opened: OpenedLine): void;
  offline(): void;
  delta(delta: RoomDelta): void;
  snapshot(view: RoomView): void;
  roomClosed(id: RoomId, reason: "deleted" | "left" | "removed"): void;
  observed(observed: Observed): void;
  calls(news: CallNews): void;
}

/**
 * Keeps one logged-in line with the tracker: opens it, notices its end, waits and opens the next. `open` dials and logs
 * in; `first` tells it whether a person waits for the answer (who may have typed a password) or the session comes back.
 */
export class TrackerSession {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #open: (first: boolean, signal: AbortSignal) => Promise<Outcome<OpenedLine>>;
  readonly #receiver: SessionReceiver;
  #state: SessionState = { kind: "idle" };
  #shown: TrackerState = { kind: "idle" };
  #current: OpenedLine | undefined;
  #dialling: AbortController | undefined;
  #timer: Timer | undefined;
  /** While somebody waits for the first attempt. */
  #patience: Timer | undefined;
  #firstAnswer: ((answer: Outcome<SessionStart>) => void) | undefined;
  /** Since when there is no session; undefined while there is one, or has not been time for one. */
  #awaySinceMs: number | undefined;

  constructor(
    ports: { readonly clock: Clock; readonly random: Random },
    open: (first: boolean, signal: AbortSignal) => Promise<Outcome<OpenedLine>>,
    receiver: SessionReceiver,
  ) {
    this.#clock = ports.clock;
    this.#random = ports.random;
    this.#open = open;
    this.#receiver = receiver;
  }

  get state(): TrackerState {
    return this.#shown;
  }

  get line(): TrackerLine | undefined {
    return this.#current?.line;
  }

  /**
   * The first attempt, whose failure is the caller's to handle. After a success the session lives until `stop`. `without`: the account can be used
   * without a tracker too; when none answers the session waits for it from the start.
   */
  start(first: Exclude<FirstAttempt, false> = "person"): Promise<Outcome<SessionStart>> {
    return new Promise((resolve) => {
      this.#firstAnswer = resolve;
      if (first === "without") this.#patience = this.#clock.after(TRACKER_WAITED_FOR_MS, () => this.#goOnAlone());
      this.#step({ kind: "start", first });
    });
  }

  #goOnAlone(): void {
    this.#awaySinceMs ??= this.#clock.wallMs();
    this.#step({ kind: "alone" });
    this.#answerFirst({ ok: true, value: "without" });
  }

  /** Tells the tracker if there is one, and stays away. */
  async stop(): Promise<void> {
    const line = this.#current?.line;
    this.#current = undefined;
    this.#step({ kind: "stop" });
    if (line === undefined) return;
    this.#receiver.offline();
    await line.logOut();
  }

  /** Another network, or a long sleep: what there is, is given up, and the next attempt begins at once. */
  renew(reason: Fault): void {
    const line = this.#current?.line;
    if (line !== undefined) {
      this.#lost(reason);
      line.close(reason);
    }
    this.#step({ kind: "renew" });
  }

  #step(event: SessionEvent): void {
    const before = this.#state;
    const { state, effects } = stepSession(before, event, BACKOFF_RESET_AFTER_MS);
    this.#state = state;
    const waitMs = this.#nextWaitMs(state);
    if (state !== before) this.#show(state, waitMs);
    for (const effect of effects) {
      if (effect === "dial") void this.#dial(state.kind === "connecting" && state.first !== false);
      if (effect === "wait") this.#timer = this.#clock.after(waitMs, () => this.#step({ kind: "retry" }));
      if (effect === "hang_up") this.#hangUp();
    }
  }

  #nextWaitMs(state: SessionState): number {
    return state.kind === "waiting" ? backOffMs(state.failures, this.#random, state.reason.retryAfterMs) : 0;
  }

  #hangUp(): void {
    this.#timer?.cancel();
    this.#patience?.cancel();
    this.#dialling?.abort();
    this.#dialling = undefined;
  }

  async #dial(first: boolean): Promise<void> {
    const dialling = new AbortController();
    this.#dialling = dialling;
    const opened = await this.#open(first, dialling.signal);
    if (dialling.signal.aborted) {
      if (opened.ok) opened.value.line.close(fault("closed", "no longer wanted"));
      this.#answerFirst({ ok: false, fault: fault("closed", "the login was given up") });
      return;
    }

    this.#dialling = undefined;
    if (opened.ok) return this.#opened(opened.value);
    this.#awaySinceMs ??= this.#clock.wallMs();
    this.#step({ kind: "failed", reason: opened.fault });
    this.#answerFirst(this.#isWaiting() ? { ok: true, value: "without" } : opened);
  }

  #isWaiting(): boolean {
    return this.#state.kind === "waiting";
  }

  #opened(opened: OpenedLine): void {
    this.#current = opened;
    this.#awaySinceMs = undefined;
    this.#patience?.cancel();
    this.#step({ kind: "opened", nowMs: this.#clock.monotonicMs() });
    this.#receiver.online(opened);
    opened.line.listen(this.#lineReceiver(opened.line));
    this.#answerFirst({ ok: true, value: "online" });
  }

  #lineReceiver(line: TrackerLine): LineReceiver {
    const current = (): boolean => this.#current?.line === line;
    return {
      delta: (delta) => current() && this.#receiver.delta(delta),
      snapshot: (view) => current() && this.#receiver.snapshot(view),
      roomClosed: (id, reason) => current() && this.#receiver.roomClosed(id, reason),
      observed: (observed) => current() && this.#receiver.observed(observed),
      calls: (news) => current() && this.#receiver.calls(news),
      closed: (reason) => current() && this.#lost(reason),
    };
  }

  #lost(reason: Fault): void {
    this.#current = undefined;
    this.#awaySinceMs = this.#clock.wallMs();
    this.#receiver.offline();
    // A tracker that closes without a word has not refused us: it went away.
    const honest = reason.code === "closed" ? fault("lost", "the tracker closed the connection") : reason;
    this.#step({ kind: "lost", reason: honest, nowMs: this.#clock.monotonicMs() });
  }

  #answerFirst(answer: Outcome<SessionStart>): void {
    const resolve = this.#firstAnswer;
    this.#firstAnswer = undefined;
    resolve?.(answer);
  }

  #show(state: SessionState, waitMs: number): void {
    this.#shown = this.#shownAs(state, waitMs);
    this.#receiver.stateChanged(this.#shown);
  }

  get #away(): { readonly sinceMs?: number } {
    return this.#awaySinceMs === undefined ? {} : { sinceMs: this.#awaySinceMs };
  }

  #shownAs(state: SessionState, waitMs: number): TrackerState {
    switch (state.kind) {
      case "idle":
        return { kind: "idle" };
      case "connecting":
        return { kind: "connecting", attempt: state.failures, ...this.#away };
      case "online": {
        const { line, loggedIn } = this.#current ?? {};
        if (line === undefined || loggedIn === undefined) throw new Error("online without a line");
        return { kind: "online", username: loggedIn.username, encrypted: line.security !== undefined };
      }
      case "waiting":
        return { kind: "waiting", retryInMs: waitMs, reason: state.reason, ...this.#away };
      case "refused":
        return { kind: "refused", reason: state.reason };
    }
  }
}
