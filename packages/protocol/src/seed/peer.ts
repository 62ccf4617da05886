import * as v from "valibot";
import { roomName, username } from "../ids.ts";
import { MESSAGE_CONTENT_BYTES_MAX } from "../limits.ts";

// What original peers say to each other, and the tracker's PING (report §2.3, §4.2). docs/protocol/seed.md §5

export const seedHello = v.object({ cmd: v.literal("HELLO"), username });
export const seedMessage = v.object({
  cmd: v.literal("MESSAGE"),
  room: v.optional(v.nullable(roomName), null),
  username,
  content: v.pipe(v.string(), v.maxBytes(MESSAGE_CONTENT_BYTES_MAX)),
});
export const seedLeave = v.object({ cmd: v.literal("LEAVE"), room: v.optional(v.nullable(roomName), null) });
export const seedPing = v.object({ cmd: v.literal("PING") });
export const seedPong = v.object({ cmd: v.literal("PONG") });

export const seedPeerLanguage = v.variant("cmd", [seedHello, seedMessage, seedLeave, seedPing, seedPong]);
export type SeedPeerSays = v.InferOutput<typeof seedPeerLanguage>;
