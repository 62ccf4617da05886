import type { Clock, Random, Timer } from "@papo/link";
import {
  type DeviceKey,
  FORK_TELL_SPREAD_MAX_MS,
  FORK_TELL_SPREAD_PER_MEMBER_MS,
  type Outcome,
  REOFFER_FIRST_MS,
  REOFFER_LAST_MS,
} from "@papo/protocol";
import type { Draft } from "../log/room-replica.ts";

export type ForkTellingPorts = {
  readonly clock: Clock;
  readonly random: Random;
  /** Devices that are proven to have forked, and of which the room does not know. */
  readonly forks: () => readonly DeviceKey[];
  /** What tells of it; undefined: the room knows meanwhile, or nothing may be written here now. */
  readonly draft: (device: DeviceKey) => Draft | undefined;
  readonly write: (draft: Draft) => Promise<Outcome<unknown>>;
  readonly memberCount: () => number;
};

/**
 * Tells the room of forks that were found here, each once. Everybody who has both branches finds them at about the same moment: so each waits a little, longer in
 * larger rooms, and who hears meanwhile that the room knows says nothing. Only a disk that refuses is asked again, ever more seldom.
 */
export class ForkTelling {
  readonly #ports: ForkTellingPorts;
  readonly #timerByDevice = new Map<DeviceKey, Timer>();
  /** It was written, or the log would not have it: there is no use in trying again. */
  readonly #done = new Set<DeviceKey>();
  #isStopped = false;

  constructor(ports: ForkTellingPorts) {
    this.#ports = ports;
  }

  /** Something came: forks may have been found, or it may be told of them now. */
  look(): void {
    const { random, memberCount } = this.#ports;
    const forks = this.#ports.forks();
    // The room knows. What is found of these devices later is to be told again.
    for (const device of this.#done) if (!forks.includes(device)) this.#done.delete(device);
    for (const device of forks) {
      if (!this.#mayTell(device)) continue;
      const spreadMs = Math.min(memberCount() * FORK_TELL_SPREAD_PER_MEMBER_MS, FORK_TELL_SPREAD_MAX_MS);
      this.#tellIn(device, random.fraction() * spreadMs);
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timerByDevice.values()) timer.cancel();
    this.#timerByDevice.clear();
  }

  #mayTell(device: DeviceKey): boolean {
    return !this.#timerByDevice.has(device) && !this.#done.has(device) && this.#ports.draft(device) !== undefined;
  }

  #tellIn(device: DeviceKey, ms: number, failures = 0): void {
    const timer = this.#ports.clock.after(ms, () => {
      this.#timerByDevice.delete(device);
      void this.#tell(device, failures);
    });
    this.#timerByDevice.set(device, timer);
  }

  async #tell(device: DeviceKey, failures: number): Promise<void> {
    const draft = this.#ports.draft(device);
    if (draft === undefined) return;
    this.#done.add(device);
    const written = await this.#ports.write(draft);
    if (written.ok || written.fault.code !== "storage_failed" || this.#isStopped) return;
    this.#done.delete(device);
    this.#tellIn(device, Math.min(REOFFER_FIRST_MS * 2 ** failures, REOFFER_LAST_MS), failures + 1);
  }
}
