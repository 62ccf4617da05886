import type { Clock, Timer } from "@papo/link";
import { UNUSED_LINK_LINGER_MS, type Username } from "@papo/protocol";

export type LinkLingerPorts = {
  readonly clock: Clock;
  readonly isNeeded: (username: Username) => boolean;
  readonly drop: (username: Username) => void;
};

/**
 * Lets go of links with people with whom nothing is shared any more. Not at once: as long as the other side has not heard from
 * the tracker, it would dial again.
 */
export class LinkLinger {
  readonly #ports: LinkLingerPorts;
  readonly #timers = new Set<Timer>();

  constructor(ports: LinkLingerPorts) {
    this.#ports = ports;
  }

  /** These may be needed no more. */
  parted(usernames: readonly Username[]): void {
    if (usernames.length === 0) return;
    const { clock, isNeeded, drop } = this.#ports;
    const timer = clock.after(UNUSED_LINK_LINGER_MS, () => {
      this.#timers.delete(timer);
      for (const username of usernames) if (!isNeeded(username)) drop(username);
    });
    this.#timers.add(timer);
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
  }
}
