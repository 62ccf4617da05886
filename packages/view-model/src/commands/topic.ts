import { safeText } from "@papo/protocol";
import type { SlashCommand } from "./command.ts";
import { textLine } from "../feed/shown-line.ts";

export const topic: SlashCommand = {
  id: "topic",
  topic: "rooms",
  names: ["/topic", "/t", "/topico"],
  worksIn: ["room"],
  takes: "optional",
  arguments: ["text"],
  async run(screen, text) {
    if (screen.conversation?.kind !== "room") return;
    const { id } = screen.conversation;
    if (text === "") {
      const now = screen.peer.room(id)?.log?.topic ?? "";
      const { topicIs, noTopic } = screen.texts.kept;
      return screen.show([textLine(now === "" ? noTopic : topicIs(safeText(now)))]);
    }
    const set = await screen.peer.setTopic(id, text);
    if (!set.ok) screen.failedBy(set.fault);
  },
};
