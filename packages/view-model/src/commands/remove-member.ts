import { shownName } from "../names/shown-name.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { isMeant } from "./is-meant.ts";
import { nameTyped } from "./pick-message.ts";

export const kick: SlashCommand = {
  id: "kick",
  topic: "people",
  names: ["/kick", "/k", "/expulsar"],
  worksIn: ["room"],
  takes: "something",
  arguments: ["member"],
  run: (screen, name) => remove(screen, name, false),
};

export const ban: SlashCommand = {
  id: "ban",
  topic: "people",
  names: ["/ban", "/banir"],
  worksIn: ["room"],
  takes: "something",
  arguments: ["member"],
  run: (screen, name) => remove(screen, name, true),
};

async function remove(screen: CommandScreen, typed: string, bar: boolean): Promise<void> {
  if (screen.conversation?.kind !== "room") return;
  const { kept, classic } = screen.texts;
  const name = nameTyped(screen, typed);
  if (name === undefined) return screen.failed(classic.peerMissing("?"));
  const { actions } = screen.texts;
  const shown = shownName(name);
  const title = (bar ? actions.reallyBan : actions.reallyKick)(shown);
  if (!(await isMeant(screen, { title, lines: [(bar ? actions.banMeans : actions.kickMeans)(shown)] }))) return;
  const removed = await screen.peer.removeMember(screen.conversation.id, name, { bar });
  if (removed.ok) screen.succeeded((bar ? kept.banned : kept.kicked)(shown));
  else screen.failedBy(removed.fault);
}
