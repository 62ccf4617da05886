import type { Clock, Timer } from "@papo/link";
import {
  BETTER_PATHS_CONCURRENT_MAX,
  BETTER_PATH_FIRST_MS,
  BETTER_PATH_LAST_MS,
  type DeviceKey,
  LINK_RENEWED_AFTER_MS,
  type Outcome,
} from "@papo/protocol";
import { Turns } from "../../turns.ts";
import type { PeerLink } from "../peer-link.ts";

export type BetterPathPorts = {
  readonly clock: Clock;
  readonly ownDevice: DeviceKey;
  /** Looks for a better way than this link's, once; undefined: there is nobody to look for. */
  readonly improve: (link: PeerLink, signal: AbortSignal) => Promise<Outcome<PeerLink>> | undefined;
  /** Brings about another link in place of this one. */
  readonly renew: (link: PeerLink, signal: AbortSignal) => Promise<Outcome<PeerLink>> | undefined;
};

type Watched = {
  readonly link: PeerLink;
  failures: number;
  timer: Timer | undefined;
  readonly ended: AbortController;
  isTrying: boolean;
};

/**
 * Looks after links that stand: for one that is not direct a better way is tried now and then, and at once when there is news of where they are; one
 * that has lived long is replaced by a new one, with fresh keys, by the side with the smaller device key. The old link goes on until the new one stands.
 */
export class BetterPaths {
  readonly #ports: BetterPathPorts;
  readonly #watchedByKey = new Map<string, Watched>();
  readonly #turns = new Turns(BETTER_PATHS_CONCURRENT_MAX);

  constructor(ports: BetterPathPorts) {
    this.#ports = ports;
  }

  /** This is the link with that device now. */
  opened(link: PeerLink): void {
    const { device } = link.party;
    if (device === null || this.#watchedByKey.get(link.key)?.link === link) return;
    this.#forget(link.key);
    const watched: Watched = { link, failures: 0, timer: undefined, ended: new AbortController(), isTrying: false };
    this.#watchedByKey.set(link.key, watched);
    if (link.path !== "direct") this.#tryIn(watched, waitMs(0));
    else if (this.#ports.ownDevice < device) this.#renewIn(watched, LINK_RENEWED_AFTER_MS);
  }

  closed(link: PeerLink): void {
    if (this.#watchedByKey.get(link.key)?.link === link) this.#forget(link.key);
  }

  /** They may be reached elsewhere, or otherwise, from now on. */
  news(key: string): void {
    const watched = this.#watchedByKey.get(key);
    if (watched === undefined || watched.link.path === "direct" || watched.isTrying) return;
    watched.failures = 0;
    this.#tryIn(watched, 0);
  }

  stop(): void {
    for (const key of [...this.#watchedByKey.keys()]) this.#forget(key);
  }

  #forget(key: string): void {
    const watched = this.#watchedByKey.get(key);
    watched?.timer?.cancel();
    watched?.ended.abort();
    this.#watchedByKey.delete(key);
  }

  #tryIn(watched: Watched, delayMs: number): void {
    watched.timer?.cancel();
    watched.timer = this.#ports.clock.after(delayMs, () => void this.#try(watched));
  }

  async #try(watched: Watched): Promise<void> {
    const { link, ended } = watched;
    watched.isTrying = true;
    const tried = await this.#turns.take(async () => (ended.signal.aborted ? undefined : this.#act(watched)));
    watched.isTrying = false;
    if (ended.signal.aborted || this.#watchedByKey.get(link.key) !== watched) return;
    // A link by a better way would be watched in this one's place.
    watched.failures += 1;
    this.#tryIn(watched, tried === undefined ? BETTER_PATH_LAST_MS : waitMs(watched.failures));
  }

  /** When the other side's call is to bring a new link, ours would be one with it, and take no relay. */
  #act({ link, ended }: Watched): Promise<Outcome<PeerLink>> | undefined {
    if (!this.#isOld(link)) return this.#ports.improve(link, ended.signal);
    return this.#isOurs(link) ? this.#ports.renew(link, ended.signal) : undefined;
  }

  #renewIn(watched: Watched, delayMs: number): void {
    watched.timer = this.#ports.clock.after(delayMs, () => void this.#renew(watched));
  }

  async #renew(watched: Watched): Promise<void> {
    const { link, ended } = watched;
    await this.#turns.take(async () => (ended.signal.aborted ? undefined : this.#ports.renew(link, ended.signal)));
    if (!ended.signal.aborted) this.#renewIn(watched, BETTER_PATH_LAST_MS);
  }

  #isOld({ verifiedAtMs }: PeerLink): boolean {
    return this.#ports.clock.monotonicMs() - verifiedAtMs >= LINK_RENEWED_AFTER_MS;
  }

  #isOurs({ party }: PeerLink): boolean {
    return party.device !== null && this.#ports.ownDevice < party.device;
  }
}

function waitMs(failures: number): number {
  return Math.min(BETTER_PATH_FIRST_MS * 2 ** Math.min(failures, 16), BETTER_PATH_LAST_MS);
}
