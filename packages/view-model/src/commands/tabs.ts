import { fuzzyRank } from "../composer/fuzzy.ts";
import { excerptOf } from "../excerpt.ts";
import type { SlashCommand } from "./command.ts";
import { ownRoomNamed } from "./find-room.ts";

// What a screen of tabs does with its tabs.

const ANYWHERE = { topic: "screen", worksIn: ["room", "private", "menu"], needs: "tabs" } as const;

/** By number, by a few letters of the name; without anything, from a list. */
export const goTo: SlashCommand = {
  ...ANYWHERE,
  id: "goTo",
  names: ["/goto", "/g", "/switch", "/buffer", "/b", "/ir"],
  takes: "optional",
  arguments: ["conversation"],
  run(screen, typed) {
    const { tabs, peer, texts } = screen;
    if (tabs === null) return;
    if (typed === "") return tabs.openSwitcher();
    const rows = tabs.rows();
    const bare = typed.replace(/^[#@]/u, "");
    const numbered = rows.find(({ number }) => String(number) === bare);
    const [row] = numbered === undefined ? fuzzyRank(bare, rows, ({ title }) => title) : [numbered];
    const room = ownRoomNamed(peer, typed);
    if (row !== undefined) tabs.activate(row.key);
    else if (room !== undefined) tabs.open({ kind: "room", id: room.id });
    else screen.failed(texts.actions.noSuchTab(excerptOf(typed)));
  },
};

export const close: SlashCommand = {
  ...ANYWHERE,
  id: "close",
  worksIn: ["room", "private"],
  names: ["/close", "/fechar"],
  takes: "nothing",
  arguments: [],
  run: ({ tabs }) => tabs?.closeActive(),
};

export const clear: SlashCommand = {
  ...ANYWHERE,
  id: "clear",
  names: ["/clear", "/limpar"],
  takes: "nothing",
  arguments: [],
  run: ({ tabs }) => tabs?.clear(),
};

export const markUnread: SlashCommand = {
  ...ANYWHERE,
  id: "markUnread",
  worksIn: ["room", "private"],
  names: ["/unread", "/nao_lida"],
  takes: "nothing",
  arguments: [],
  run: ({ tabs }) => tabs?.markUnread(),
};

export const markAllRead: SlashCommand = {
  ...ANYWHERE,
  id: "markAllRead",
  names: ["/allread", "/tudo_lido"],
  takes: "nothing",
  arguments: [],
  run: ({ tabs }) => tabs?.markAllRead(),
};

export const quit: SlashCommand = {
  ...ANYWHERE,
  id: "quit",
  names: ["/quit", "/exit", "/terminar"],
  takes: "nothing",
  arguments: [],
  run: ({ tabs }) => tabs?.quit(),
};
