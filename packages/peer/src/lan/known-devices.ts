import type { DeviceKey, Username } from "@papo/protocol";
import type { RoomState } from "../conversations/log/room-state.ts";
import type { PinKeeper } from "../identity/pin-keeper.ts";
import type { RoomView } from "../tracker-session/room-view.ts";

export type DeviceSources = {
  /** Of rooms to which we belong by their logs. */
  readonly logs: readonly Pick<RoomState, "memberByAccount">[];
  /** Rooms as the tracker tells of them. */
  readonly views: readonly RoomView[];
  /** With whom we talk in private. */
  readonly contacts: readonly Username[];
  readonly pins: Pick<PinKeeper, "devicesOf">;
};

/** The devices of people whom we have to do with, one after the other, some perhaps twice: those to be known again without a tracker's word. */
export function* knownDevices({ logs, views, contacts, pins }: DeviceSources): Iterable<DeviceKey> {
  for (const contact of contacts)
    for (const { device, revoked } of pins.devicesOf(contact)) if (revoked === null) yield device;
  for (const { memberByAccount } of logs) for (const { devices } of memberByAccount.values()) yield* devices;
  for (const { memberByName } of views)
    for (const { endpoints } of memberByName.values())
      for (const { device } of endpoints) if (device !== null) yield device;
}
