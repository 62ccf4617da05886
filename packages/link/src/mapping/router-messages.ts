import { DIALLED_PORT_MIN, type IpLiteral, decodeWith, ipLiteral } from "@papo/protocol";

// RFC 6887 (PCP) §7, §11, and RFC 6886 (NAT-PMP) §3.3: the two share a port and are told apart by the version.

export type RouterRequest = {
  /** Our address, as the router sees it. */
  readonly client: string;
  readonly nonce: Uint8Array;
  readonly port: number;
  /** The port outside that we would like; 0 for any. */
  readonly outside: number;
  /** 0 gives the mapping back. */
  readonly lifetimeSeconds: number;
};

/** `older`: the router does not speak this version. */
export type RouterAnswer =
  | {
      readonly kind: "granted";
      readonly port: number;
      readonly address: IpLiteral | null;
      readonly lifetimeSeconds: number;
    }
  | { readonly kind: "older" }
  | { readonly kind: "refused"; readonly code: number };

const PCP = { version: 2, map: 1, headerBytes: 24, bytes: 60, nonceBytes: 12 };
const NAT_PMP = { version: 0, mapTcp: 2, bytes: 16 };
const IS_ANSWER = 0x80;
const TCP = 6;
const UNSUPPORTED_VERSION = 1;
const IPV4_IN_IPV6 = 12;

export function pcpRequest({ client, nonce, port, outside, lifetimeSeconds }: RouterRequest): Uint8Array {
  const packet = Buffer.alloc(PCP.bytes);
  packet[0] = PCP.version;
  packet[1] = PCP.map;
  packet.writeUInt32BE(lifetimeSeconds, 4);
  writeIpv4(packet, 8, client);
  packet.set(nonce.subarray(0, PCP.nonceBytes), 24);
  packet[36] = TCP;
  packet.writeUInt16BE(port, 40);
  packet.writeUInt16BE(outside, 42);
  // Any address of that family.
  writeIpv4(packet, 44, "0.0.0.0");
  return packet;
}

function writeIpv4(packet: Buffer, at: number, address: string): void {
  packet.fill(0xff, at + IPV4_IN_IPV6 - 2, at + IPV4_IN_IPV6);
  for (const [index, part] of address.split(".").entries()) packet[at + IPV4_IN_IPV6 + index] = Number(part);
}

/** Undefined for whatever is no answer to this request. */
export function readPcpAnswer(bytes: Uint8Array, { nonce, port }: RouterRequest): RouterAnswer | undefined {
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (packet.length < 4) return undefined;
  // A router that knows only the older language says so in it (RFC 6886 §3.5).
  if (packet[0] === NAT_PMP.version) return { kind: "older" };
  if (packet.length < PCP.headerBytes || packet[0] !== PCP.version || packet[1] !== (IS_ANSWER | PCP.map))
    return undefined;
  const code = packet[3] ?? 0;
  if (code === UNSUPPORTED_VERSION) return { kind: "older" };
  if (code !== 0) return { kind: "refused", code };
  if (packet.length < PCP.bytes || packet[36] !== TCP || packet.readUInt16BE(40) !== port) return undefined;
  if (!packet.subarray(24, 36).equals(nonce.subarray(0, PCP.nonceBytes))) return undefined;
  return granted(packet.readUInt16BE(42), packet.readUInt32BE(4), readIpv4(packet, 44));
}

export function natPmpRequest({ port, outside, lifetimeSeconds }: RouterRequest): Uint8Array {
  const packet = Buffer.alloc(12);
  packet[1] = NAT_PMP.mapTcp;
  packet.writeUInt16BE(port, 4);
  packet.writeUInt16BE(lifetimeSeconds === 0 ? 0 : outside, 6);
  packet.writeUInt32BE(lifetimeSeconds, 8);
  return packet;
}

export function readNatPmpAnswer(bytes: Uint8Array, { port }: RouterRequest): RouterAnswer | undefined {
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (packet.length < 4 || packet[0] !== NAT_PMP.version || packet[1] !== (IS_ANSWER | NAT_PMP.mapTcp))
    return undefined;
  const code = packet.readUInt16BE(2);
  if (code !== 0) return { kind: "refused", code };
  if (packet.length < NAT_PMP.bytes || packet.readUInt16BE(8) !== port) return undefined;
  return granted(packet.readUInt16BE(10), packet.readUInt32BE(12), null);
}

/** A port of a well-known service is of no use: nobody would dial it. */
function granted(port: number, lifetimeSeconds: number, address: IpLiteral | null): RouterAnswer {
  if (lifetimeSeconds > 0 && port < DIALLED_PORT_MIN) return { kind: "refused", code: 0 };
  return { kind: "granted", port, address, lifetimeSeconds };
}

function readIpv4(packet: Buffer, at: number): IpLiteral | null {
  const text = packet.subarray(at + IPV4_IN_IPV6, at + IPV4_IN_IPV6 + 4).join(".");
  const address = decodeWith(ipLiteral, text);
  return address.ok && text !== "0.0.0.0" ? address.value : null;
}
