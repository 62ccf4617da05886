import type { Conversation, Message } from "@papo/peer/api";
import { MESSAGE_CONTENT_BYTES_MAX } from "@papo/protocol";
import { excerptOf } from "../excerpt.ts";
import { faultSentence } from "../fault-sentence.ts";
import type { CommandScreen } from "./command.ts";

/** Says something in a conversation; what was not sent is named with the reason. True when it is on its way or held. */
export async function sendText(
  screen: CommandScreen,
  to: Conversation,
  { text, replyTo }: { readonly text: string; readonly replyTo?: Message["id"] },
): Promise<boolean> {
  const { peer, texts } = screen;
  const isTooLong = new TextEncoder().encode(text).length > MESSAGE_CONTENT_BYTES_MAX;
  if (isTooLong) {
    screen.failed(texts.classic.tooLong(MESSAGE_CONTENT_BYTES_MAX));
    return false;
  }
  const sent = await peer.send(to, text, replyTo === undefined ? {} : { replyTo });
  if (!sent.ok) screen.failed(texts.classic.notSent(excerptOf(text), faultSentence(texts, sent.fault)));
  return sent.ok;
}
