import { type IpLiteral, isIpLiteral } from "@papo/protocol";
import { isLoopback } from "./address-group.ts";

type Seen = { readonly address: IpLiteral };
type Viewer = { readonly address: IpLiteral; readonly reachedAt: string };

/**
 * Where `viewer` can dial a program that was seen at `seen.address`. One that runs beside the tracker was seen on loopback: for
 * somebody elsewhere it is at the address where the tracker was reached.
 */
export function shownAddress(seen: Seen, viewer: Viewer): IpLiteral {
  if (!isLoopback(seen.address) || isLoopback(viewer.address) || !isIpLiteral(viewer.reachedAt)) return seen.address;
  return viewer.reachedAt as IpLiteral;
}

/** Viewers with the same key are shown the same addresses. */
export function viewKey(viewer: Viewer): string {
  return isLoopback(viewer.address) ? "" : viewer.reachedAt;
}
