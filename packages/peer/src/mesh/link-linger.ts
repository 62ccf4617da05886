import type { Clock, Timer } from "@papo/link";
import { UNUSED_LINK_LINGER_MS, type Username } from "@papo/protocol";

export type LinkLingerPorts = {
  readonly clock: Clock;
  /** Ends what is needed no more of the links with this name. */
  readonly drop: (username: Username) => void;
};

/**
 * Lets go of links with people with whom nothing is shared any more. Not at once: as long as the other side has not heard from
 * the tracker, it would dial again.
 */
export class LinkLinger {
  readonly #ports: LinkLingerPorts;
  readonly #timers = new Set<Timer>();
  readonly #waiting = new Set<Username>();

  constructor(ports: LinkLingerPorts) {
    this.#ports = ports;
  }

  /** These may be needed no more. */
  parted(usernames: readonly Username[]): void {
    const added = usernames.filter((username) => !this.#waiting.has(username));
    if (added.length === 0) return;
    for (const username of added) this.#waiting.add(username);
    const timer = this.#ports.clock.after(UNUSED_LINK_LINGER_MS, () => {
      this.#timers.delete(timer);
      for (const username of added) this.#waiting.delete(username);
      for (const username of added) this.#ports.drop(username);
    });
    this.#timers.add(timer);
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
  }
}
