import type { IpLiteral } from "@papo/protocol";

/** What multicast DNS packets go out and come in by: sockets in production, memory in tests. */
export interface LanWire {
  readonly hasNetwork: boolean;
  /** On every network that this machine is in, or only on that where it has the address `on`. */
  send(packet: Uint8Array, on: string | undefined): void;
  /** Called for what somebody in one of these networks has sent, ourselves included. */
  receive(each: (packet: Uint8Array, from: IpLiteral) => void): void;
  close(): Promise<void>;
}
