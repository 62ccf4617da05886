import { type DeviceKey, type Outcome, STATEMENT_DEVICES_MAX, decodeWith, deviceKey } from "@papo/protocol";
import type { EpochStore } from "./epochs.ts";

// Which devices this one was before it was given other keys. It answers for what they have written and nobody took. Another device of the account that was
// imported from a copy of this history was none of them: so the list is kept under the name of the device whose list it is.

/** Durable before the new keys are, so that no crash makes a device forget what it was. */
export function noteFormer(store: EpochStore, device: DeviceKey, old: DeviceKey): Promise<Outcome<void>> {
  const former = [old, ...formerDevices(store, old)].slice(0, STATEMENT_DEVICES_MAX);
  return store.keep(nameOf(device), former.join(" "));
}

/** The last one first. */
export function formerDevices(store: Pick<EpochStore, "setting">, device: DeviceKey): readonly DeviceKey[] {
  return (store.setting(nameOf(device)) ?? "").split(" ").flatMap((text) => {
    const read = decodeWith(deviceKey, text);
    return read.ok ? [read.value] : [];
  });
}

function nameOf(device: DeviceKey): string {
  return `former ${device}`;
}
