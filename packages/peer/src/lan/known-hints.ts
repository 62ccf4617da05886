import { type DeviceKey, LAN_KNOWN_DEVICES_MAX } from "@papo/protocol";
import { lanHint } from "./lan-hint.ts";

/**
 * The hints of the devices that we know, worked out beforehand: to know one again is one look, however many strangers there are. Those of the window before and the one after
 * count as well, because clocks differ.
 */
export class KnownHints {
  readonly #knownDevices: () => Iterable<DeviceKey>;
  readonly #devices = new Set<DeviceKey>();
  readonly #deviceByHintByWindow = new Map<number, Map<string, DeviceKey>>();
  #isStale = true;

  constructor(knownDevices: () => Iterable<DeviceKey>) {
    this.#knownDevices = knownDevices;
  }

  /** Somebody may have become known: who is, is looked up when it matters. */
  peopleChanged(): void {
    this.#isStale = true;
  }

  deviceOf(hint: string, window: number): DeviceKey | undefined {
    this.#turnTo(window);
    if (this.#isStale) this.#learn();
    for (const deviceByHint of this.#deviceByHintByWindow.values()) {
      const device = deviceByHint.get(hint);
      if (device !== undefined) return device;
    }
    return undefined;
  }

  #turnTo(window: number): void {
    const windows = [window - 1, window, window + 1];
    for (const old of this.#deviceByHintByWindow.keys())
      if (!windows.includes(old)) this.#deviceByHintByWindow.delete(old);
    for (const one of windows) {
      if (this.#deviceByHintByWindow.has(one)) continue;
      const entries = [...this.#devices].map((device) => [lanHint(device, one), device] as const);
      this.#deviceByHintByWindow.set(one, new Map(entries));
    }
  }

  /** Whoever was known once costs nothing again. */
  #learn(): void {
    this.#isStale = false;
    for (const device of this.#knownDevices()) {
      if (this.#devices.size >= LAN_KNOWN_DEVICES_MAX) return;
      if (this.#devices.has(device)) continue;
      this.#devices.add(device);
      for (const [window, deviceByHint] of this.#deviceByHintByWindow)
        deviceByHint.set(lanHint(device, window), device);
    }
  }
}
