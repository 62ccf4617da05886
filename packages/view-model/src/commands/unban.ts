import type { Username } from "@papo/protocol";
import { dayOf, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";

/** Makes a link that lets one back in who was banned, and nobody else. Without a name: who is banned. */
export const unban: SlashCommand = {
  id: "unban",
  topic: "people",
  names: ["/unban", "/bans", "/desbanir", "/banidos"],
  worksIn: ["room"],
  takes: "optional",
  arguments: ["banned"],
  async run(screen, typed) {
    if (screen.conversation?.kind !== "room") return;
    const { peer, texts, conversation } = screen;
    const banned = peer.barred(conversation.id);
    const name = oneOf(banned, typed);
    if (typed === "" || name === undefined) return showBanned(screen, banned);
    const pardoned = await peer.pardon(conversation.id, name);
    if (!pardoned.ok) return screen.failedBy(pardoned.fault);
    const { link, expiresMs } = pardoned.value;
    screen.succeeded(texts.actions.pardoned(shownName(name), dayOf(expiresMs)));
    screen.show([link, texts.actions.pardonHow(shownName(name))].map(textLine));
  },
};

function oneOf(names: readonly Username[], typed: string): Username | undefined {
  const bare = typed.replace(/^@/u, "");
  return names.find((name) => name === bare) ?? names.find((name) => name.toLowerCase() === bare.toLowerCase());
}

function showBanned(screen: CommandScreen, names: readonly Username[]): void {
  const { banned, nobodyBanned } = screen.texts.actions;
  screen.show([textLine(names.length === 0 ? nobodyBanned : banned(names.map((name) => shownName(name)).join(", ")))]);
}
