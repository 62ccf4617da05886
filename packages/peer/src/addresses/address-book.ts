import { type LinkEnds, openAddressRecord } from "@papo/link";
import {
  ADDRESS_BOOK_DEVICES_MAX,
  type AccountKey,
  type DeviceAddress,
  type DeviceKey,
  type Endpoint,
  type IpLiteral,
  type SignedText,
  decodeWith,
  ipLiteral,
} from "@papo/protocol";
import type { AddressCache } from "./address-cache.ts";
import { KnownDevice, type OpenedRecord } from "./known-device.ts";
import { type Place, placeKey } from "./place.ts";

/** Who told us a record. The device itself, over a link: `device`. `seen`: where a member says that it sees the device. */
export type Teller =
  | { readonly kind: "tracker" }
  | { readonly kind: "device" }
  | { readonly kind: "member"; readonly account: AccountKey; readonly seen: IpLiteral };

export type AddressBookPorts = {
  readonly cache: AddressCache;
  /** Whether an address is one of this machine's now. */
  readonly isOurs: (address: string) => boolean;
  /** A member's word may send us somewhere once more. */
  readonly mayBelieve: (member: AccountKey) => boolean;
  /** Where this device may be dialled is another list now. Not for what came with an endpoint: whoever asked knows. */
  readonly changed: (device: DeviceKey) => void;
};

/** Where others' devices can be dialled. docs/protocol/peer.md §7.1 */
export class AddressBook {
  readonly #ports: AddressBookPorts;
  /** Oldest news first. */
  readonly #knownByDevice = new Map<DeviceKey, KnownDevice>();

  constructor(ports: AddressBookPorts) {
    this.#ports = ports;
  }

  // ---- where to dial

  /** Where the program of this endpoint can be dialled, after what the tracker tells of it has been taken in. */
  placesOf({ device, address, port, addresses }: Endpoint): readonly Place[] {
    if (device === null) return address === null || port === null ? [] : [{ address, port, source: "tracker" }];
    if (addresses !== null) this.hearTracker(device, addresses);
    return this.placesOfDevice(device);
  }

  /** In the order in which to try them. */
  placesOfDevice(device: DeviceKey): readonly Place[] {
    return this.#find(device)?.places(this.#ports.isOurs) ?? [];
  }

  /** The newest that it has signed. */
  recordOf(device: DeviceKey): OpenedRecord | undefined {
    return this.#find(device)?.opened;
  }

  // ---- what others say

  /** Who asks for the places now is told of no change. Members are told again and again: a text that was opened once is not opened anew. */
  hearTracker(device: DeviceKey, signed: SignedText): void {
    if (this.#find(device)?.trackerText === signed.text) return;
    const known = this.#known(device);
    known.trackerText = signed.text;
    const isKnown = known.opened?.signed.text === signed.text;
    const opened = isKnown ? known.opened : openRecord(signed);
    if (opened?.record.device === device) this.#hear(opened, { kind: "tracker" });
  }

  /** True when it is newer than what was known. */
  hear(opened: OpenedRecord, teller: Teller): boolean {
    const { device } = opened.record;
    return this.#telling(device, () => this.#hear(opened, teller));
  }

  #hear(opened: OpenedRecord, teller: Teller): boolean {
    const { device, addresses } = opened.record;
    const known = this.#known(device);
    const isNews = known.take(opened);
    if (isNews) this.#keep(device, known);
    if (teller.kind === "tracker") for (const { address } of addresses) known.saw(address, { by: "tracker" });
    if (teller.kind === "member" && opened.record.seq >= known.seq) this.#believe(known, teller);
    return isNews;
  }

  #believe(known: KnownDevice, { seen, account }: Extract<Teller, { kind: "member" }>): void {
    if (known.lacks(seen, account) && this.#ports.mayBelieve(account)) known.saw(seen, { by: "member", who: account });
  }

  // ---- what we see ourselves

  /** A link with it that goes straight there. */
  linked(device: DeviceKey, { ends, dialledByUs }: { readonly ends: LinkEnds; readonly dialledByUs: boolean }): void {
    const address = decodeWith(ipLiteral, ends.remoteAddress);
    if (!address.ok) return;
    const known = this.#known(device);
    known.saw(address.value, { by: "link", from: ends.localAddress });
    const place = { address: address.value, port: ends.remotePort };
    if (dialledByUs) known.linkedAt({ place, from: ends.localAddress, source: "link" });
    this.#ports.cache.note(device, known);
  }

  /** A dial to one of its places came to nothing. */
  failedAt(device: DeviceKey, place: DeviceAddress): void {
    this.#telling(device, () => this.#find(device)?.failedAt(place));
  }

  /** It answered in our own network, from there; undefined: it is not there any more. */
  seenOnLan(device: DeviceKey, place: DeviceAddress | undefined): void {
    this.#telling(device, () => this.#known(device).onLan(place));
  }

  /** We are in another network: who was seen in the one before is not here. */
  leaveLan(): void {
    for (const known of this.#knownByDevice.values()) known.onLan(undefined);
  }

  #telling<T>(device: DeviceKey, act: () => T): T {
    const before = this.placesOfDevice(device).map(placeKey);
    const done = act();
    const after = this.placesOfDevice(device).map(placeKey);
    if (before.join() !== after.join()) this.#ports.changed(device);
    return done;
  }

  // ---- which devices

  #find(device: DeviceKey): KnownDevice | undefined {
    const known = this.#knownByDevice.get(device) ?? this.#ports.cache.open(device);
    if (known !== undefined && !this.#knownByDevice.has(device)) this.#keep(device, known);
    return known;
  }

  #known(device: DeviceKey): KnownDevice {
    const found = this.#find(device);
    if (found !== undefined) return found;
    const known = new KnownDevice();
    this.#keep(device, known);
    return known;
  }

  #keep(device: DeviceKey, known: KnownDevice): void {
    this.#knownByDevice.delete(device);
    this.#knownByDevice.set(device, known);
    this.#ports.cache.changed(device, known);
    const [oldest] = this.#knownByDevice.keys();
    if (this.#knownByDevice.size > ADDRESS_BOOK_DEVICES_MAX && oldest !== undefined) this.#knownByDevice.delete(oldest);
  }
}

/** Undefined: it is not what a device has signed of itself. */
export function openRecord(signed: SignedText): OpenedRecord | undefined {
  const opened = openAddressRecord(signed);
  return opened.ok ? { signed, record: opened.value } : undefined;
}
