import * as v from "valibot";
import { FEATURE_CHARS_MAX, FEATURES_MAX } from "./limits.ts";

/** Rooms whose messages are kept and brought together: docs/protocol/room-log.md. */
export const ROOM_LOG_FEATURE = "room-log/1";

/** Names of optional parts of the language. What both sides of a HELLO list is on. */
export const features = v.pipe(
  v.array(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9./-]*$/u), v.maxLength(FEATURE_CHARS_MAX))),
  v.maxLength(FEATURES_MAX),
);

export const protocolVersion = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** What this Papo can do in a room: one that needs more can be read here and not written. */
export const KNOWN_FEATURES: ReadonlySet<string> = new Set([ROOM_LOG_FEATURE]);
