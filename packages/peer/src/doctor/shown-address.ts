import { isIpv4 } from "@papo/protocol";

/** Enough of an address to recognise one's own by, and too little to be found by: `203.0.x.x`, `2001:db8:x`. Loopback is nobody's. */
export function maskedAddress(address: string): string {
  if (address === "::1" || address.startsWith("127.")) return address;
  if (isIpv4(address)) return `${address.split(".").slice(0, 2).join(".")}.x.x`;
  return `${address.split(":").slice(0, 2).join(":")}:x`;
}
