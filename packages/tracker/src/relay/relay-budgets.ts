import {
  RELAY_ACCOUNTS_REMEMBERED_MAX,
  RELAY_ACCOUNT_BURST_BYTES,
  RELAY_ACCOUNT_BYTES_PER_SECOND,
  RELAY_CONNECTIONS_PER_IP_MAX,
  RELAY_PAIRS_MAX,
  RELAY_PAIRS_PER_ACCOUNT_MAX,
  RELAY_TOTAL_BYTES_PER_SECOND,
} from "@papo/protocol";
import { TokenBucket } from "../services/token-bucket.ts";

/** How much one relay passes on. */
export type RelayLimits = {
  readonly accountBytesPerSecond: number;
  readonly accountBurstBytes: number;
  readonly totalBytesPerSecond: number;
  readonly pairs: number;
  readonly pairsPerAccount: number;
  /** Sides of links, and those that wait for the other side. An address is an IPv4 address or an IPv6 /64; loopback is not limited. */
  readonly connectionsPerAddress: number;
};

export const RELAY_DEFAULTS: RelayLimits = {
  accountBytesPerSecond: RELAY_ACCOUNT_BYTES_PER_SECOND,
  accountBurstBytes: RELAY_ACCOUNT_BURST_BYTES,
  totalBytesPerSecond: RELAY_TOTAL_BYTES_PER_SECOND,
  pairs: RELAY_PAIRS_MAX,
  pairsPerAccount: RELAY_PAIRS_PER_ACCOUNT_MAX,
  connectionsPerAddress: RELAY_CONNECTIONS_PER_IP_MAX,
};

type Share = (bytes: number) => number;

/** What each account and all together may send through a relay. Nothing is refused: what is over is read later. */
export class RelayBudgets {
  readonly #limits: RelayLimits;
  readonly #nowMs: () => number;
  readonly #total: TokenBucket;
  /** The one quiet longest first. */
  readonly #accounts = new Map<string, TokenBucket>();

  constructor(limits: RelayLimits, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
    const perSecond = limits.totalBytesPerSecond;
    this.#total = new TokenBucket({ burst: perSecond, perSecond, nowMs: nowMs() });
  }

  /** For one side of a link: takes the bytes in any case, and says how many milliseconds to wait before more are read. */
  shareOf(payer: string): Share {
    const account = this.#account(payer);
    return (bytes) => {
      const nowMs = this.#nowMs();
      return Math.max(account.spend(bytes, nowMs), this.#total.spend(bytes, nowMs));
    };
  }

  #account(payer: string): TokenBucket {
    const { accountBytesPerSecond: perSecond, accountBurstBytes: burst } = this.#limits;
    const bucket = this.#accounts.get(payer) ?? new TokenBucket({ burst, perSecond, nowMs: this.#nowMs() });
    this.#accounts.delete(payer);
    this.#accounts.set(payer, bucket);
    if (this.#accounts.size > RELAY_ACCOUNTS_REMEMBERED_MAX) {
      const oldest = this.#accounts.keys().next();
      if (oldest.done !== true) this.#accounts.delete(oldest.value);
    }
    return bucket;
  }
}
