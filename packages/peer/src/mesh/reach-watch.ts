import type { Clock } from "@papo/link";
import type { Username } from "@papo/protocol";
import type { Reach } from "../api.ts";
import { ByName } from "../by-name.ts";

/** For whoever waits until it is clear whether somebody can be reached. */
export class ReachWatch {
  readonly #clock: Clock;
  readonly #reach: (username: Username) => Reach;
  readonly #waiting = new ByName<() => void>();
  readonly #all = new Set<() => void>();

  constructor(clock: Clock, reach: (username: Username) => Reach) {
    this.#clock = clock;
    this.#reach = reach;
  }

  /** As it is once it is not `connecting` any more, or after `limitMs`. */
  async settled(username: Username, limitMs: number): Promise<Reach> {
    const untilMs = this.#clock.monotonicMs() + limitMs;
    for (;;) {
      const reach = this.#reach(username);
      const leftMs = untilMs - this.#clock.monotonicMs();
      if (reach.kind !== "connecting" || leftMs <= 0) return reach;
      await this.#moved(username, leftMs);
    }
  }

  #moved(username: Username, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        this.#waiting.delete(username, done);
        this.#all.delete(done);
        resolve();
      };
      const timer = this.#clock.after(limitMs, done);
      this.#waiting.add(username, done);
      this.#all.add(done);
    });
  }

  changed(username: Username): void {
    for (const done of [...this.#waiting.of(username)]) done();
  }

  /** Nothing will change any more. */
  stop(): void {
    for (const done of [...this.#all]) done();
  }
}
