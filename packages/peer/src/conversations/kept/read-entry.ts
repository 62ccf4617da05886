import {
  CONTENT_BODIES,
  CONTROL_BODIES,
  type ContentBody,
  type ControlBody,
  ENTRY_SALT_BYTES,
  type EntryHeader,
  decodeWith,
  entryHeader,
  parseStrictJson,
} from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";

// What stands in entries that were accepted and kept. Bodies of kinds that we know may still be nonsense: only their hash was checked.

type Schema = Parameters<typeof decodeWith>[0];

/** Accepted headers read back; one that does not was damaged on disk. */
export function headerOf(entry: StoredEntry): EntryHeader | undefined {
  const parsed = parseStrictJson(entry.header);
  if (!parsed.ok) return undefined;
  const decoded = decodeWith(entryHeader, parsed.value);
  return decoded.ok ? decoded.value : undefined;
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
