import type { Random } from "@papo/link";
import { type MessageId, messageId } from "@papo/protocol";
import * as v from "valibot";

export function newMessageId(random: Random): MessageId {
  return v.parse(messageId, Buffer.from(random.bytes(16)).toString("base64url"));
}
