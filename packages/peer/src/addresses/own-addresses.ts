import { type Clock, signAddressRecord, timestampOf } from "@papo/link";
import {
  ADDRESSES_MAX,
  DIALLED_PORT_MIN,
  type DeviceAddress,
  type IpLiteral,
  type SignedText,
  decodeWith,
  deviceKey,
  ipLiteral,
  isIpv4,
  parseStrictJson,
} from "@papo/protocol";
import * as v from "valibot";
import type { EpochStore } from "../identity/epochs.ts";
import type { OwnAccount } from "../identity/own-account.ts";
import { addressScope } from "../mesh/dialable.ts";
import { placeKey } from "./place.ts";

const SETTING = "own addresses";

/** The last number under which a record was signed, by which device (a profile may go on as another one), and where the tracker saw it then. */
const keptOwn = v.object({
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  device: deviceKey,
  observed: v.nullable(ipLiteral),
});
type KeptOwn = v.InferOutput<typeof keptOwn>;

export type OwnAddressPorts = {
  readonly clock: Clock;
  readonly settings: EpochStore;
  readonly own: () => OwnAccount;
  /** Nobody is told where we are. */
  readonly hidden: boolean;
};

/** Where this device can be dialled, as others have seen it, in its own words. docs/protocol/peer.md §7.1 */
export class OwnAddresses {
  readonly #ports: OwnAddressPorts;
  #observed: IpLiteral | null = null;
  /** Of the other family, where there is one. */
  #observedToo: IpLiteral | null = null;
  #port = 0;
  #mappedPort: number | null = null;
  #told: readonly DeviceAddress[] | undefined;
  #record: SignedText | null = null;
  #lastSeq: number;
  /** At the end of the run before. */
  readonly #observedBefore: IpLiteral | null;

  constructor(ports: OwnAddressPorts) {
    this.#ports = ports;
    const before = read(ports.settings.setting(SETTING));
    const isOurs = before?.device === ports.own().keys.device.publicKey;
    this.#lastSeq = isOurs ? before.seq : 0;
    this.#observedBefore = isOurs ? before.observed : null;
  }

  /** What we say of ourselves; null before the first session. */
  get record(): SignedText | null {
    return this.#record;
  }

  get told(): readonly DeviceAddress[] {
    return this.#told ?? [];
  }

  /** Where the tracker sees the session come from. */
  get observed(): IpLiteral | null {
    return this.#observed;
  }

  /**
   * A session begins: there the tracker sees us, and at that port we listen. The same as before is the same record. Of the other family a new session of the
   * tracker's knows nothing yet, and it would not believe us.
   */
  sessionAt(observed: IpLiteral, port: number): SignedText {
    this.#observedToo = null;
    this.#observed = observed;
    this.#port = port;
    return this.#renew();
  }

  /** There is no tracker that could see us. Others dial only where they see us themselves, so what was true last may be told again. */
  listensAt(port: number): void {
    if (this.#observed !== null || this.#observedBefore === null) return;
    this.#observed = this.#observedBefore;
    this.#port = port;
    this.#renew();
  }

  /** A connection of the other family was seen; null: there is none any more. Gives the new record, if it is another one. */
  sawOtherFamily(address: IpLiteral | null): SignedText | undefined {
    this.#observedToo = address;
    return this.#changed();
  }

  /** A router lets in what comes to this port of its own. */
  mapped(port: number | null): SignedText | undefined {
    this.#mappedPort = port;
    return this.#changed();
  }

  #changed(): SignedText | undefined {
    const before = this.#record;
    const after = this.#observed === null ? before : this.#renew();
    return after === before || after === null ? undefined : after;
  }

  #renew(): SignedText {
    const addresses = this.#addresses();
    const isSame = this.#told?.map(placeKey).join() === addresses.map(placeKey).join();
    return this.#record !== null && isSame ? this.#record : this.#sign(addresses);
  }

  #addresses(): readonly DeviceAddress[] {
    if (this.#ports.hidden) return [];
    const observed = [this.#observed, this.#observedToo].flatMap((address) => address ?? []);
    return observed
      .flatMap((address) => this.#portsAt(address).map((port) => ({ address, port })))
      .filter(({ port }) => port >= DIALLED_PORT_MIN)
      .slice(0, ADDRESSES_MAX);
  }

  /** The router's port is in front of a public IPv4 address: what a tracker in our own network sees of us is behind it. */
  #portsAt(address: IpLiteral): readonly number[] {
    const isMapped = this.#mappedPort !== null && isIpv4(address) && addressScope(address) === "public";
    return [...new Set(isMapped && this.#mappedPort !== null ? [this.#mappedPort, this.#port] : [this.#port])];
  }

  #sign(addresses: readonly DeviceAddress[]): SignedText {
    const { clock, own } = this.#ports;
    const { device } = own().keys;
    const seq = this.#nextSeq();
    this.#told = addresses;
    const record = { v: 1, device: device.publicKey, seq, time: timestampOf(clock) } as const;
    this.#record = signAddressRecord(device, { ...record, addresses: [...addresses] });
    return this.#record;
  }

  /** Never below one that was told, even where the clock was set back. The write need not be waited for: what it loses, the clock makes up. */
  #nextSeq(): number {
    const { clock, settings, own } = this.#ports;
    this.#lastSeq = Math.max(this.#lastSeq + 1, Math.floor(clock.wallMs()));
    const kept: KeptOwn = { seq: this.#lastSeq, device: own().keys.device.publicKey, observed: this.#observed };
    void settings.keep(SETTING, JSON.stringify(kept));
    return this.#lastSeq;
  }
}

function read(text: string | undefined): KeptOwn | undefined {
  const parsed = parseStrictJson(text ?? "");
  const kept = parsed.ok ? decodeWith(keptOwn, parsed.value) : parsed;
  return kept.ok ? kept.value : undefined;
}
