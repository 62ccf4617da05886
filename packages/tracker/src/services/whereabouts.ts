import { openAddressRecord } from "@papo/link";
import {
  DIALLED_PORT_MIN,
  type DeviceKey,
  type IpLiteral,
  type Outcome,
  SEEN_ADDRESSES_MAX,
  type SignedText,
  fail,
  isIpLiteral,
  succeed,
} from "@papo/protocol";
import { isLoopback, spelledOut } from "./address-group.ts";

const LOOPBACK = ["127.0.0.1", "::1"] as const;

/** Where a record says that its device is, once every word of it has been checked. */
export type CheckedRecord = { readonly signed: SignedText; readonly seq: number };

/**
 * Where one session's device can be dialled. Nobody is sent anywhere on somebody's mere word: a record is taken only if this tracker
 * has seen the device at every address in it. docs/protocol/tracker.md §3.6
 */
export class Whereabouts {
  /** Spelled out, the session's own first. */
  readonly #seen = new Set<string>();
  readonly #isBeside: boolean;
  readonly #ownAddresses: () => readonly string[];
  #record: CheckedRecord | undefined;

  /** `observed` is where the session itself comes from; `ownAddresses` tells those of this machine. */
  constructor(observed: string, ownAddresses: () => readonly string[]) {
    this.#isBeside = isLoopback(observed);
    this.#ownAddresses = ownAddresses;
    this.saw(observed);
  }

  /** The newest that was taken; null before the first. */
  get record(): SignedText | null {
    return this.#record?.signed ?? null;
  }

  /** A connection of this very session came from there. */
  saw(address: string): void {
    if (isIpLiteral(address) && this.#seen.size < SEEN_ADDRESSES_MAX) this.#seen.add(spelledOut(address));
  }

  /** From now on it is the record of this session. */
  take(record: CheckedRecord): void {
    this.#record = record;
  }

  /** Whether it may be taken: it is newer than the one before. */
  checkNewer(signed: SignedText, device: DeviceKey): Outcome<CheckedRecord> {
    const checked = this.check(signed, device);
    const isOld = checked.ok && this.#record !== undefined && checked.value.seq <= this.#record.seq;
    return isOld ? fail("invalid_message", "addresses: expected a higher seq than the last") : checked;
  }

  /** Whether it may be told to somebody: it is the device's own, and nobody else is dialled for it. */
  check(signed: SignedText, device: DeviceKey): Outcome<CheckedRecord> {
    const opened = openAddressRecord(signed);
    if (!opened.ok) return fail("invalid_message", "addresses: expected a record that its device has signed");
    const { seq, addresses } = opened.value;
    if (opened.value.device !== device) return fail("invalid_message", "addresses: expected this device's own");
    if (addresses.some(({ port }) => port < DIALLED_PORT_MIN)) {
      return fail("invalid_message", `addresses: expected ports from ${DIALLED_PORT_MIN} on`);
    }
    if (!addresses.every(({ address }) => this.#isKnown(address))) {
      return fail("invalid_message", "addresses: expected those that this session was seen at");
    }
    return succeed({ signed, seq });
  }

  /** Who is on this very machine may be at any of its addresses. */
  #isKnown(address: IpLiteral): boolean {
    const spelled = spelledOut(address);
    if (this.#seen.has(spelled)) return true;
    if (!this.#isBeside) return false;
    return [...LOOPBACK, ...this.#ownAddresses()].some((own) => isIpLiteral(own) && spelledOut(own) === spelled);
  }
}
