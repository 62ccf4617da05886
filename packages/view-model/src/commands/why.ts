import { hasTabs } from "../flows/tabbed-screen.ts";
import { openWhy } from "../flows/why-panel.ts";
import { explanationLines } from "../feed/explanation.ts";
import type { CommandScreen, SlashCommand } from "./command.ts";
import { isOwn, messageNumbered, nameTyped } from "./pick-message.ts";

/** Nothing, or a number: that own message, the newest is 1; a name: that person. */
export const why: SlashCommand = {
  id: "why",
  topic: "search",
  names: ["/why", "/porque"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["person"],
  run(screen, argument) {
    const isNumber = argument === "" || /^\d{1,4}$/u.test(argument);
    const message = isNumber ? messageNumbered(screen, argument === "" ? "1" : argument, isOwn) : undefined;
    const name = isNumber ? undefined : nameTyped(screen, argument);
    const about = message ?? (name === undefined ? undefined : { username: name });
    const { classic, commands, kept } = screen.texts;
    if (about === undefined && screen.kind === "menu") return screen.failed(classic.commandUsage(commands.why.usage));
    if (about === undefined) return screen.failed(kept.noSuchMessage);
    if (hasTabs(screen)) return openWhy(screen, () => screen.peer.why(about));
    const explained = screen.peer.why(about);
    if (explained.ok) screen.show(explanationLines(explained.value, seenBy(screen)));
    else screen.failedBy(explained.fault);
  },
};

function seenBy({ texts, peer, nowMs }: CommandScreen): Parameters<typeof explanationLines>[1] {
  const { tracker, addresses } = peer.diagnostics();
  return { texts, nowMs, own: { tracker: tracker.state.kind, hidden: addresses.hidden } };
}
