import { DIALLED_PORT_MIN, PINGS_CONCURRENT_MAX } from "@papo/protocol";
import type { Clock, Timer } from "@papo/link";
import { type TrackerLog, errorWords } from "../log/tracker-log.ts";
import type { Attendance } from "./attendance.ts";
import type { OnlineSession } from "./online-session.ts";
import type { Presence } from "./presence.ts";

/** Asks one address once whether it lives; opens the connection, and hangs up afterwards whatever happens. */
export type AskAlive = (
  place: { readonly host: string; readonly port: number },
  signal: AbortSignal,
) => Promise<boolean>;

/**
 * The report's PING (§4.2): from time to time the tracker calls each seed session at the address it was seen at and the port
 * that it claims. docs/protocol/seed.md §7
 */
export class Liveness {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #presence: Presence;
  readonly #attendance: Attendance;
  readonly #log: TrackerLog;
  readonly #ask: AskAlive;
  readonly #stopped = new AbortController();
  #timer: Timer | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly clock: Clock;
    readonly intervalMs: number;
    readonly presence: Presence;
    readonly attendance: Attendance;
    readonly log: TrackerLog;
    readonly ask: AskAlive;
  }) {
    this.#clock = options.clock;
    this.#intervalMs = options.intervalMs;
    this.#presence = options.presence;
    this.#attendance = options.attendance;
    this.#log = options.log;
    this.#ask = options.ask;
  }

  start(): void {
    this.#timer = this.#clock.after(this.#intervalMs, () => {
      this.#round = this.#askAll().finally(() => {
        if (!this.#stopped.signal.aborted) this.start();
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#timer?.cancel();
    await this.#round;
  }

  /** Rounds never overlap: a round that takes long only puts off the next. */
  async #askAll(): Promise<void> {
    const waiting = this.#presence.seedSessions().filter(({ port }) => port >= DIALLED_PORT_MIN);
    const workers = Array.from({ length: PINGS_CONCURRENT_MAX }, () => this.#askSome(waiting));
    await Promise.all(workers);
  }

  async #askSome(waiting: OnlineSession[]): Promise<void> {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (this.#stopped.signal.aborted) return;
      await this.#askOne(next);
    }
  }

  async #askOne(session: OnlineSession): Promise<void> {
    try {
      const isAlive = await this.#ask({ host: session.address, port: session.port }, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
      if (isAlive) await this.#answered(session);
      else await this.#missed(session);
    } catch (error) {
      this.#log.event({ kind: "failed", where: "liveness", error: errorWords(error) });
    }
  }

  async #answered(session: OnlineSession): Promise<void> {
    const stillOpen = () => this.#presence.isSuspended(session) || this.#presence.isOnline(session);
    if (await this.#attendance.resume(session, stillOpen)) {
      this.#log.event({ kind: "came_back", username: session.username });
    } else if (this.#presence.isOnline(session)) this.#attendance.answered(session);
  }

  async #missed(session: OnlineSession): Promise<void> {
    if (!this.#presence.isOnline(session)) return;
    this.#log.event({ kind: "went_offline", username: session.username });
    await this.#attendance.suspend(session);
  }
}
