import type { Random } from "@papo/link";
import {
  type DeviceKey,
  EPOCHS_REMEMBERED_MAX,
  type Outcome,
  type StartId,
  decodeWith,
  startId,
  succeed,
} from "@papo/protocol";

// A profile that was copied, or put back from an older copy, would write numbers a second time that others have seen already. So each start counts,
// and says so to everybody: two starts of one number, or a number below one that was seen, are two copies. docs/protocol/identity.md §10

/** One start of this device: how many there were, and which one it is. */
export type Epoch = { readonly epoch: number; readonly start: StartId };

/** Where starts are kept: settings of the history. */
export type EpochStore = {
  setting(name: string): string | undefined;
  keep(name: string, value: string): Promise<Outcome<void>>;
};

const OWN = "epoch";

/** The next one, durable before anybody hears of it. */
export async function beginEpoch(store: EpochStore, random: Random): Promise<Outcome<Epoch>> {
  const last = Number(store.setting(OWN) ?? "0");
  const epoch = (Number.isSafeInteger(last) && last >= 0 ? last : 0) + 1;
  const kept = await store.keep(OWN, String(epoch));
  return kept.ok ? succeed({ epoch, start: newStart(random) }) : kept;
}

/** After a re-keying the new device counts from the beginning. */
export function forgetEpoch(store: EpochStore): Promise<Outcome<void>> {
  return store.keep(OWN, "0");
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
   * `copied`: this device was seen at a later start, or at another one of the same number. What is fine is remembered; the write need not be waited for,
   * because one that is lost only means that a copy is noticed later, by its entries.
   */
  meet(device: DeviceKey, told: Epoch): "fine" | "copied" {
    const seen = this.#seenByDevice.get(device) ?? this.#kept(device);
    if (seen !== undefined && isCopy(seen, told)) return "copied";
    this.#remember(device, told);
    if (seen === undefined || seen.start !== told.start)
      void this.#store.keep(nameOf(device), `${told.epoch} ${told.start}`);
    return "fine";
  }

  #kept(device: DeviceKey): Epoch | undefined {
    const [number, text] = (this.#store.setting(nameOf(device)) ?? "").split(" ");
    const start = decodeWith(startId, text);
    const epoch = Number(number);
    return start.ok && Number.isSafeInteger(epoch) ? { epoch, start: start.value } : undefined;
  }

  #remember(device: DeviceKey, told: Epoch): void {
    this.#seenByDevice.delete(device);
    this.#seenByDevice.set(device, told);
    const [oldest] = this.#seenByDevice.keys();
    if (this.#seenByDevice.size > EPOCHS_REMEMBERED_MAX && oldest !== undefined) this.#seenByDevice.delete(oldest);
  }
}

function isCopy(seen: Epoch, told: Epoch): boolean {
  return told.epoch < seen.epoch || (told.epoch === seen.epoch && told.start !== seen.start);
}

function nameOf(device: DeviceKey): string {
  return `epoch ${device}`;
}
