import type { Conversation } from "@papo/peer/api";

/** The same text for two references to one conversation, another for any other. */
export function conversationKey(conversation: Conversation): string {
  return conversation.kind === "room" ? `room ${conversation.id}` : `private ${conversation.username}`;
}

export function sameConversation(one: Conversation, other: Conversation | null): boolean {
  return other !== null && conversationKey(one) === conversationKey(other);
}
