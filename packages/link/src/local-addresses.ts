import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { type IpLiteral, decodeWith, ipLiteral } from "@papo/protocol";
import { usualAddress } from "./socket/link-ends.ts";

/** Addresses that mean something only together with an interface (RFC 3927, RFC 4291 §2.5.6). */
const LINK_LOCAL = /^169\.254\.|^fe[89ab]/iu;

/** The IP addresses of this machine at which others could be: not loopback, not link-local; in the system's order, each once. */
export function localAddresses(): readonly IpLiteral[] {
  const found = interfaceAddresses()
    .filter(({ internal }) => !internal)
    .map(({ address }) => usualAddress(address))
    .filter((address) => !LINK_LOCAL.test(address))
    .map((address) => decodeWith(ipLiteral, address));
  return [...new Set(found.flatMap((decoded) => (decoded.ok ? [decoded.value] : [])))];
}

/** What the system says of each address of each interface. */
export function interfaceAddresses(): readonly NetworkInterfaceInfo[] {
  try {
    return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  } catch {
    // Some systems do not let a program look.
    return [];
  }
}
