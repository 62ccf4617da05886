import { decodeWith } from "@papo/protocol";
import * as v from "valibot";

export const toldConversation = v.union([
  v.object({ kind: v.literal("room"), id: v.string() }),
  v.object({ kind: v.literal("private"), username: v.string() }),
]);
type ToldConversation = v.InferOutput<typeof toldConversation>;

const toldMessage = v.looseObject({
  id: v.string(),
  conversation: toldConversation,
  author: v.string(),
  content: v.string(),
  atMs: v.number(),
  delivery: v.nullable(
    v.variant("kind", [
      v.looseObject({ kind: v.literal("held") }),
      v.looseObject({ kind: v.literal("sent"), received: v.number(), silent: v.number(), of: v.number() }),
      v.looseObject({ kind: v.literal("undeliverable") }),
    ]),
  ),
  kept: v.exactOptional(v.looseObject({})),
});

/** What the commands need of a message, whether it comes from an engine or from a socket. */
export type ToldMessage = v.InferOutput<typeof toldMessage>;

export function readMessage(value: unknown): ToldMessage | undefined {
  const decoded = decodeWith(toldMessage, value);
  return decoded.ok ? decoded.value : undefined;
}

/** The newest page of a conversation. */
export function readPage(value: unknown): readonly ToldMessage[] {
  const decoded = decodeWith(v.object({ messages: v.array(toldMessage) }), value);
  return decoded.ok ? decoded.value.messages : [];
}

/** Somebody else has it, or there is nobody else. */
export function hasArrived({ delivery }: ToldMessage): boolean {
  return delivery?.kind === "sent" && (delivery.received + delivery.silent > 0 || delivery.of === 0);
}

/** The same text for two references to one conversation. */
export function conversationKey(conversation: ToldConversation): string {
  return conversation.kind === "room" ? `room ${conversation.id}` : `private ${conversation.username}`;
}
