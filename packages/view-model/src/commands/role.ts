import { shownName } from "../names/shown-name.ts";
import { answerTyped, ROLE_WORDS } from "./answer-words.ts";
import type { SlashCommand } from "./command.ts";
import { nameTyped } from "./pick-message.ts";

export const role: SlashCommand = {
  id: "role",
  topic: "people",
  names: ["/role", "/papel"],
  worksIn: ["room"],
  takes: "something",
  arguments: ["member", "role"],
  async run(screen, argument) {
    if (screen.conversation?.kind !== "room") return;
    const { kept, classic, commands } = screen.texts;
    const [typed = "", wanted = ""] = argument.split(/\s+/u);
    const given = answerTyped(ROLE_WORDS, wanted);
    const name = nameTyped(screen, typed);
    if (given === undefined || name === undefined) return screen.failed(classic.commandUsage(commands.role.usage));
    const set = await screen.peer.setRole(screen.conversation.id, name, given);
    if (set.ok) screen.succeeded(kept.roleGiven(shownName(name), kept.roles[given]));
    else screen.failedBy(set.fault);
  },
};
