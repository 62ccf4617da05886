import type { RoomRole } from "@papo/peer/api";
import type { Username } from "@papo/protocol";
import { shownName } from "../names/shown-name.ts";
import { answerTyped, ROLE_WORDS } from "./answer-words.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
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
    const { classic, commands } = screen.texts;
    const [typed = "", wanted = ""] = argument.split(/\s+/u);
    const given = answerTyped(ROLE_WORDS, wanted);
    const name = nameTyped(screen, typed);
    if (given === undefined || name === undefined) return screen.failed(classic.commandUsage(commands.role.usage));
    await giveRole(screen, name, given);
  },
};

export const moderate: SlashCommand = {
  id: "moderate",
  topic: "people",
  names: ["/mod", "/op", "/moderar"],
  worksIn: ["room"],
  takes: "something",
  arguments: ["member"],
  run: (screen, typed) => giveRole(screen, nameTyped(screen, typed), "moderator"),
};

export const unmoderate: SlashCommand = {
  id: "unmoderate",
  topic: "people",
  names: ["/unmod", "/deop", "/desmoderar"],
  worksIn: ["room"],
  takes: "something",
  arguments: ["member"],
  run: (screen, typed) => giveRole(screen, nameTyped(screen, typed), "member"),
};

async function giveRole(screen: CommandScreen, name: Username | undefined, given: RoomRole): Promise<void> {
  if (screen.conversation?.kind !== "room") return;
  const { kept, classic } = screen.texts;
  if (name === undefined) return screen.failed(classic.peerMissing("?"));
  const set = await screen.peer.setRole(screen.conversation.id, name, given);
  if (set.ok) screen.succeeded(kept.roleGiven(shownName(name), kept.roles[given]));
  else screen.failedBy(set.fault);
}
