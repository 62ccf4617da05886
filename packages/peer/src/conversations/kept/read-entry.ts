import {
  CONTENT_BODIES,
  CONTROL_BODIES,
  type ContentBody,
  type ControlBody,
  ENTRY_SALT_BYTES,
  decodeWith,
  entryHeader,
  parseStrictJson,
} from "@papo/protocol";
import * as v from "valibot";
import type { StoredEntry } from "../../storage/history/history.ts";

// What stands in entries that were accepted and kept. Bodies of kinds that we know may still be nonsense: only their hash was checked.

type Schema = Parameters<typeof decodeWith>[0];

/** What is needed of a header that was decoded whole, and strictly, when the entry was accepted. */
const shownHeader = v.pick(entryHeader, ["time", "auth", "deps"]);
export type ShownHeader = v.InferOutput<typeof shownHeader>;

/** Whoever shows an entry asks several times. */
const headerByEntry = new WeakMap<StoredEntry, ShownHeader>();

/** Accepted headers read back; one that does not was damaged on disk. */
export function headerOf(entry: StoredEntry): ShownHeader | undefined {
  const known = headerByEntry.get(entry);
  if (known !== undefined) return known;
  const decoded = decodeWith(shownHeader, jsonOf(entry.header));
  if (!decoded.ok) return undefined;
  headerByEntry.set(entry, decoded.value);
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
  const body = entry.chain === "content" ? bodyOf(entry, CONTENT_BODIES) : undefined;
  // The schema that was picked by `kind` gives exactly this body: TypeScript cannot follow the index.
  return body === undefined ? undefined : ({ kind: entry.kind, body } as ContentBody);
}

export function controlOf(entry: StoredEntry): ControlBody | undefined {
  const body = entry.chain === "control" ? bodyOf(entry, CONTROL_BODIES) : undefined;
  // As above.
  return body === undefined ? undefined : ({ kind: entry.kind, body } as ControlBody);
}

function bodyOf({ kind, body }: StoredEntry, schemas: { readonly [kind: string]: Schema }): unknown {
  const schema = Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
  if (schema === undefined || body === null) return undefined;
  const parsed = parseStrictJson(body.subarray(ENTRY_SALT_BYTES));
  const decoded = parsed.ok ? decodeWith(schema, parsed.value) : parsed;
  return decoded.ok ? decoded.value : undefined;
}
