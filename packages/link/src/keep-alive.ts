import {
  FRAME_KIND,
  type Fault,
  KEEP_ALIVE_BYTES_MAX,
  LINK_DEAD_AFTER_MS,
  LINK_PING_INTERVAL_MS,
  WAKE_GRACE_MS,
  fault,
  parseStrictJson,
} from "@papo/protocol";
import type { Clock, Timer } from "./clock.ts";
import type { Link, LinkMessage, LinkReceiver } from "./link.ts";

const PING = { cmd: "PING" };
const PONG = { cmd: "PONG" };

/**
 * Keeps a Papo link alive for whoever uses it: `link.start(keepAlive(link, clock, receiver))`. It sends a PING after
 * silence, answers the other side's, and ends a link on which nothing arrives. Neither PING nor PONG reaches `receiver`.
 * To hand the link to another receiver, wrap that one and start again; call `stop` on the old one.
 */
export function keepAlive(link: Link, clock: Clock, receiver: LinkReceiver): KeepAlive {
  return new KeepAlive(link, clock, receiver);
}

export class KeepAlive implements LinkReceiver {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #receiver: LinkReceiver;
  #heardMs: number;
  #lookedMs: number;
  #lookedWallMs: number;
  /** After a standstill the silence before it does not count: the link has until then to speak. */
  #graceUntilMs = 0;
  #timer: Timer | undefined;
  /** Those that wait for PONGs, the one asked first first. */
  readonly #asked: ((answered: boolean) => void)[] = [];

  constructor(link: Link, clock: Clock, receiver: LinkReceiver) {
    this.#link = link;
    this.#clock = clock;
    this.#receiver = receiver;
    this.#heardMs = clock.monotonicMs();
    this.#lookedMs = this.#heardMs;
    this.#lookedWallMs = clock.wallMs();
    this.#lookIn(LINK_PING_INTERVAL_MS);
  }

  message(message: LinkMessage): void {
    this.#heardMs = this.#clock.monotonicMs();
    const command = keepAliveCommand(message);
    if (command === undefined) this.#receiver.message(message);
    else if (command === "PING") this.#link.sendJson(PONG);
    else this.#asked[0]?.(true);
  }

  /** Whether the other side answers within `limitMs`. */
  answers(limitMs: number): Promise<boolean> {
    if (this.#link.isClosed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = (answered: boolean): void => {
        timer.cancel();
        this.#asked.splice(this.#asked.indexOf(done), 1);
        resolve(answered);
      };
      const timer = this.#clock.after(limitMs, () => done(false));
      this.#asked.push(done);
      this.#link.sendJson(PING);
    });
  }

  mistake(mistake: Fault): void {
    this.#receiver.mistake?.(mistake);
  }

  closed(reason: Fault): void {
    for (const done of [...this.#asked]) done(false);
    this.stop();
    this.#receiver.closed(reason);
  }

  /** Leaves the link to itself. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** A whole millisecond at least: what is left of one may be too little for a clock to move by. */
  #lookIn(leftMs: number): void {
    const delayMs = Math.max(1, Math.ceil(leftMs));
    this.#timer = this.#clock.after(delayMs, () => this.#look(delayMs));
  }

  #look(plannedMs: number): void {
    if (this.#link.isClosed) return this.stop();
    const nowMs = this.#clock.monotonicMs();
    const stoodStill = this.#stoodStill(plannedMs, nowMs);
    if (stoodStill) this.#graceUntilMs = nowMs + WAKE_GRACE_MS;
    // While we do not read, silence says nothing about the other side.
    if (this.#link.isPaused) this.#heardMs = nowMs;

    const silentMs = nowMs - this.#heardMs;
    const graceMs = this.#graceUntilMs - nowMs;
    if (silentMs >= LINK_DEAD_AFTER_MS && graceMs <= 0) {
      return this.#link.destroy(fault("dead", `nothing heard for ${LINK_DEAD_AFTER_MS} ms`));
    }
    if (stoodStill || silentMs >= LINK_PING_INTERVAL_MS) this.#link.sendJson(PING);
    this.#lookIn(nextLook(silentMs, graceMs));
  }

  /** Timers were late, or the wall clock ran on alone: this machine slept, and the other side may have given up. */
  #stoodStill(plannedMs: number, nowMs: number): boolean {
    const passedMs = nowMs - this.#lookedMs;
    const wallMs = this.#clock.wallMs();
    const wallPassedMs = wallMs - this.#lookedWallMs;
    this.#lookedMs = nowMs;
    this.#lookedWallMs = wallMs;
    return passedMs - plannedMs >= WAKE_GRACE_MS || wallPassedMs - passedMs >= WAKE_GRACE_MS;
  }
}

/** When something can be due next: a PING, the second PING, or the end. */
function nextLook(silentMs: number, graceMs: number): number {
  if (graceMs > 0) return graceMs;
  const next = [LINK_PING_INTERVAL_MS, 2 * LINK_PING_INTERVAL_MS, LINK_DEAD_AFTER_MS].find((ms) => ms > silentMs);
  return (next ?? LINK_DEAD_AFTER_MS) - silentMs;
}

function keepAliveCommand({ kind, payload }: LinkMessage): "PING" | "PONG" | undefined {
  if (kind !== FRAME_KIND.json || payload.length > KEEP_ALIVE_BYTES_MAX) return undefined;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (!bytes.includes('"PING"') && !bytes.includes('"PONG"')) return undefined;
  const parsed = parseStrictJson(bytes);
  if (!parsed.ok || typeof parsed.value !== "object" || parsed.value === null) return undefined;
  const cmd = "cmd" in parsed.value ? parsed.value.cmd : undefined;
  return cmd === "PING" || cmd === "PONG" ? cmd : undefined;
}
