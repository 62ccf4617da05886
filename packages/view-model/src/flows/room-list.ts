import type { ListedRoom, Room } from "@papo/peer/api";
import { LIST_PANEL_ROWS_MAX, type Outcome, type RoomName } from "@papo/protocol";
import { QUERY_CHARS_MAX } from "../commands/query-chars.ts";
import { faultSentence } from "../fault-sentence.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { LatestAnswer } from "../panels/latest-answer.ts";
import { ListModel } from "../panels/list-model.ts";
import type { ListRow } from "../panels/panel.ts";
import { plainText } from "../plain-text.ts";
import { openCreateRoom } from "./create-room-form.ts";
import { enterRoom } from "./enter-room.ts";
import { openJoinForm } from "./join-form.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

type Asked = { readonly query: string; readonly after: RoomName | undefined };
type Page = Outcome<{ readonly rooms: readonly ListedRoom[]; readonly next: RoomName | null }>;

/** The tracker's rooms and those that only this computer still has; without a tracker the own ones. `done`: one was entered. */
export function openRoomList(screen: TabbedScreen, filter = "", done: () => void = () => undefined): void {
  new RoomList(screen, done).open(filter);
}

class RoomList {
  readonly #screen: TabbedScreen;
  readonly #list: ListModel<ListedRoom | Room>;
  readonly #pages: LatestAnswer<Asked, Page>;
  #rooms: readonly ListedRoom[] = [];
  #next: RoomName | null = null;
  #isMoreAsked = false;

  constructor(screen: TabbedScreen, done: () => void) {
    this.#screen = screen;
    const { panels: said } = screen.texts;
    const leave = (): void => {
      this.#list.close();
      done();
    };
    this.#list = new ListModel<ListedRoom | Room>({
      host: screen.tabs.panels,
      title: said.roomsTitle,
      placeholder: said.roomsFind,
      row: (room) => this.#row(room),
      filtered: (text) => this.#look(text),
      choose: (room) => this.#enter(room, leave),
      choices: [
        { ...said.newRoom, run: () => openCreateRoom(screen, leave) },
        { ...said.byLink, run: () => openJoinForm(screen, leave) },
      ],
      reachedEnd: () => this.#lookFurther(),
    });
    this.#pages = new LatestAnswer(
      ({ query, after }) =>
        screen.peer.listRooms({ ...(query === "" ? {} : { query }), ...(after === undefined ? {} : { after }) }),
      (page, asked) => this.#told(page, asked),
    );
  }

  open(filter: string): void {
    this.#screen.tabs.panels.open(this.#list);
    if (filter === "") this.#look("");
    else this.#list.setFilter(filter);
  }

  #look(typed: string): void {
    this.#list.say(this.#screen.texts.panels.loading);
    this.#isMoreAsked = false;
    this.#pages.want({ query: typed.trim().slice(0, QUERY_CHARS_MAX), after: undefined });
  }

  #lookFurther(): void {
    if (this.#next === null || this.#isMoreAsked || this.#rooms.length >= LIST_PANEL_ROWS_MAX) return;
    this.#isMoreAsked = true;
    this.#pages.want({ query: this.#list.filter.trim().slice(0, QUERY_CHARS_MAX), after: this.#next });
  }

  #told(page: Page, { query, after }: Asked): void {
    if (this.#list.isClosed) return;
    this.#isMoreAsked = false;
    if (!page.ok) return this.#show([], query, faultSentence(this.#screen.texts, page.fault));
    this.#rooms = after === undefined ? page.value.rooms : [...this.#rooms, ...page.value.rooms];
    this.#next = page.value.next;
    this.#show(this.#rooms, query, null);
  }

  #show(listed: readonly ListedRoom[], query: string, problem: string | null): void {
    const { panels: said } = this.#screen.texts;
    const ids = new Set(listed.map(({ id }) => id));
    const own = this.#screen.peer.rooms().filter(({ id, name }) => !ids.has(id) && isMeant(name, query));
    // Those of which it is not known yet whether the tracker has them are on a later page.
    const isWhole = problem !== null || this.#next === null;
    const all = [...listed, ...(isWhole ? own : [])];
    const none = query === "" ? said.roomsNone : said.nothingFound;
    const isCut = this.#next !== null && listed.length >= LIST_PANEL_ROWS_MAX;
    this.#list.show(all, problem ?? (all.length === 0 ? none : isCut ? said.listCut(LIST_PANEL_ROWS_MAX) : null));
  }

  async #enter(room: ListedRoom | Room, leave: () => void): Promise<void> {
    const { texts, tabs, peer } = this.#screen;
    if (peer.room(room.id) !== undefined) {
      tabs.open({ kind: "room", id: room.id });
      return leave();
    }
    this.#list.say(texts.panels.joining(shownRoomName(room.name)));
    const problem = await enterRoom(this.#screen, room.name);
    if (problem === undefined) leave();
    else this.#list.say(problem);
  }

  #row(room: ListedRoom | Room): ListRow {
    const { texts, peer } = this.#screen;
    const own = peer.room(room.id);
    const isListed = "joined" in room;
    const marks = [
      ...(room.kind === "open" ? [] : [texts.classic.roomMarks[room.kind]]),
      ...standingMarks(own, this.#screen),
      ...(isListed ? (room.joined ? [texts.classic.roomMarks.joined] : []) : [texts.panels.keptOnly]),
    ];
    const people = isListed ? [texts.panels.roomPeople(room.members, room.capacity)] : [];
    return {
      key: room.id,
      spans: [{ text: shownRoomName(room.name), ...(own === undefined ? {} : { tone: "emphasis" }) }],
      detail: [{ text: [...marks, ...people].join(" · "), tone: "muted" }],
    };
  }
}

function standingMarks(room: Room | undefined, { texts: { kept } }: TabbedScreen): readonly string[] {
  if (room?.log === undefined) return [];
  const { standing, unread } = room.log;
  return [
    ...(standing === "member" || standing === "live" ? [] : [kept.standingMark[standing]]),
    ...(unread > 0 ? [kept.unreadMark(unread)] : []),
  ];
}

function isMeant(name: RoomName, query: string): boolean {
  return plainText(name).includes(plainText(query));
}
