import {
  ADDRESS_GROUPS_MAX,
  CONNECTIONS_PER_IP_MAX,
  LOGIN_ATTEMPTS_PER_IP_PER_MINUTE,
  REACH_CHECKS_PER_IP_PER_MINUTE,
  REGISTRATIONS_PER_IP_PER_HOUR,
  SESSIONS_MAX,
  SESSIONS_RESERVED_PERCENT,
} from "@papo/protocol";
import { AddressCounts } from "./address-counts.ts";
import { addressGroup, isLoopback } from "./address-group.ts";
import { TokenBucket } from "./token-bucket.ts";

/**
 * What one tracker takes on, each at least 1; `Infinity` is no limit. An address is an IPv4 address or an IPv6 /64; loopback addresses
 * are not limited.
 */
export type AdmissionLimits = {
  readonly connectionsPerAddress: number;
  readonly registrationsPerAddressPerHour: number;
  readonly loginAttemptsPerAddressPerMinute: number;
  /** In all, whatever the address. */
  readonly sessions: number;
  /** Of the sessions, kept for devices that are known: 0 to 100. */
  readonly reservedPercent: number;
};

export const ADMISSION_DEFAULTS: AdmissionLimits = {
  connectionsPerAddress: CONNECTIONS_PER_IP_MAX,
  registrationsPerAddressPerHour: REGISTRATIONS_PER_IP_PER_HOUR,
  loginAttemptsPerAddressPerMinute: LOGIN_ATTEMPTS_PER_IP_PER_MINUTE,
  sessions: SESSIONS_MAX,
  reservedPercent: SESSIONS_RESERVED_PERCENT,
};

type Buckets = Map<string, TokenBucket>;

/** Who may connect, and how often one address may try. A penalty falls on the session that asked, never on the address. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #connections: AddressCounts;
  readonly #registrations: Buckets = new Map();
  readonly #logins: Buckets = new Map();
  readonly #reachChecks: Buckets = new Map();
  #total = 0;

  constructor(limits: AdmissionLimits) {
    requireSense(limits);
    this.#limits = limits;
    this.#connections = new AddressCounts(limits.connectionsPerAddress);
  }

  /** Asked for each socket before anything is read; one that is admitted must be `released`. Whoever shows a ticket counts elsewhere from then on. */
  admit(address: string): boolean {
    if (!this.#connections.hasRoomFor(address) || this.#total >= this.#limits.sessions) return false;
    this.#connections.add(address);
    this.#total += 1;
    return true;
  }

  release(address: string): void {
    if (this.#connections.remove(address)) this.#total -= 1;
  }

  /** The places that are left belong to devices that the tracker knows already. */
  get isReserved(): boolean {
    if (this.#limits.sessions === Number.POSITIVE_INFINITY) return false;
    return this.#total > Math.floor((this.#limits.sessions * (100 - this.#limits.reservedPercent)) / 100);
  }

  /** 0, or the milliseconds to wait. */
  registration(address: string, nowMs: number): number {
    const perHour = this.#limits.registrationsPerAddressPerHour;
    return take(this.#registrations, { address, nowMs, burst: perHour, perSecond: perHour / 3_600 });
  }

  /** 0, or the milliseconds to wait. Only attempts with a password count. */
  loginAttempt(address: string, nowMs: number): number {
    const perMinute = this.#limits.loginAttemptsPerAddressPerMinute;
    return take(this.#logins, { address, nowMs, burst: perMinute, perSecond: perMinute / 60 });
  }

  /** 0, or the milliseconds to wait. Each makes the tracker dial. */
  reachCheck(address: string, nowMs: number): number {
    const perMinute = REACH_CHECKS_PER_IP_PER_MINUTE;
    return take(this.#reachChecks, { address, nowMs, burst: perMinute, perSecond: perMinute / 60 });
  }
}

/** Whoever configures has checked what a person wrote: here a number without sense is a mistake of ours. */
function requireSense({ reservedPercent, ...counts }: AdmissionLimits): void {
  for (const [name, count] of Object.entries(counts)) if (!(count >= 1)) throw new RangeError(`${name}: at least 1`);
  if (!(reservedPercent >= 0 && reservedPercent <= 100)) throw new RangeError("reservedPercent: 0 to 100");
}

type Attempt = { readonly address: string; readonly nowMs: number; readonly burst: number; readonly perSecond: number };

function take(buckets: Buckets, attempt: Attempt): number {
  if (isLoopback(attempt.address) || attempt.burst === Number.POSITIVE_INFINITY) return 0;
  const group = addressGroup(attempt.address);
  const bucket = buckets.get(group) ?? new TokenBucket(attempt);
  // Re-inserted, so that the one that is forgotten is the one that was quiet longest.
  buckets.delete(group);
  buckets.set(group, bucket);
  if (buckets.size > ADDRESS_GROUPS_MAX) {
    const oldest = buckets.keys().next();
    if (oldest.done !== true) buckets.delete(oldest.value);
  }
  return bucket.tryTake(1, attempt.nowMs);
}
