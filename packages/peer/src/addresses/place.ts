import { type DeviceAddress, isIpv6 } from "@papo/protocol";

/**
 * From whom we know a place: the tracker, which has seen the device there; an answer of the device in our own network; an own link with it; a member that has a
 * direct link with it and says so; or an earlier run of this program.
 */
export type PlaceSource = "tracker" | "lan" | "link" | "member" | "cache";

/** Where a device may be dialled. */
export type Place = DeviceAddress & { readonly source: PlaceSource };

/** One spelling for each IP address, to compare by. */
export function spelledAlike(address: string): string {
  return isIpv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

export function placeKey({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${spelledAlike(address)} ${port}`;
}
