import { type Clock, signAddressRecord, timestampOf } from "@papo/link";
import { DIALLED_PORT_MIN, type DeviceAddress, type IpLiteral, type SignedText } from "@papo/protocol";
import type { OwnAccount } from "../identity/own-account.ts";

export type OwnAddressPorts = {
  readonly clock: Clock;
  readonly own: () => OwnAccount;
};

/** Where this device can be dialled, as others have seen it, in its own words. docs/protocol/peer.md §7.1 */
export class OwnAddresses {
  readonly #ports: OwnAddressPorts;
  #lastSeq = 0;

  constructor(ports: OwnAddressPorts) {
    this.#ports = ports;
  }

  /** A record that is newer than all before it: the address at which the tracker sees us, and the port at which we listen. */
  record(observed: IpLiteral, port: number): SignedText {
    const { clock, own } = this.#ports;
    const addresses: readonly DeviceAddress[] = port < DIALLED_PORT_MIN ? [] : [{ address: observed, port }];
    this.#lastSeq = Math.max(this.#lastSeq + 1, Math.floor(clock.wallMs()));
    const { device } = own().keys;
    const record = { v: 1, device: device.publicKey, seq: this.#lastSeq, time: timestampOf(clock) } as const;
    return signAddressRecord(device, { ...record, addresses: [...addresses] });
  }
}
