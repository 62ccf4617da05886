import { ENDPOINTS_MAX } from "@papo/protocol";
import type { MemberView } from "../commands.ts";
import type { OnlineSession } from "./online-session.ts";

const MEMBER_FIXED_BYTES = 128;
const ENDPOINT_BYTES_BOUND = 224;
/** What stands around the text of an address record. */
const RECORD_FIXED_BYTES = 128;
/** A byte of a name becomes at most six in JSON (`\u0001`). */
const ESCAPE_FACTOR = 6;

/** Never less than the JSON of one member takes. */
export function memberBytesBound(member: MemberView): number {
  const endpoints = member.sessions.slice(-ENDPOINTS_MAX).reduce((bytes, session) => bytes + endpointBytes(session), 0);
  return MEMBER_FIXED_BYTES + textBytesBound(member.username) + endpoints;
}

/** A record is itself JSON: of its bytes, those that JSON escapes become two. */
function endpointBytes({ whereabouts: { record } }: OnlineSession): number {
  return ENDPOINT_BYTES_BOUND + (record === null ? 0 : RECORD_FIXED_BYTES + 2 * Buffer.byteLength(record.text));
}

/** Never less than the JSON of a text takes. */
export function textBytesBound(text: string): number {
  return text.length * ESCAPE_FACTOR;
}

/** The longest beginning of `items` whose sizes stay within `bytesMax`, and at least one item. */
export function fitting<T>(items: readonly T[], bytesMax: number, bytesOf: (item: T) => number): readonly T[] {
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    bytes += bytesOf(item);
    if (bytes > bytesMax && index > 0) return items.slice(0, index);
  }
  return items;
}
