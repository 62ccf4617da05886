import type { Clock, Random, SendResult } from "@papo/link";
import type { AccountKey, DeviceKey, EntryBatch, SyncSays } from "@papo/protocol";
import type { SyncLink } from "../../src/mesh/sync-link.ts";

export type Said = SyncSays | EntryBatch;

/** How one direction behaves. */
export type Faults = {
  delayMs: number;
  dropRate: number;
  duplicateRate: number;
  /** Nothing arrives, and nobody is told. */
  isBlocked: boolean;
};

export const healthy = (): Faults => ({ delayMs: 1, dropRate: 0, duplicateRate: 0, isBlocked: false });

export type SimLinkParts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  /** Who is at the other end. */
  readonly far: { readonly account: AccountKey; readonly device: DeviceKey };
  readonly receive: (link: SimLink, said: Said) => void;
  /** What leaves here, as it leaves; undefined: it does not. */
  readonly watch: (said: Said) => Said | undefined;
};

/** One end of a link in memory. In order within a direction, as on TCP; what is lost is lost by the programs at its ends. */
export class SimLink implements SyncLink {
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly #parts: SimLinkParts;
  other: SimLink | undefined;
  isOpen = true;
  #isPaused = false;
  #inbox: Said[] = [];
  /** On its way while the direction is blocked. */
  #stuck: Said[] = [];
  #lastArrivalMs = 0;

  constructor(parts: SimLinkParts) {
    this.#parts = parts;
    this.account = parts.far.account;
    this.device = parts.far.device;
  }

  get queuedBytes(): number {
    return this.#stuck.length * 1_000;
  }

  say(message: SyncSays): SendResult {
    return this.#send(message);
  }

  sayEntries(batch: EntryBatch): SendResult {
    return this.#send(batch);
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  pauseReading(): void {
    this.#isPaused = true;
  }

  resumeReading(): void {
    this.#isPaused = false;
    this.#read();
  }

  close(): void {
    this.isOpen = false;
    this.#inbox = [];
    this.#stuck = [];
  }

  /** The direction may work again. */
  unblock(): void {
    if (this.#parts.faults.isBlocked) return;
    for (const said of this.#stuck.splice(0)) this.#carry(said);
  }

  #send(said: Said): SendResult {
    if (!this.isOpen) return "closed";
    const leaving = this.#parts.watch(said);
    if (leaving === undefined) return "sent";
    if (this.#parts.faults.isBlocked) this.#stuck.push(leaving);
    else this.#carry(leaving);
    return "sent";
  }

  #carry(said: Said): void {
    const { faults, random, clock } = this.#parts;
    if (random.fraction() < faults.dropRate) return;
    const copies = random.fraction() < faults.duplicateRate ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const dueMs = clock.monotonicMs() + 1 + random.fraction() * faults.delayMs;
      this.#lastArrivalMs = Math.max(this.#lastArrivalMs, dueMs);
      clock.after(this.#lastArrivalMs - clock.monotonicMs(), () => this.other?.arrived(said));
    }
  }

  arrived(said: Said): void {
    if (!this.isOpen) return;
    this.#inbox.push(said);
    this.#read();
  }

  #read(): void {
    while (!this.#isPaused && this.isOpen) {
      const said = this.#inbox.shift();
      if (said === undefined) return;
      this.#parts.receive(this, said);
    }
  }
}
