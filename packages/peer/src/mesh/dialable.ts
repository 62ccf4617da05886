import { DIALLED_PORT_MIN, isIpv4, isIpv6 } from "@papo/protocol";
import type { PlaceSource } from "../addresses/place.ts";

// Which addresses that a tracker names may be dialled. docs/protocol/peer.md §7

/** How far an address reaches. `nowhere`: unspecified, multicast, reserved, or not an address. */
export type AddressScope = "loopback" | "private" | "public" | "nowhere";

export function addressScope(address: string): AddressScope {
  if (isIpv4(address)) return ipv4Scope(address);
  if (isIpv6(address)) return ipv6Scope(address.toLowerCase());
  return "nowhere";
}

export function isLoopback(address: string): boolean {
  return addressScope(address) === "loopback";
}

type Target = { readonly address: string; readonly port: number; readonly source?: PlaceSource };

/** We have seen them there ourselves, and nobody could have made us believe it. */
const OWN_SIGHT: ReadonlySet<PlaceSource | undefined> = new Set<PlaceSource>(["lan", "link", "cache"]);

/**
 * A tracker could name any address, so that we knock on doors for it: loopback and private ones are dialled only when
 * we reached the tracker itself on such an address, private ones also where we saw somebody ourselves, and ports of well-known services never.
 */
export function mayDial(target: Target, trackerAddress: string): boolean {
  if (target.port < DIALLED_PORT_MIN) return false;
  const tracker = addressScope(trackerAddress);
  switch (addressScope(target.address)) {
    case "public":
      return true;
    case "private":
      return tracker === "private" || tracker === "loopback" || OWN_SIGHT.has(target.source);
    case "loopback":
      return tracker === "loopback";
    case "nowhere":
      return false;
  }
}

function ipv4Scope(address: string): AddressScope {
  const [a = 0, b = 0] = address.split(".").map(Number);
  if (a === 127) return "loopback";
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b <= 127)) {
    return "private";
  }
  // 169.254 holds the metadata services of clouds; nobody chats there.
  return a === 0 || a >= 224 || (a === 169 && b === 254) ? "nowhere" : "public";
}

function ipv6Scope(address: string): AddressScope {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/u.exec(address)?.[1];
  if (mapped !== undefined) return ipv4Scope(mapped);
  if (address === "::1") return "loopback";
  if (/^f[cd]/u.test(address)) return "private";
  return /^[23]/u.test(address) ? "public" : "nowhere";
}
