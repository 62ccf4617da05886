import {
  CONTENT_BODIES,
  CONTROL_BODIES,
  type ContentBody,
  type ControlBody,
  type DeviceKey,
  decodeWith,
  entryHeader,
} from "@papo/protocol";
import * as v from "valibot";
import type { StoredEntry } from "../../storage/history/history.ts";
import { decodeBody, headerReadBefore } from "../log/opened-entry.ts";

// What stands in entries that were accepted and kept. Bodies of kinds that we know may still be nonsense: only their hash was checked.

/** What is needed of a header that was decoded whole, and strictly, when the entry was accepted. */
const shownHeader = v.pick(entryHeader, ["time", "auth", "deps"]);
export type ShownHeader = v.InferOutput<typeof shownHeader>;

/** Of entries that come from the store: whoever shows one asks several times. */
const headerByBytes = new WeakMap<Uint8Array, ShownHeader>();

/** Accepted headers read back; one that does not was damaged on disk. */
export function headerOf(entry: StoredEntry): ShownHeader | undefined {
  const known = headerReadBefore(entry.header) ?? headerByBytes.get(entry.header);
  if (known !== undefined) return known;
  const decoded = decodeWith(shownHeader, jsonOf(entry.header));
  if (!decoded.ok) return undefined;
  headerByBytes.set(entry.header, decoded.value);
  return decoded.value;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Whether this Papo knows what an entry of this kind says. */
export function isKnownKind({ chain, kind }: Pick<StoredEntry, "chain" | "kind">): boolean {
  return Object.hasOwn(chain === "content" ? CONTENT_BODIES : CONTROL_BODIES, kind);
}

/** Undefined: dropped, of an unknown kind, or not what its kind should be. */
export function contentOf(entry: StoredEntry): ContentBody | undefined {
  // What a content chain says is decoded by the schemas of content.
  return entry.chain === "content" ? (saysOf(entry) as ContentBody | undefined) : undefined;
}

export function controlOf(entry: StoredEntry): ControlBody | undefined {
  // As above.
  return entry.chain === "control" ? (saysOf(entry) as ControlBody | undefined) : undefined;
}

/** The device whose fork a control entry tells of. */
export function forkIn(entry: StoredEntry): DeviceKey | undefined {
  if (entry.chain !== "control" || entry.kind !== "fork") return undefined;
  const control = controlOf(entry);
  return control?.kind === "fork" ? control.body.device : undefined;
}

function saysOf(entry: StoredEntry): ContentBody | ControlBody | undefined {
  const decoded = decodeBody(entry, entry.body);
  return decoded.state === "known" ? decoded.says : undefined;
}
