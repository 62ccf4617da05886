import type { Message } from "@papo/peer/api";
import { safeText, SHOWN_MESSAGE_LINES_MAX } from "@papo/protocol";
import { excerptOf } from "../excerpt.ts";
import { actionOf } from "../feed/action-text.ts";
import { shownContent } from "../feed/messages.ts";
import { nameSpan, type Span } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { MessageItem } from "./chat-view.ts";
import type { Eyes } from "./eyes.ts";
import { shortTime } from "./day-label.ts";
import { deliveryMark } from "./delivery-mark.ts";
import { linkedText } from "./linked-text.ts";

/** What one message shows, with all that is about it. `quoted`: the message that it answers, if it is known. */
export function messageItem(
  key: string,
  message: Message,
  {
    eyes,
    isGrouped,
    quoted,
  }: { readonly eyes: Eyes; readonly isGrouped: boolean; readonly quoted: Message | undefined },
): MessageItem {
  return {
    kind: "message",
    key,
    message,
    time: shortTime(message.atMs),
    author: nameSpan(message.author, eyes.nameOf(message.conversation, message.author)),
    isGrouped,
    isMention: eyes.isMention(message),
    reply: replySpans(message, quoted, eyes),
    body: bodyOf(message, eyes),
    marks: marksOf(message, eyes),
    reactions: reactionsOf(message),
    delivery: deliveryMark(message.delivery, eyes.texts),
  };
}

/** R11: a text of many lines is cut; the export has it whole. R7: each of its lines is a line of this item and of nothing else. */
function bodyOf(message: Message, eyes: Eyes): readonly (readonly Span[])[] {
  const { texts } = eyes;
  const isText = message.kept === undefined || (message.kept.gone === null && !message.kept.needsNewer);
  const content = shownContent(message, texts);
  if (!isText) return [[{ text: content, tone: "muted" }]];
  const done = actionOf(content);
  if (done !== undefined) return actionBody(done, eyes);
  return bodyLines(content, eyes);
}

function bodyLines(content: string, { texts }: Eyes): readonly (readonly Span[])[] {
  const lines = content.trimEnd().split(/\r\n|\n/u);
  const shown = lines.slice(0, SHOWN_MESSAGE_LINES_MAX).map((line) => linkedText(safeText(line)));
  const hidden = lines.length - shown.length;
  return hidden === 0 ? shown : [...shown, [{ text: texts.feed.moreLines(hidden), tone: "muted" }]];
}

/** `* waves`, behind the name of whoever wrote it: it passes neither for their words nor for what happened. */
function actionBody(done: string, eyes: Eyes): readonly (readonly Span[])[] {
  const [first = [], ...more] = bodyLines(done, eyes);
  return [[{ text: "* " }, ...first], ...more];
}

function marksOf({ kept, encrypted }: Message, { texts }: Eyes): readonly Span[] {
  const marks: Span[] = encrypted ? [] : [{ text: texts.feed.plaintextMark, tone: "warning" }];
  if (kept === undefined) return marks;
  if (kept.edited && kept.gone === null) marks.push({ text: texts.kept.edited, tone: "muted" });
  if (kept.late) marks.push({ text: texts.kept.late, tone: "muted" });
  if (kept.afterGap) marks.push({ text: texts.kept.afterGap, tone: "muted" });
  return marks;
}

function reactionsOf({ kept }: Message): readonly Span[] {
  if (kept === undefined || kept.gone !== null) return [];
  return kept.reactions.map(({ emoji, by, own }) => ({
    text: `${safeText(emoji)} ${by.length > REACTING_NAMES_MAX ? by.length : by.map((name) => shownName(name)).join(", ")}`,
    tone: own ? "emphasis" : "muted",
  }));
}

/** More people than that who react alike are counted. */
const REACTING_NAMES_MAX = 3;

function replySpans({ kept, conversation }: Message, quoted: Message | undefined, eyes: Eyes): readonly Span[] | null {
  if (kept === undefined || kept.replyTo === null || kept.gone !== null) return null;
  const { chat } = eyes.texts;
  if (quoted === undefined || eyes.isIgnored(quoted.author)) return [{ text: chat.answersUnknown, tone: "muted" }];
  const name = eyes.nameOf(conversation, quoted.author);
  return [
    nameSpan(quoted.author, name),
    { text: ": ", tone: "muted" },
    { text: excerptOf(firstLine(shownContent(quoted, eyes.texts))), tone: "muted" },
  ];
}

/** The line that is quoted, shortened: what is known of the message that a line answers. */
export function firstLine(content: string): string {
  return (actionOf(content) ?? content).trimStart().split(/\r\n|\n/u, 1)[0] ?? "";
}
