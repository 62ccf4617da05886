import * as v from "valibot";
import { ipLiteral } from "../address.ts";
import { features, protocolVersion } from "../features.ts";
import { port, requestId, timestamp } from "../ids.ts";
import { signedTrackerStatement } from "../identity/tracker-statement.ts";

/** Peer → tracker, the first message of a session. docs/protocol/tracker.md §2 */
export const helloRequest = v.object({
  cmd: v.literal("HELLO"),
  id: requestId,
  version: protocolVersion,
  features,
});
export type HelloRequest = v.InferOutput<typeof helloRequest>;

/** The tracker proves that this TLS key is its own. Nothing secret is sent before this has been checked. */
export const helloAnswer = v.object({
  tracker: signedTrackerStatement,
  version: protocolVersion,
  features,
  /** Where the tracker sees this session come from. */
  observed: ipLiteral,
  now: timestamp,
  /** Whether links may be relayed here; and where, if not at the tracker itself. */
  relay: v.optional(v.nullable(v.object({ place: v.nullable(v.object({ host: ipLiteral, port })) })), null),
});
export type HelloAnswer = v.InferOutput<typeof helloAnswer>;
