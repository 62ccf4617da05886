import type { TabKey, Timeline, TimelineItem } from "@papo/view-model";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Row } from "../render/frame.ts";
import {
  AT_END,
  centredOn,
  held,
  type Measured,
  newsBelow,
  rowsAbove,
  type Scroll,
  scrolledToStart,
  scrolledUp,
  viewAt,
} from "./scroll.ts";
import { type Grid, gridOf, type InFront, inFrontOf, textColumn, TimelineRows } from "./timeline-rows.ts";

export type DrawnTimeline = {
  /** From the top of the area. */
  readonly rows: readonly Row[];
  /** What stands in each of them. */
  readonly items: readonly (TimelineItem | null)[];
  /** Cells in front of the texts. */
  readonly nameColumns: number;
  /** The newest there is can be seen. */
  readonly isAtNewest: boolean;
  readonly isBack: boolean;
  /** What was said below since one went up. */
  readonly news: number;
  /** What is loaded does not fill the area, and there is more. */
  readonly wantsOlder: boolean;
};

/** How one tab is being read. */
type Reading = { scroll: Scroll; inFront: InFront; focusCount: number };

/** Where nobody has spoken yet. */
const NOTHING_IN_FRONT: InFront = { nick: 0, time: false };
/** The rows of a page that stay on the screen. */
const PAGE_OVERLAP_ROWS = 2;
/** Pages that one key may ask for: a page of the history may hold less than a page of the screen. */
const OLDER_PAGES_MAX = 4;

/** The timelines of all tabs on the screen: where each is being read, and the rows made of what is near that place. */
export class TimelinePane {
  readonly #readings = new Map<TabKey, Reading>();
  #cells: Cells;
  #rows: TimelineRows;
  /** As it was drawn last: keys scroll what the user sees. */
  #area: Area = { row: 0, column: 0, rows: 1, columns: 1 };

  constructor(cells: Cells) {
    this.#cells = cells;
    this.#rows = new TimelineRows(cells);
  }

  /** The terminal has shown how wide its characters are: all rows are made anew. */
  measureWith(cells: Cells): void {
    this.#cells = cells;
    this.#rows = new TimelineRows(cells);
  }

  draw(tab: TabKey, timeline: Timeline, area: Area): DrawnTimeline {
    this.#area = area;
    const reading = this.#readingOf(tab);
    const isFirst = timeline.focus !== null && timeline.focus.count !== reading.focusCount;
    let list = this.#measured(tab, timeline);
    if (isFirst && timeline.focus !== null) {
      reading.focusCount = timeline.focus.count;
      reading.scroll = centredOn(list, area.rows, timeline.focus.key);
    }
    if (this.#makesRoom(reading, timeline, list)) list = this.#measured(tab, timeline);
    const view = viewAt(list, area.rows, reading.scroll);
    if (reading.scroll.kind === "held") reading.scroll = held(list, area.rows, view, reading.scroll.newestKey);
    const isBack = !view.isAtEnd || !timeline.isAtNewest;
    const news = newsBelow(list, reading.scroll);
    const grid = this.#gridOf(reading);
    const wantsOlder = view.blank > 0 && !timeline.isAtOldest;
    return {
      ...this.#drawn(timeline, grid, view),
      nameColumns: textColumn(grid),
      isAtNewest: !isBack,
      isBack,
      news,
      wantsOlder,
    };
  }

  /** `rows`: up; negative: down. `load` fetches what is before, and says whether there was any; the timeline is then another. */
  scroll(tab: TabKey, timeline: () => Timeline, rows: number, load: { older(): boolean; newer(): boolean }): void {
    const reading = this.#readingOf(tab);
    const { rows: height } = this.#area;
    const measuredNow = () => this.#measured(tab, timeline());
    for (let page = 0; rows > 0 && page < OLDER_PAGES_MAX; page += 1) {
      const list = measuredNow();
      if (rowsAbove(list, viewAt(list, height, reading.scroll), rows) >= rows || timeline().isAtOldest) break;
      // What is on the screen stays where it is while something is put above it.
      reading.scroll = scrolledUp(list, height, reading.scroll, 0);
      if (!load.older()) break;
    }
    reading.scroll = scrolledUp(measuredNow(), height, reading.scroll, rows);
    const now = timeline();
    if (rows < 0 && !now.isAtNewest && viewAt(measuredNow(), height, reading.scroll).isAtEnd) load.newer();
  }

  page(tab: TabKey, timeline: () => Timeline, pages: 1 | -1, load: { older(): boolean; newer(): boolean }): void {
    this.scroll(tab, timeline, pages * Math.max(1, this.#area.rows - PAGE_OVERLAP_ROWS), load);
  }

  toStart(tab: TabKey, timeline: () => Timeline, load: { older(): boolean; newer(): boolean }): void {
    const reading = this.#readingOf(tab);
    reading.scroll = scrolledUp(this.#measured(tab, timeline()), this.#area.rows, reading.scroll, 0);
    if (!timeline().isAtOldest) load.older();
    reading.scroll = scrolledToStart(this.#measured(tab, timeline()), this.#area.rows, reading.scroll);
  }

  /** What is shown stays where it is, whatever comes below. */
  isBack(tab: TabKey): boolean {
    return this.#readingOf(tab).scroll.kind === "held";
  }

  toEnd(tab: TabKey): void {
    this.#readingOf(tab).scroll = AT_END;
  }

  /** Tabs that are gone are forgotten. */
  keepOnly(tabs: readonly TabKey[]): void {
    if (this.#readings.size <= tabs.length) return;
    for (const key of this.#readings.keys()) if (!tabs.includes(key)) this.#readings.delete(key);
  }

  #readingOf(tab: TabKey): Reading {
    const known = this.#readings.get(tab);
    if (known !== undefined) return known;
    const reading = { scroll: AT_END, inFront: NOTHING_IN_FRONT, focusCount: 0 };
    this.#readings.set(tab, reading);
    return reading;
  }

  #gridOf({ inFront }: Reading): Grid {
    return gridOf(this.#area.column, this.#area.columns, inFront);
  }

  #measured(tab: TabKey, { items, isAtNewest }: Timeline): Measured {
    const grid = this.#gridOf(this.#readingOf(tab));
    const at = (index: number): TimelineItem => {
      const item = items[index];
      if (item === undefined) throw new RangeError("no such item");
      return item;
    };
    return {
      count: items.length,
      isAtNewest,
      keyOf: (index) => at(index).key,
      rowsOf: (index) => this.#rows.of(at(index), grid).length,
      isNews: (index) => at(index).kind === "message",
    };
  }

  /** The names' column grows with those that are seen, and never shrinks: text would jump to and fro. */
  #makesRoom(reading: Reading, { items }: Timeline, list: Measured): boolean {
    const { rows } = this.#area;
    const { first } = viewAt(list, rows, reading.scroll);
    let { nick, time } = reading.inFront;
    for (const item of items.slice(first, first + rows)) {
      const wanted = inFrontOf(item, this.#cells);
      nick = Math.max(nick, wanted.nick);
      time ||= wanted.time;
    }
    if (nick === reading.inFront.nick && time === reading.inFront.time) return false;
    reading.inFront = { nick, time };
    return true;
  }

  #drawn(
    { items, focus }: Timeline,
    grid: Grid,
    view: ReturnType<typeof viewAt>,
  ): Pick<DrawnTimeline, "rows" | "items"> {
    const { rows: height } = this.#area;
    const rows: Row[] = Array.from({ length: view.blank }, () => []);
    const shown: (TimelineItem | null)[] = rows.map(() => null);
    let skip = view.skip;
    // Whether it has been said yet who speaks: the names above are not seen any more.
    let isNamed = false;
    for (let index = view.first; index < items.length && rows.length < height; index += 1) {
      const item = items[index];
      if (item === undefined) break;
      const marks = { isFound: focus?.key === item.key, isFirst: !isNamed && skip === 0 };
      const made = this.#rows.ofMarked(item, grid, marks);
      for (const row of made.slice(skip, skip + height - rows.length)) {
        rows.push(row);
        shown.push(item);
      }
      isNamed ||= item.kind === "message" && skip === 0;
      skip = 0;
    }
    return { rows, items: shown };
  }
}
