import { EMOJI_JOINERS_MAX } from "../limits.ts";

const ELEMENT = String.raw`\p{Extended_Pictographic}(?:[\uFE0E\uFE0F]|\p{Emoji_Modifier})?`;
const KEYCAP = String.raw`[0-9#*]\uFE0F\u20E3`;
const TAGGED_FLAG = String.raw`\u{1F3F4}[\u{E0020}-\u{E007E}]{1,7}\u{E007F}`;

/** Source of a pattern (flag `v`) for whatever has the shape of one emoji (UTS #51), known or not. */
export const EMOJI_SHAPE = `${KEYCAP}|${TAGGED_FLAG}|${ELEMENT}(?:\\u200D${ELEMENT}){0,${EMOJI_JOINERS_MAX}}`;

const ZERO_WIDTH_JOINER = "\u200D";
const KNOWN = /^\p{RGI_Emoji}$/v;
const PARTS = /(\p{Extended_Pictographic})(\uFE0F|\p{Emoji_Modifier})?/gv;
const SHOWN_AS_EMOJI = /^\p{Emoji_Presentation}$/v;
const MODIFIED = /^\p{Emoji_Modifier_Base}\p{Emoji_Modifier}$/v;
const PLAIN_ELEMENT = /^\p{Extended_Pictographic}[\uFE0E\uFE0F]?$/v;

/**
 * An emoji as it is if its cells can be counted: one element, or a sequence that Unicode recommends (RGI). Terminals
 * draw any other sequence as its pieces, so it is taken apart, with what glued it handed to `show`.
 */
export function safeEmoji(emoji: string, show: (invisible: string) => string): string {
  if (PLAIN_ELEMENT.test(emoji) || MODIFIED.test(emoji) || KNOWN.test(emoji) || KNOWN.test(qualified(emoji)))
    return emoji;

  const elements = emoji.split(ZERO_WIDTH_JOINER);
  if (elements.length > 1) return elements.map((one) => safeEmoji(one, show)).join(show(ZERO_WIDTH_JOINER));
  const [base = "", ...glue] = emoji;
  return base + show(glue.join(""));
}

/** With the selectors that phones leave out: the list of known sequences has them. */
function qualified(emoji: string): string {
  return emoji.replace(PARTS, (_, base: string, suffix = "") => {
    if (suffix !== "" && suffix !== "\uFE0F") return base + suffix;
    return SHOWN_AS_EMOJI.test(base) ? base : `${base}\uFE0F`;
  });
}
