import { hasTabs } from "../flows/tabbed-screen.ts";
import { openVerify } from "../flows/verify-panel.ts";
import { textLine } from "../feed/shown-line.ts";
import type { SlashCommand } from "./command.ts";

/** In a room its newest invite that works; in a private chat what the other compares keys by. */
export const qr: SlashCommand = {
  id: "qr",
  topic: "trust",
  names: ["/qr"],
  worksIn: ["room", "private"],
  takes: "nothing",
  arguments: [],
  async run(screen) {
    const { conversation, peer, texts } = screen;
    if (conversation === null) return;
    if (conversation.kind === "private") {
      if (hasTabs(screen)) return openVerify(screen, conversation.username);
      const made = peer.safetyNumber(conversation.username);
      return made.ok ? screen.showQr(made.value.qr) : screen.failedBy(made.fault);
    }
    const invite = peer.invites(conversation.id).at(-1);
    if (invite === undefined) return screen.show([textLine(texts.kept.noInvites)]);
    await screen.showQr(invite.link);
    screen.show([textLine(invite.link)]);
  },
};
