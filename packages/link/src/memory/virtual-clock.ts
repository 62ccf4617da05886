import type { Clock, Timer } from "../clock.ts";

type Pending = { readonly dueMs: number; readonly callback: () => void; isCancelled: boolean };

/** 2026-11-20T12:00:00Z: where virtual time begins, unless told otherwise. */
const WALL_START_MS = 1_795_176_000_000;
/** How far `runUntil` looks ahead before it gives up. */
const RUN_LIMIT_MS = 600_000;

/**
 * Time that stands still until a test moves it. Timers fire in order of their moment, then of their making, and after
 * each one everything that it set going by promises runs to its end. So the same test gives the same run.
 */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #wallStartMs: number;
  readonly #pending: Pending[] = [];

  constructor(wallStartMs: number = WALL_START_MS) {
    this.#wallStartMs = wallStartMs;
  }

  wallMs(): number {
    return Math.floor(this.#wallStartMs + this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const pending = { dueMs: this.#nowMs + Math.max(0, delayMs), callback, isCancelled: false };
    this.#pending.splice(this.#placeOf(pending), 0, pending);
    return { cancel: () => void (pending.isCancelled = true) };
  }

  /** Behind all that are due by then. */
  #placeOf({ dueMs }: Pending): number {
    let low = 0;
    let high = this.#pending.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pending[middle]?.dueMs ?? dueMs) > dueMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Timers that have neither fired nor been cancelled. */
  get timers(): number {
    return this.#pending.filter(({ isCancelled }) => !isCancelled).length;
  }

  /** Moves time on, firing what comes due on the way. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await this.settle();
    while (this.#fireNext(untilMs)) await this.settle();
    this.#nowMs = untilMs;
  }

  /** Moves time on from timer to timer until the condition holds. Throws when it never does. */
  async runUntil(condition: () => boolean, limitMs: number = RUN_LIMIT_MS): Promise<void> {
    const untilMs = this.#nowMs + limitMs;
    await this.settle();
    while (!condition()) {
      if (!this.#fireNext(untilMs)) throw new Error(`still not so after ${limitMs} ms of virtual time`);
      await this.settle();
    }
  }

  /** The process stood still (SIGSTOP, a closed lid): time has passed, nothing fired, and now what is overdue is late. */
  async suspend(forMs: number): Promise<void> {
    await this.settle();
    this.#nowMs += forMs;
    await this.advance(0);
  }

  /** Somebody set the wall clock. */
  stepWall(byMs: number): void {
    this.#wallStartMs += byMs;
  }

  /** Lets everything run that waits for promises and not for time. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  #fireNext(untilMs: number): boolean {
    while (this.#pending[0]?.isCancelled === true) this.#pending.shift();
    const next = this.#pending[0];
    if (next === undefined || next.dueMs > untilMs) return false;
    this.#pending.shift();
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    next.callback();
    return true;
  }
}
