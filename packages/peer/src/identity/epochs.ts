import { type KeyPair, type Random, openDeviceEpoch, signDeviceEpoch } from "@papo/link";
import {
  type DeviceEpoch,
  type DeviceKey,
  EPOCHS_REMEMBERED_MAX,
  type Outcome,
  type SignedText,
  type StartId,
  decodeWith,
  parseStrictJson,
  signedEpoch,
  startId,
  succeed,
} from "@papo/protocol";

// A profile that was copied, or put back from an older copy, would write numbers a second time that others have seen already. So each start counts,
// and says so to everybody: two starts of one number, or a number below one that was seen, are two copies. docs/protocol/identity.md §10

/** One start of a device, as it says itself: opened, and the signed text that proves it. */
export type Epoch = { readonly told: DeviceEpoch; readonly signed: SignedText };

/** Where starts are kept: settings of the history. */
export type EpochStore = {
  setting(name: string): string | undefined;
  keep(name: string, value: string): Promise<Outcome<void>>;
};

/** The count and whose it is: another device, in the same folder or one that was copied from it, begins anew. */
const OWN = "epoch";

/** The next one, durable before anybody hears of it. */
export async function beginEpoch(
  store: EpochStore,
  device: KeyPair<DeviceKey>,
  random: Random,
): Promise<Outcome<Epoch>> {
  const epoch = lastOf(store.setting(OWN), device.publicKey) + 1;
  const kept = await store.keep(OWN, `${epoch} ${device.publicKey}`);
  if (!kept.ok) return kept;
  const told: DeviceEpoch = { v: 1, device: device.publicKey, epoch, start: newStart(random) };
  return succeed({ told, signed: signDeviceEpoch(device, told) });
}

/** Whether this text proves that another program writes as the device that is running here. */
export function provesCopy(own: Epoch, proof: SignedText | undefined): boolean {
  const opened = proof === undefined ? undefined : openDeviceEpoch(proof);
  if (opened?.ok !== true || opened.value.device !== own.told.device) return false;
  return isCopy(opened.value, own.told);
}

function lastOf(setting: string | undefined, device: DeviceKey): number {
  const [count = "", whose] = (setting ?? "").split(" ");
  const last = whose === device ? Number(count) : 0;
  return Number.isSafeInteger(last) && last > 0 ? last : 0;
}

function newStart(random: Random): StartId {
  const made = decodeWith(startId, Buffer.from(random.bytes(16)).toString("base64url"));
  if (!made.ok) throw new TypeError("an own start does not read back");
  return made.value;
}

/** What was seen of others' devices since this program runs, and before. */
export class EpochWatch {
  readonly #store: EpochStore;
  /** The device met last is last. */
  readonly #seenByDevice = new Map<DeviceKey, Epoch>();

  constructor(store: EpochStore) {
    this.#store = store;
  }

  /**
   * Gives the proof when this device was seen at a later start, or at another one of the same number. What is fine is remembered; the write need
   * not be waited for, because one that is lost only means that a copy is noticed later, by its entries.
   */
  meet(met: Epoch): SignedText | undefined {
    const { device, start } = met.told;
    const seen = this.#seenByDevice.get(device) ?? this.#kept(device);
    if (seen !== undefined && isCopy(seen.told, met.told)) return seen.signed;
    this.#remember(met);
    if (seen?.told.start !== start) void this.#store.keep(nameOf(device), JSON.stringify(met.signed));
    return undefined;
  }

  #kept(device: DeviceKey): Epoch | undefined {
    const parsed = parseStrictJson(this.#store.setting(nameOf(device)) ?? "");
    const signed = parsed.ok ? decodeWith(signedEpoch, parsed.value) : parsed;
    const opened = signed.ok ? openDeviceEpoch(signed.value) : signed;
    return signed.ok && opened.ok && opened.value.device === device
      ? { told: opened.value, signed: signed.value }
      : undefined;
  }

  #remember(met: Epoch): void {
    const { device } = met.told;
    this.#seenByDevice.delete(device);
    this.#seenByDevice.set(device, met);
    const [oldest] = this.#seenByDevice.keys();
    if (this.#seenByDevice.size > EPOCHS_REMEMBERED_MAX && oldest !== undefined) this.#seenByDevice.delete(oldest);
  }
}

/** What was seen shows that what is told comes from another copy, or from an older one. */
function isCopy(seen: DeviceEpoch, told: DeviceEpoch): boolean {
  return told.epoch < seen.epoch || (told.epoch === seen.epoch && told.start !== seen.start);
}

function nameOf(device: DeviceKey): string {
  return `epoch ${device}`;
}
