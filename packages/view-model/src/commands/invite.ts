import { openInviteForm, showInvite } from "../flows/invite-panel.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import { textLine } from "../feed/shown-line.ts";
import type { SlashCommand } from "./command.ts";

/** Days that an invite lasts and people it lets in, unless said otherwise. */
const DAYS = 7;
const USES = 1;

export const invite: SlashCommand = {
  id: "invite",
  topic: "rooms",
  names: ["/invite", "/convidar"],
  worksIn: ["room"],
  takes: "optional",
  arguments: ["number", "number"],
  async run(screen, argument) {
    if (screen.conversation?.kind !== "room") return;
    const { kept } = screen.texts;
    const room = screen.peer.room(screen.conversation.id);
    if (room !== undefined && room.kind !== "invite") return screen.failed(kept.noInviteNeeded);
    if (argument === "" && hasTabs(screen) && room !== undefined) return openInviteForm(screen, room);
    const [uses = String(USES), days = String(DAYS), ...more] = argument.split(/\s+/u).filter((word) => word !== "");
    if (more.length > 0 || ![uses, days].every((word) => /^[1-9]\d{0,3}$/u.test(word)))
      return screen.failed(screen.texts.classic.commandUsage(screen.texts.commands.invite.usage));
    const terms = { uses: Number(uses), days: Number(days) };
    if (hasTabs(screen) && room !== undefined) {
      const fault = await screen.patiently(showInvite(screen, room, terms));
      return fault === undefined ? undefined : screen.failedBy(fault);
    }
    const made = await screen.peer.createInvite(screen.conversation.id, terms);
    if (!made.ok) return screen.failedBy(made.fault);
    // The code first: it is larger than many windows, and the link must stay in sight.
    await screen.showQr(made.value.link);
    screen.show([kept.inviteMade(terms.uses, terms.days), made.value.link, kept.inviteSecret].map(textLine));
  },
};
