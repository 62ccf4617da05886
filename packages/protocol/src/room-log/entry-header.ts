import * as v from "valibot";
import { deviceKey, entryId, roomId, sha256 } from "../ids.ts";
import { ENTRY_AUTH_MAX, ENTRY_BODY_BYTES_MAX, ENTRY_DEPS_MAX, ENTRY_SALT_BYTES } from "../limits.ts";

const counter = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** A device writes two chains in each room: who may do what (`control`), and what is said (`content`). */
export const chain = v.picklist(["control", "content"]);
export type Chain = v.InferOutput<typeof chain>;

/** The newest entry of another device's content chain that the author had seen. */
const entryDependency = v.tuple([deviceKey, counter, entryId]);
export type EntryDependency = v.InferOutput<typeof entryDependency>;

/**
 * What is hashed and signed of an entry: a JSON text, kept and passed on byte for byte. `room` is null in a genesis alone, whose id is the
 * room's. `time` is a label in milliseconds since 1970. docs/protocol/room-log.md §2
 */
export const entryHeader = v.object({
  v: v.literal(1),
  room: v.nullable(roomId),
  author: deviceKey,
  chain,
  seq: counter,
  prev: v.nullable(entryId),
  auth: v.pipe(v.array(entryId), v.maxLength(ENTRY_AUTH_MAX)),
  deps: v.pipe(v.array(entryDependency), v.maxLength(ENTRY_DEPS_MAX)),
  lamport: counter,
  time: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  kind: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/u)),
  bodyHash: sha256,
  bodySize: v.pipe(v.number(), v.safeInteger(), v.minValue(ENTRY_SALT_BYTES), v.maxValue(ENTRY_BODY_BYTES_MAX)),
});
export type EntryHeader = v.InferOutput<typeof entryHeader>;

/** What an entry's id and signature are about, and what its body's hash is about. */
export const ENTRY_CONTEXT = "papo/entry/1";
export const BODY_CONTEXT = "papo/body/1";
