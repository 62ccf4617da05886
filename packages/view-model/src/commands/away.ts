import { safeText } from "@papo/protocol";
import type { CommandScreen, SlashCommand } from "./command.ts";

/** Without a text it is said without one, or taken back where it stands already, as IRC has it. */
export const away: SlashCommand = {
  id: "away",
  topic: "people",
  names: ["/away", "/ausente"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["text"],
  run: (screen, text) =>
    text === "" && screen.peer.away() !== null ? isHere(screen) : isAway(screen, text.replaceAll(/\s+/gu, " ")),
};

export const here: SlashCommand = {
  id: "here",
  topic: "people",
  names: ["/here", "/aqui"],
  worksIn: ["room", "private", "menu"],
  takes: "nothing",
  arguments: [],
  run: (screen) => isHere(screen),
};

async function isAway(screen: CommandScreen, text: string): Promise<void> {
  const { actions } = screen.texts;
  const set = await screen.peer.setAway(text);
  if (!set.ok) return screen.failedBy(set.fault);
  screen.succeeded(text === "" ? actions.youAreAway : actions.youAreAwayWith(safeText(text)));
}

export async function isHere(screen: CommandScreen): Promise<void> {
  const { actions } = screen.texts;
  const wasAway = screen.peer.away() !== null;
  const set = await screen.peer.setAway(null);
  if (!set.ok) screen.failedBy(set.fault);
  else screen.succeeded(wasAway ? actions.youAreBack : actions.youWereHere);
}
