import type { Conversation } from "@papo/peer/api";
import type { Attention, TabRow } from "../chat/chat-view.ts";
import { fuzzyRank } from "../composer/fuzzy.ts";
import { conversationKey } from "../conversation-key.ts";
import { nameSpan, type Span } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { ListModel } from "../panels/list-model.ts";
import { openRoomList } from "./room-list.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** A tab, or something that has none at the moment. */
type Place =
  | { readonly is: "tab"; readonly row: TabRow; readonly title: string }
  | { readonly is: "conversation"; readonly of: Conversation; readonly title: string };

/** All tabs, then whatever else is kept here, by a few letters. What waits comes first, the tab that is open last. */
export function openSwitcher(screen: TabbedScreen, active: TabRow): void {
  const { texts, tabs } = screen;
  const { panels: said } = texts;
  const places = placesOf(screen, active);
  const list = new ListModel<Place>({
    host: tabs.panels,
    title: said.switcherTitle,
    placeholder: said.switcherFind,
    row: (place) => ({ key: keyOf(place), spans: [titleSpan(place)], detail: detailOf(place, screen) }),
    filtered: (typed) => show(typed),
    choose: (place) => {
      list.close();
      if (place.is === "tab") tabs.activate(place.row.key);
      else tabs.open(place.of);
    },
    choices: [
      {
        ...said.switcherRooms,
        run: () => {
          const { filter } = list;
          list.close();
          openRoomList(screen, filter);
        },
      },
    ],
  });
  const show = (typed: string): void => {
    const found = fuzzyRank(typed.replace(/^[#@]/u, ""), places, ({ title }) => title);
    list.show(found, found.length === 0 ? said.nothingFound : null);
  };
  show("");
  tabs.panels.open(list);
}

function placesOf({ peer, tabs }: TabbedScreen, active: TabRow): readonly Place[] {
  const rows = tabs.rows();
  const open = rows
    .map((row): Place & { readonly is: "tab" } => ({ is: "tab", row, title: row.title }))
    .sort((one, other) => rank(other.row, active) - rank(one.row, active));
  const shown = new Set(
    rows.flatMap(({ conversation }) => (conversation === null ? [] : conversationKey(conversation))),
  );
  const kept = [
    ...peer.conversations().map(({ conversation }) => conversation),
    ...peer.rooms().map(({ id }): Conversation => ({ kind: "room", id })),
  ];
  const others = kept.flatMap((of): readonly Place[] => {
    const key = conversationKey(of);
    const title = titleOf(of, peer);
    if (shown.has(key) || title === undefined) return [];
    shown.add(key);
    return [{ is: "conversation", of, title }];
  });
  return [...open, ...others];
}

const LOUDNESS: Readonly<Record<Attention, number>> = { none: 1, low: 1, message: 2, private: 3, mention: 4 };

function rank(row: TabRow, active: TabRow): number {
  return row.key === active.key ? 0 : LOUDNESS[row.attention];
}

function titleOf(of: Conversation, peer: TabbedScreen["peer"]): string | undefined {
  if (of.kind === "private") return shownName(of.username);
  const room = peer.room(of.id);
  return room === undefined ? undefined : shownRoomName(room.name);
}

function keyOf(place: Place): string {
  return place.is === "tab" ? place.row.key : conversationKey(place.of);
}

function titleSpan(place: Place): Span {
  const of = place.is === "tab" ? place.row.conversation : place.of;
  return of?.kind === "private" ? nameSpan(of.username, place.title) : { text: place.title };
}

function detailOf(place: Place, { texts }: TabbedScreen): readonly Span[] {
  if (place.is === "conversation") return [{ text: texts.panels.keptOnly, tone: "muted" }];
  const { number, unread, mentions } = place.row;
  const news = unread === 0 ? [] : [texts.kept.unreadMark(unread)];
  const text = [...news, String(number)].join(" · ");
  return [{ text, tone: mentions > 0 ? "mention" : "muted" }];
}
