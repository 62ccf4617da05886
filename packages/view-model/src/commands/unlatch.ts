import { shownName } from "../names/shown-name.ts";
import type { SlashCommand } from "./command.ts";
import { isMeant } from "./is-meant.ts";

/** Programs that know no keys may log in as this account again. */
export const unlatch: SlashCommand = {
  id: "unlatch",
  topic: "trust",
  names: ["/unlatch", "/destravar"],
  worksIn: ["menu"],
  alsoInTabs: ["room", "private"],
  takes: "nothing",
  arguments: [],
  async run(screen) {
    const { actions, papo } = screen.texts;
    if (!(await isMeant(screen, { title: actions.reallyUnlatch, lines: [actions.unlatchMeans] }))) return;
    const done = await screen.patiently(screen.peer.unlatch());
    if (done.ok) screen.succeeded(papo.account.unlatched(shownName(done.value)));
    else screen.failedBy(done.fault);
  },
};
