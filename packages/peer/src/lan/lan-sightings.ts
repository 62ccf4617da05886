import {
  type DeviceAddress,
  type DeviceKey,
  LAN_PLACES_PER_DEVICE_MAX,
  LAN_SIGHTING_INTERVAL_MS,
} from "@papo/protocol";

/** Anybody can repeat a hint: so only so much is made of one device's being seen. */
export class LanSightings {
  /** When each place of each device was told last, in this window. */
  readonly #toldMsByPlaceByDevice = new Map<DeviceKey, Map<string, number>>();
  #before: ReadonlySet<DeviceKey> = new Set();

  /** Whether it is worth telling that a device was seen there. */
  isNews(device: DeviceKey, { address, port }: DeviceAddress, nowMs: number): boolean {
    const toldMsByPlace = this.#toldMsByPlaceByDevice.get(device) ?? new Map<string, number>();
    this.#toldMsByPlaceByDevice.set(device, toldMsByPlace);
    const place = `${address} ${port}`;
    const toldMs = toldMsByPlace.get(place);
    if (toldMs === undefined && toldMsByPlace.size >= LAN_PLACES_PER_DEVICE_MAX) return false;
    if (toldMs !== undefined && nowMs - toldMs < LAN_SIGHTING_INTERVAL_MS) return false;
    toldMsByPlace.set(place, nowMs);
    return true;
  }

  /** A window is over. Gives those that were seen in the one before and in this one no more: they are gone. */
  turn(): readonly DeviceKey[] {
    const gone = [...this.#before].filter((device) => !this.#toldMsByPlaceByDevice.has(device));
    this.#before = new Set(this.#toldMsByPlaceByDevice.keys());
    this.#toldMsByPlaceByDevice.clear();
    return gone;
  }

  /** We are in another network: everything is news again. */
  clear(): void {
    this.#toldMsByPlaceByDevice.clear();
    this.#before = new Set();
  }
}
