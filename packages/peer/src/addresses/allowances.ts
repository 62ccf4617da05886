import type { Clock } from "@papo/link";
import { type AccountKey, PEER_LINKS_MAX } from "@papo/protocol";

type Bucket = { left: number; atMs: number };

/** How much each account may ask of us: `burst` at once, and one more each `everyMs`. It does not come back with another link. */
export class Allowances {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #everyMs: number;
  /** Whoever asked last is last. */
  readonly #bucketByAccount = new Map<AccountKey, Bucket>();

  constructor(clock: Clock, { burst, everyMs }: { readonly burst: number; readonly everyMs: number }) {
    this.#clock = clock;
    this.#burst = burst;
    this.#everyMs = everyMs;
  }

  /** False when it has had all that it may for now. */
  take(account: AccountKey): boolean {
    const nowMs = this.#clock.monotonicMs();
    const { left, atMs } = this.#bucketByAccount.get(account) ?? { left: this.#burst, atMs: nowMs };
    const now = Math.min(this.#burst, left + (nowMs - atMs) / this.#everyMs);
    const mayTake = now >= 1;
    this.#bucketByAccount.delete(account);
    this.#bucketByAccount.set(account, { left: mayTake ? now - 1 : now, atMs: nowMs });
    const [oldest] = this.#bucketByAccount.keys();
    if (this.#bucketByAccount.size > PEER_LINKS_MAX && oldest !== undefined) this.#bucketByAccount.delete(oldest);
    return mayTake;
  }
}
