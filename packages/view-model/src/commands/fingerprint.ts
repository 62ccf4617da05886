import { ownKeyLine, shownKey } from "../feed/keys.ts";
import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { SlashCommand } from "./command.ts";
import { nameTyped } from "./pick-message.ts";

/** One's own key, or the whole key that somebody is known by. */
export const fingerprint: SlashCommand = {
  id: "fingerprint",
  topic: "trust",
  names: ["/fingerprint", "/myid", "/minha_chave"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["person"],
  run(screen, typed) {
    const { peer, texts } = screen;
    const name = typed === "" ? peer.self : nameTyped(screen, typed);
    if (name === peer.self && peer.account !== undefined) return screen.show([ownKeyLine(peer.account, texts)]);
    const pin = peer.pins().find(({ username }) => username === name);
    if (pin === undefined) return screen.failed(texts.actions.noKeyOf(name === undefined ? "?" : shownName(name)));
    const said = texts.actions.keyOf(shownName(pin.username), shownKey(pin.account), texts.feed.trust[pin.trust]);
    screen.show([textLine(said)]);
  },
};
