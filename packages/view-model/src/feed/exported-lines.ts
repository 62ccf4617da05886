import type { Message } from "@papo/peer/api";
import { type Eyes, keptLines } from "./kept-lines.ts";
import { clockTime, type ShownLine } from "./shown-line.ts";

/** Further lines of a text: none of them can pass for a line of its own. */
const FURTHER = "    ";

/** A conversation as a file for people: the lines that a screen shows, in its language, whole, with the days between them. */
export async function* exportedLines(messages: AsyncIterable<Message>, { texts, peer }: Eyes): AsyncIterable<string> {
  let above: Message | undefined;
  for await (const message of messages) {
    for (const line of keptLines([message], { texts, peer, isWhole: true }, above)) yield plainText(line);
    above = message;
  }
}

function plainText({ atMs, spans, more = [] }: ShownLine): string {
  const at = atMs === undefined ? "" : `[${clockTime(atMs)}] `;
  const first = `${at}${spans.map(({ text }) => text).join("")}`;
  return [first, ...more.map((line) => `${FURTHER}${line}`)].map((line) => `${line}\n`).join("");
}
