import { type Fault, fault } from "@papo/protocol";
import type { PeerLink } from "../mesh/peer-link.ts";
import type { TrackerLine } from "../tracker-session/tracker-line.ts";

export type StillTherePorts = {
  readonly line: () => TrackerLine | undefined;
  /** Gives a session up that does not answer, and opens the next at once; without one, does not wait any longer. */
  readonly renewSession: (reason: Fault) => void;
  readonly links: () => readonly PeerLink[];
  /** Whoever is not linked is dialled now, those anew whose dials are under way. */
  readonly redial: () => void;
  /** Whether an address is one of this machine's now. */
  readonly isOurs: (address: string) => boolean;
};

/** Asks everybody whom we are connected to whether they are still there: whatever does not answer any more is made anew, within seconds. docs/protocol/peer.md §7.2 */
export class StillThere {
  readonly #ports: StillTherePorts;

  constructor(ports: StillTherePorts) {
    this.#ports = ports;
  }

  /** `tracker`: false where it has said how long it wants to be left alone. */
  ask({ tracker }: { readonly tracker: boolean }): void {
    for (const link of this.#ports.links()) void this.#examine(link);
    if (tracker) void this.#examineLine();
    this.#ports.redial();
  }

  async #examine(link: PeerLink): Promise<void> {
    const isGone = !this.#ports.isOurs(link.ends.localAddress);
    if (isGone) return link.destroy(fault("lost", "the address of ours is gone"));
    if (!(await link.answers()) && link.isOpen) link.destroy(fault("dead", "no answer when it was asked for"));
  }

  async #examineLine(): Promise<void> {
    const { line, renewSession, isOurs } = this.#ports;
    const asked = line();
    if (asked === undefined) return renewSession(fault("lost", "not to be waited for any longer"));
    if (!isOurs(asked.ends.localAddress)) return renewSession(fault("lost", "the address of ours is gone"));
    const answers = await asked.answers();
    if (!answers && line() === asked) renewSession(fault("dead", "no answer when it was asked for"));
  }
}
