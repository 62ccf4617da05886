import type { Message } from "@papo/peer/api";
import { type Outcome, succeed } from "@papo/protocol";
import { exportedLines } from "../feed/exported-lines.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { whyNotWritten } from "./refusals.ts";

function asText(messages: Outcome<AsyncIterable<Message>>, screen: CommandScreen): Outcome<AsyncIterable<string>> {
  return messages.ok ? succeed(exportedLines(messages.value, screen)) : messages;
}

export const exportHistory: SlashCommand = {
  id: "exportHistory",
  topic: "search",
  names: ["/export", "/log", "/exportar"],
  worksIn: ["room", "private"],
  takes: "something",
  arguments: ["file"],
  async run(screen, argument) {
    const { conversation, peer, texts } = screen;
    if (conversation === null) return;
    const isJson = /\.jsonl?$/iu.test(argument);
    const lines = isJson ? peer.exportHistory(conversation) : asText(peer.eachMessage(conversation), screen);
    if (!lines.ok) return screen.failedBy(lines.fault);
    const saved = await screen.patiently(screen.saveFile(argument, lines.value));
    if (saved.ok) screen.succeeded(texts.kept.exported(saved.value));
    else screen.failed(whyNotWritten(argument, saved.fault, texts));
  },
};
