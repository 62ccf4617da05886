import { actionText } from "../feed/action-text.ts";
import type { SlashCommand } from "./command.ts";
import { sendText } from "./send-text.ts";

/** What one does, told as others see it: `* gabi waves`. */
export const me: SlashCommand = {
  id: "me",
  topic: "talk",
  names: ["/me", "/eu"],
  worksIn: ["room", "private"],
  takes: "something",
  arguments: ["text"],
  async run(screen, done) {
    if (screen.conversation !== null) await sendText(screen, screen.conversation, { text: actionText(done) });
  },
};
