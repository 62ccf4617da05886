import type { NotifyLevel } from "@papo/peer/api";
import { textLine } from "../feed/shown-line.ts";
import { answerTyped, LEVEL_WORDS } from "./answer-words.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";

/** What is told of this conversation while another one is looked at. */
export const notify: SlashCommand = {
  id: "notify",
  topic: "screen",
  names: ["/notify", "/avisos"],
  worksIn: ["room", "private"],
  takes: "optional",
  arguments: ["level"],
  run(screen, typed) {
    const { conversation, peer, texts } = screen;
    if (conversation === null) return;
    if (typed === "") return screen.show([textLine(texts.actions.notifyIs[peer.notifyLevel(conversation)])]);
    const level = answerTyped(LEVEL_WORDS, typed);
    if (level === undefined) return screen.failed(texts.classic.commandUsage(texts.commands.notify.usage));
    return setLevel(screen, level);
  },
};

export const mute: SlashCommand = {
  id: "mute",
  topic: "screen",
  names: ["/mute", "/silenciar"],
  worksIn: ["room", "private"],
  takes: "nothing",
  arguments: [],
  run: (screen) => setLevel(screen, "none"),
};

export const unmute: SlashCommand = {
  id: "unmute",
  topic: "screen",
  names: ["/unmute", "/reativar"],
  worksIn: ["room", "private"],
  takes: "nothing",
  arguments: [],
  run: (screen) => setLevel(screen, "all"),
};

async function setLevel(screen: CommandScreen, level: NotifyLevel): Promise<void> {
  if (screen.conversation === null) return;
  const set = await screen.peer.setNotifyLevel(screen.conversation, level);
  if (set.ok) screen.succeeded(screen.texts.actions.notifyIs[set.value]);
  else screen.failedBy(set.fault);
}
