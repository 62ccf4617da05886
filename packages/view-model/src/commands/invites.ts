import { dayOf, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { answerTyped, REVOKE_WORDS } from "./answer-words.ts";
import type { SlashCommand } from "./command.ts";

export const invites: SlashCommand = {
  id: "invites",
  topic: "rooms",
  names: ["/invites", "/convites"],
  worksIn: ["room"],
  takes: "optional",
  arguments: ["revoke", "number"],
  async run(screen, argument) {
    if (screen.conversation?.kind !== "room") return;
    const { id } = screen.conversation;
    const { kept } = screen.texts;
    const open = screen.peer.invites(id);
    const [verb = "", number = ""] = argument.split(/\s+/u);
    if (argument === "") {
      if (open.length === 0) return screen.show([textLine(kept.noInvites)]);
      const lines = open.map(({ link, usesLeft, expiresMs, only }, at) => {
        const line = kept.inviteLine(at + 1, link, usesLeft, dayOf(expiresMs));
        return only === undefined ? line : kept.inviteOnlyFor(line, shownName(only));
      });
      return screen.show([kept.invitesTitle, ...lines, kept.inviteRevokeHint].map(textLine));
    }
    const chosen = open[Number(number) - 1];
    if (answerTyped(REVOKE_WORDS, verb) === undefined || chosen === undefined)
      return screen.failed(screen.texts.classic.commandUsage(screen.texts.commands.invites.usage));
    const revoked = await screen.peer.revokeInvite(id, chosen.link);
    if (revoked.ok) screen.succeeded(kept.inviteRevoked);
    else screen.failedBy(revoked.fault);
  },
};
