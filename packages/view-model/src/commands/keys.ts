import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { SlashCommand } from "./command.ts";
import { nameTyped } from "./pick-message.ts";

/** Characters of a key that are enough to tell two apart in a list. */
const KEY_CHARS = 12;

export const keys: SlashCommand = {
  id: "keys",
  topic: "trust",
  names: ["/keys", "/chaves"],
  worksIn: ["room", "private", "menu"],
  takes: "nothing",
  arguments: [],
  run(screen) {
    const { peer, texts } = screen;
    const pins = peer.pins();
    if (pins.length === 0) return screen.show([textLine(texts.kept.noKeys)]);
    const lines = pins.map(({ username, account, trust, firstSeen, formerKeys }) =>
      texts.kept.keyLine({
        name: shownName(username),
        key: account.slice(0, KEY_CHARS),
        trust: texts.feed.trust[trust],
        since: firstSeen.slice(0, 10),
        former: formerKeys,
      }),
    );
    screen.show([texts.kept.keysTitle, ...lines].map(textLine));
  },
};

/** Without a name: one's own. */
export const devices: SlashCommand = {
  id: "devices",
  topic: "trust",
  names: ["/devices", "/aparelhos"],
  worksIn: ["room", "private", "menu"],
  takes: "optional",
  arguments: ["person"],
  run(screen, argument) {
    const { peer, texts } = screen;
    const name = argument === "" ? peer.self : nameTyped(screen, argument);
    if (name === undefined) return screen.failed(texts.classic.commandUsage(texts.commands.devices.usage));
    const listed = peer.devices(name);
    if (!listed.ok) return screen.failedBy(listed.fault);
    const lines = listed.value.map(({ device, added, revoked, own }) =>
      texts.kept.deviceLine(device.slice(0, KEY_CHARS), added.slice(0, 10), revoked?.slice(0, 10) ?? null, own),
    );
    screen.show([texts.kept.devicesTitle(shownName(name)), ...lines].map(textLine));
  },
};
