import type { SlashCommand } from "./command.ts";

const ON: ReadonlySet<string> = new Set(["on", "sim", "ligar"]);
const OFF: ReadonlySet<string> = new Set(["off", "nao", "não", "desligar"]);

/** Whether others are told what was read here. */
export const receipts: SlashCommand = {
  id: "receipts",
  topic: "screen",
  names: ["/receipts", "/lidas"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["onOff"],
  async run(screen, argument) {
    const { peer, texts } = screen;
    const word = argument.toLowerCase();
    if (!ON.has(word) && !OFF.has(word))
      return screen.failed(texts.classic.commandUsage(texts.commands.receipts.usage));
    const set = await peer.setReadReceipts(ON.has(word));
    if (!set.ok) return screen.failedBy(set.fault);
    screen.succeeded(set.value ? texts.kept.receiptsOn : texts.kept.receiptsOff);
  },
};
