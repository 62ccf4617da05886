import { LINK_CHARS_MAX } from "@papo/protocol/limits";
import { linkStart } from "../sequences.ts";

/** Begins a link, or nothing where the address is not one that a terminal may be told to open. */
export function linkTo(address: string): string {
  if (address.length > LINK_CHARS_MAX || !OPENABLE.test(address)) return "";
  return linkStart(idOf(address), address);
}

/** Schemes that open a page, a letter or a room, in printable ASCII: what stands in an address cannot end it. */
const OPENABLE = /^(?:https?:\/\/|papo:|mailto:)[!-~]+$/i;

/** The pieces of an address on two rows are one link: the same address always has the same id (FNV-1a). */
function idOf(address: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < address.length; at += 1) {
    hash = Math.imul(hash ^ address.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}
