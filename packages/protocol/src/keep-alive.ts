import * as v from "valibot";

/** Either side, after silence. The other answers PONG at once. docs/protocol/framing.md §4 */
export const ping = v.object({ cmd: v.literal("PING") });
export type Ping = v.InferOutput<typeof ping>;

export const pong = v.object({ cmd: v.literal("PONG") });
export type Pong = v.InferOutput<typeof pong>;
