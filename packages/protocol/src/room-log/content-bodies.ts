import * as v from "valibot";
import { entryId } from "../ids.ts";
import { ENTRY_BODY_BYTES_MAX, REACTION_BYTES_MAX } from "../limits.ts";

// Bodies of the content chain: what is said. docs/protocol/room-log.md §5

const text = v.pipe(v.string(), v.minLength(1), v.maxBytes(ENTRY_BODY_BYTES_MAX));

/** A chat line. `supersedes`: the author's own earlier entry, written on a device that is no more, which this one takes the place of. */
const messageBody = v.object({
  text,
  replyTo: v.optional(entryId),
  supersedes: v.optional(entryId),
});

/** The target's author, by account, says it anew. */
const editBody = v.object({ target: entryId, text });

/** The target's author, or a higher rank, takes it back: everybody drops its body. */
const deleteBody = v.object({ target: entryId });

/** One account's reaction of that kind to the target is there (`on`) or taken back. */
const reactionBody = v.object({
  target: entryId,
  emoji: v.pipe(v.string(), v.minLength(1), v.maxBytes(REACTION_BYTES_MAX)),
  on: v.boolean(),
});

/** Every kind of content entry that this Papo knows; others are kept, passed on, and shown as needing a newer Papo. */
export const CONTENT_BODIES = {
  message: messageBody,
  edit: editBody,
  delete: deleteBody,
  reaction: reactionBody,
} as const;
export type ContentKind = keyof typeof CONTENT_BODIES;
export type ContentBody = {
  [K in ContentKind]: { readonly kind: K; readonly body: v.InferOutput<(typeof CONTENT_BODIES)[K]> };
}[ContentKind];
