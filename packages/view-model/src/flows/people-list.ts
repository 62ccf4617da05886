import { LIST_PANEL_ROWS_MAX, type ListedPeer, type Outcome, type Username } from "@papo/protocol";
import { QUERY_CHARS_MAX } from "../commands/query-chars.ts";
import { personRefusal } from "../commands/refusals.ts";
import { faultSentence } from "../fault-sentence.ts";
import { nameSpan, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { LatestAnswer } from "../panels/latest-answer.ts";
import { ListModel } from "../panels/list-model.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

type Page = Outcome<{ readonly peers: readonly ListedPeer[]; readonly next: Username | null }>;

/** Who is online at the tracker: one of them is chosen to write to. */
export function openPeople(screen: TabbedScreen, filter = ""): void {
  const { texts, peer, tabs } = screen;
  const { panels: said } = texts;
  const list: ListModel<ListedPeer> = new ListModel<ListedPeer>({
    host: tabs.panels,
    title: said.peopleTitle,
    placeholder: said.roomsFind,
    row: ({ username, room }) => ({
      key: username,
      spans: [nameSpan(username, shownName(username))],
      detail: [{ text: room === null ? "" : said.inRoom(shownRoomName(room)), tone: "muted" }],
    }),
    filtered: (text) => look(text),
    choose: (person) => write(screen, person.username, list),
  });
  const pages = new LatestAnswer(
    (query: string) => peer.listPeers(query === "" ? {} : { query }),
    (page: Page, query) => {
      if (list.isClosed) return;
      if (!page.ok) return list.show([], faultSentence(texts, page.fault));
      const others = page.value.peers.filter(({ username }) => username !== peer.self);
      const none = query === "" ? said.peopleNone : said.nothingFound;
      const more = page.value.next === null ? null : said.listCut(Math.min(others.length, LIST_PANEL_ROWS_MAX));
      list.show(others, others.length === 0 ? none : more);
    },
  );
  const look = (typed: string): void => {
    list.say(said.loading);
    pages.want(typed.trim().replace(/^@/u, "").slice(0, QUERY_CHARS_MAX));
  };
  tabs.panels.open(list);
  if (filter === "") look("");
  else list.setFilter(filter);
}

async function write(screen: TabbedScreen, name: Username, list: ListModel<ListedPeer>): Promise<void> {
  const { texts, peer, tabs } = screen;
  list.say(texts.panels.connectingTo(shownName(name)));
  const opened = await peer.openPrivate(name);
  if (!opened.ok) return list.say(personRefusal(name, opened.fault, texts) ?? faultSentence(texts, opened.fault));
  list.close();
  const { username, encrypted } = opened.value;
  const says = encrypted ? [] : [textLine(texts.feed.notice(texts.classic.plainPeer(shownName(username))))];
  tabs.open({ kind: "private", username }, says);
}
