import type { Conversation, SearchHit } from "@papo/peer/api";
import { type Outcome, SEARCH_CHARS_MAX, SEARCH_RESULTS_MAX } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { clockTime, dayOf, nameSpan } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { LatestAnswer } from "../panels/latest-answer.ts";
import { ListModel } from "../panels/list-model.ts";
import type { ListRow } from "../panels/panel.ts";
import { matchSpans } from "./match-spans.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

type Asked = { readonly text: string; readonly within: Conversation | null };

/** Looks for text while it is typed, here or everywhere; Enter jumps to what was found. */
export function openSearch(screen: TabbedScreen, typed = ""): void {
  new SearchFlow(screen).open(typed);
}

class SearchFlow {
  readonly #screen: TabbedScreen;
  readonly #list: ListModel<SearchHit>;
  readonly #answers: LatestAnswer<Asked, Outcome<readonly SearchHit[]>>;
  #within: Conversation | null;

  constructor(screen: TabbedScreen) {
    this.#screen = screen;
    this.#within = screen.conversation;
    const { panels: said } = screen.texts;
    this.#list = new ListModel<SearchHit>({
      host: screen.tabs.panels,
      title: () => this.#title(),
      placeholder: said.searchFind,
      row: (hit) => this.#row(hit),
      filtered: () => this.#look(),
      choose: (hit) => {
        this.#list.close();
        screen.tabs.jumpTo(hit);
      },
      choices: screen.conversation === null ? [] : [{ ...said.searchEverywhere, run: () => this.#turn() }],
    });
    this.#answers = new LatestAnswer(
      ({ text, within }) => screen.peer.search(text, within === null ? {} : { in: within }),
      (found) => this.#told(found),
    );
  }

  open(typed: string): void {
    this.#screen.tabs.panels.open(this.#list);
    if (typed === "") this.#list.say(this.#screen.texts.panels.searchHint);
    else this.#list.setFilter(typed);
  }

  #title(): string {
    const { panels: said } = this.#screen.texts;
    return this.#within === null ? said.searchTitle : said.searchTitleIn(this.#placeOf(this.#within));
  }

  #turn(): void {
    this.#within = this.#within === null ? this.#screen.conversation : null;
    this.#look();
  }

  #look(): void {
    const { panels: said } = this.#screen.texts;
    const text = this.#list.filter.trim().slice(0, SEARCH_CHARS_MAX);
    if (text === "") return this.#list.show([], said.searchHint);
    this.#list.say(said.searching);
    this.#answers.want({ text, within: this.#within });
  }

  #told(found: Outcome<readonly SearchHit[]>): void {
    const { texts, shelf } = this.#screen;
    if (this.#list.isClosed || this.#list.filter.trim() === "") return;
    if (!found.ok) return this.#list.show([], faultSentence(texts, found.fault));
    shelf.hits = found.value;
    const { length } = found.value;
    const more = length >= SEARCH_RESULTS_MAX ? texts.panels.searchCut(length) : null;
    this.#list.show(found.value, length === 0 ? texts.panels.nothingFound : more);
  }

  #row({ message, cursor }: SearchHit): ListRow {
    const { author, content, atMs, conversation } = message;
    const place = this.#within === null ? [this.#placeOf(conversation)] : [];
    return {
      key: `${cursor} ${message.id}`,
      spans: [nameSpan(author, shownName(author)), { text: ": " }, ...matchSpans(content, this.#list.filter)],
      detail: [{ text: [...place, `${dayOf(atMs)} ${clockTime(atMs).slice(0, 5)}`].join(" · "), tone: "muted" }],
    };
  }

  #placeOf(of: Conversation): string {
    if (of.kind === "private") return shownName(of.username);
    const room = this.#screen.peer.room(of.id);
    return room === undefined ? "?" : shownRoomName(room.name);
  }
}
