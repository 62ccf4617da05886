import type { Clock } from "@papo/link";
import { type AccountKey, LAST_SEEN_REMEMBERED_MAX } from "@papo/protocol";
import type { EpochStore } from "./identity/epochs.ts";

/** When a device of each account was last linked with this one, also before this start. */
export class LastSeen {
  readonly #clock: Clock;
  readonly #store: EpochStore;
  /** Whoever was seen last is last. */
  readonly #msByAccount = new Map<AccountKey, number>();

  constructor(clock: Clock, store: EpochStore) {
    this.#clock = clock;
    this.#store = store;
  }

  /** A link with it opened, or ended. Nobody waits for the disk: what is lost is a label. `first`: not seen before in this run. */
  note(account: AccountKey): "first" | "again" {
    const nowMs = Math.floor(this.#clock.wallMs());
    const isFirst = !this.#msByAccount.has(account);
    this.#msByAccount.delete(account);
    this.#msByAccount.set(account, nowMs);
    const [oldest] = this.#msByAccount.keys();
    if (this.#msByAccount.size > LAST_SEEN_REMEMBERED_MAX && oldest !== undefined) this.#msByAccount.delete(oldest);
    void this.#store.keep(nameOf(account), String(nowMs));
    return isFirst ? "first" : "again";
  }

  of(account: AccountKey): number | null {
    const known = this.#msByAccount.get(account) ?? Number(this.#store.setting(nameOf(account)) ?? Number.NaN);
    return Number.isSafeInteger(known) ? known : null;
  }
}

function nameOf(account: AccountKey): string {
  return `seen ${account}`;
}
