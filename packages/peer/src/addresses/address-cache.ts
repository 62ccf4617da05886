import { type Clock, type Timer, openAddressRecord } from "@papo/link";
import {
  ADDRESS_CACHE_DEVICES_MAX,
  ADDRESS_CACHE_WRITE_AFTER_MS,
  DEVICE_SIGHTINGS_MAX,
  type DeviceKey,
  decodeWith,
  deviceAddress,
  deviceKey,
  ipLiteral,
  parseStrictJson,
  signedAddressRecord,
} from "@papo/protocol";
import * as v from "valibot";
import type { EpochStore } from "../identity/epochs.ts";
import { KnownDevice } from "./known-device.ts";

const SETTING = "places";

/** `from`: our address when we saw it; for what the tracker had seen it is empty. */
const keptDevice = v.object({
  device: deviceKey,
  record: v.nullable(signedAddressRecord),
  seen: v.pipe(v.array(v.object({ address: ipLiteral, from: v.string() })), v.maxLength(DEVICE_SIGHTINGS_MAX)),
  worked: v.nullable(v.object({ place: deviceAddress, from: v.string() })),
});
type KeptDevice = v.InferOutput<typeof keptDevice>;

const kept = v.pipe(v.array(keptDevice), v.maxLength(ADDRESS_CACHE_DEVICES_MAX));

/**
 * Where devices that we had links with were to be found, also before this start: so that chats go on where no tracker answers. Read when it is first asked for, written
 * seldom and never waited for: what is lost is asked of the tracker again.
 */
export class AddressCache {
  readonly #clock: Clock;
  readonly #store: EpochStore;
  /** Linked last is last. */
  #keptByDevice: Map<DeviceKey, KeptDevice | KnownDevice> | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, store: EpochStore) {
    this.#clock = clock;
    this.#store = store;
  }

  /** As it was kept; undefined where nothing was. */
  open(device: DeviceKey): KnownDevice | undefined {
    const found = this.#kept().get(device);
    return found === undefined || found instanceof KnownDevice ? found : revived(found);
  }

  /** There is a link with it: it is worth remembering. */
  note(device: DeviceKey, known: KnownDevice): void {
    const all = this.#kept();
    all.delete(device);
    all.set(device, known);
    const [oldest] = all.keys();
    if (all.size > ADDRESS_CACHE_DEVICES_MAX && oldest !== undefined) all.delete(oldest);
    this.#writeLater();
  }

  /** More is known of it, if it is one that is remembered. */
  changed(device: DeviceKey, known: KnownDevice): void {
    const all = this.#kept();
    if (!all.has(device)) return;
    all.set(device, known);
    this.#writeLater();
  }

  /** Before the store is closed. */
  async flush(): Promise<void> {
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    await this.#write();
  }

  #kept(): Map<DeviceKey, KeptDevice | KnownDevice> {
    this.#keptByDevice ??= new Map(read(this.#store.setting(SETTING)).map((found) => [found.device, found]));
    return this.#keptByDevice;
  }

  #writeLater(): void {
    this.#timer ??= this.#clock.after(ADDRESS_CACHE_WRITE_AFTER_MS, () => void this.#write());
  }

  async #write(): Promise<void> {
    this.#timer = undefined;
    const devices = [...this.#kept()].map(([device, known]) => keptOf(device, known));
    await this.#store.keep(SETTING, JSON.stringify(devices));
  }
}

function read(setting: string | undefined): readonly KeptDevice[] {
  const parsed = parseStrictJson(setting ?? "[]");
  const decoded = parsed.ok ? decodeWith(kept, parsed.value) : parsed;
  return decoded.ok ? decoded.value : [];
}

function keptOf(device: DeviceKey, known: KeptDevice | KnownDevice): KeptDevice {
  if (!(known instanceof KnownDevice)) return known;
  const { worked } = known;
  return {
    device,
    record: known.opened?.signed ?? null,
    seen: known.seen.map(({ address, sighting }) => ({ address, from: "from" in sighting ? sighting.from : "" })),
    worked: worked === undefined ? null : { place: worked.place, from: worked.from },
  };
}

function revived({ device, record, seen, worked }: KeptDevice): KnownDevice {
  const known = new KnownDevice();
  const opened = record === null ? undefined : openAddressRecord(record);
  if (record !== null && opened?.ok === true && opened.value.device === device)
    known.take({ signed: record, record: opened.value });
  for (const { address, from } of seen) known.saw(address, { by: "cache", from });
  if (worked !== null) known.linkedAt({ ...worked, source: "cache" });
  return known;
}
