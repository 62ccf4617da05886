import type { Clock, Timer } from "@papo/link";
import {
  type DeviceKey,
  FULL_MESH_MEMBERS_MAX,
  RECEIPT_DEVICES_MAX,
  REOFFER_FIRST_MS,
  SYNC_CARRIERS_MAX,
} from "@papo/protocol";
import type { RoomReplica } from "../log/room-replica.ts";
import type { SharedRoom } from "./shared-room.ts";

export type CarriersPorts = {
  readonly clock: Clock;
  readonly self: DeviceKey;
  readonly replica: RoomReplica;
  readonly shared: () => Iterable<SharedRoom>;
};

/**
 * Asks a few of the links of a small room to pass on what comes from devices that we have no link with, so that a bridge between two halves of a room is as
 * fast as a link. docs/protocol/room-log.md §7.5
 */
export class Carriers {
  readonly #ports: CarriersPorts;
  readonly #toldByCarrier = new Map<SharedRoom, string>();
  #timer: Timer | undefined;

  constructor(ports: CarriersPorts) {
    this.#ports = ports;
  }

  /** Links or members have changed; at a start many do at once. */
  due(): void {
    this.#timer ??= this.#ports.clock.after(REOFFER_FIRST_MS / 2, () => {
      this.#timer = undefined;
      this.#tell();
    });
  }

  closed(shared: SharedRoom): void {
    if (this.#toldByCarrier.delete(shared)) this.due();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #tell(): void {
    const { replica, shared } = this.#ports;
    const members = [...shared()].filter(({ standing, link }) => standing === "member" && link.isOpen);
    const devices = replica.state.memberByAccount.size > FULL_MESH_MEMBERS_MAX ? [] : this.#unlinked(members);
    const carriers = new Set([...this.#toldByCarrier.keys(), ...members].slice(0, SYNC_CARRIERS_MAX));
    for (const carrier of carriers) {
      const told = this.#toldByCarrier.get(carrier) ?? "";
      if (told === devices.join(" ")) continue;
      this.#toldByCarrier.set(carrier, devices.join(" "));
      carrier.link.say({ cmd: "CARRY", room: replica.id, devices });
    }
  }

  #unlinked(members: readonly SharedRoom[]): DeviceKey[] {
    const linked = new Set(members.map(({ link }) => `${link.account} ${link.device}`));
    const accounts = [...this.#ports.replica.state.memberByAccount.values()];
    const unlinked = accounts.flatMap(({ account, devices }) =>
      devices.filter((device) => device !== this.#ports.self && !linked.has(`${account} ${device}`)),
    );
    return unlinked.toSorted().slice(0, RECEIPT_DEVICES_MAX);
  }
}
