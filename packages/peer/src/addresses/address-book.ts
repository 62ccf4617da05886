import { openAddressRecord } from "@papo/link";
import type { AddressRecord, DeviceAddress, DeviceKey, Endpoint } from "@papo/protocol";
import { ADDRESS_BOOK_DEVICES_MAX } from "@papo/protocol";

type Known = { readonly text: string; readonly record: AddressRecord };

/** Where other devices can be dialled: of what each has signed, the newest. docs/protocol/peer.md §7.1 */
export class AddressBook {
  /** Oldest news first. */
  readonly #knownByDevice = new Map<DeviceKey, Known>();

  /** Where the program of this endpoint can be dialled, after what the tracker tells of it has been taken in. */
  placesOf({ device, address, port, addresses }: Endpoint): readonly DeviceAddress[] {
    if (device === null) return address === null || port === null ? [] : [{ address, port }];
    const known = this.#knownByDevice.get(device);
    // Members are told again and again: a text that was opened once is not opened anew.
    if (addresses === null || addresses.text === known?.text) return known?.record.addresses ?? [];
    const opened = openAddressRecord(addresses);
    if (opened.ok && opened.value.device === device && opened.value.seq > (known?.record.seq ?? 0))
      this.#keep(device, { text: addresses.text, record: opened.value });
    return this.#knownByDevice.get(device)?.record.addresses ?? [];
  }

  #keep(device: DeviceKey, known: Known): void {
    this.#knownByDevice.delete(device);
    this.#knownByDevice.set(device, known);
    const [oldest] = this.#knownByDevice.keys();
    if (this.#knownByDevice.size > ADDRESS_BOOK_DEVICES_MAX && oldest !== undefined) this.#knownByDevice.delete(oldest);
  }
}
