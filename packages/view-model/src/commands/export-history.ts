import type { SlashCommand } from "./command.ts";

export const exportHistory: SlashCommand = {
  id: "exportHistory",
  names: ["/export", "/exportar"],
  worksIn: ["room", "private"],
  takes: "something",
  async run(screen, argument) {
    const { conversation, peer, texts } = screen;
    if (conversation === null) return;
    const format = /\.json(?:l)?$/iu.test(argument) ? "json" : "text";
    const lines = peer.exportHistory(conversation, format);
    if (!lines.ok) return screen.failedBy(lines.fault);
    const saved = await screen.patiently(screen.saveFile(argument, lines.value));
    if (saved.ok) screen.succeeded(texts.kept.exported(saved.value));
    else screen.failedBy(saved.fault);
  },
};
