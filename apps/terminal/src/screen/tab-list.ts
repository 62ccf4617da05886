import type { TabKey, TabRow, Tone } from "@papo/view-model";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Look, Part, Row, Run } from "../render/frame.ts";

export type TabList = {
  /** From the top of the area. */
  readonly rows: readonly Row[];
  /** The tab in each of them. */
  readonly keys: readonly (TabKey | null)[];
};

/** `12 `, in front of the title. */
const NUMBER_COLUMNS = 3;

/** Cells of the widest row. */
export function tabListColumns(tabs: readonly TabRow[], cells: Cells): number {
  return tabs.reduce((widest, tab) => Math.max(widest, NUMBER_COLUMNS + titleWidth(tab, cells) + countColumns(tab)), 0);
}

/** Pure. Where there are more tabs than rows, those around the active one, and how many there are above and below. */
export function drawTabList(tabs: readonly TabRow[], active: TabKey, area: Area, cells: Cells): TabList {
  const first = firstShown(tabs, active, area.rows);
  const shown = tabs.slice(first, first + area.rows);
  const rows = shown.map((tab) => [tabPart(tab, tab.key === active, area, cells)]);
  const keys: (TabKey | null)[] = shown.map(({ key }) => key);
  const more = (at: number, mark: string, hidden: readonly TabRow[]) => {
    if (hidden.length === 0 || area.rows < ROWS_WITH_MARKS) return;
    rows[at] = [morePart(`${mark}${hidden.length}`, hidden, area)];
    keys[at] = null;
  };
  more(0, "↑", tabs.slice(0, first === 0 ? 0 : first + 1));
  more(shown.length - 1, "↓", first + area.rows >= tabs.length ? [] : tabs.slice(first + area.rows - 1));
  return { rows, keys };
}

/** In fewer rows every one is needed for a tab. */
const ROWS_WITH_MARKS = 3;

function firstShown(tabs: readonly TabRow[], active: TabKey, rows: number): number {
  const at = Math.max(
    0,
    tabs.findIndex(({ key }) => key === active),
  );
  return Math.max(0, Math.min(tabs.length - rows, at - Math.floor(rows / 2)));
}

function morePart(text: string, hidden: readonly TabRow[], { column, columns }: Area): Part {
  const isHot = hidden.some(({ attention }) => attention === "mention" || attention === "private");
  return {
    column,
    columns,
    runs: [{ text: `   ${text}`.slice(0, columns), look: { tone: isHot ? "mention" : "muted" } }],
  };
}

function tabPart(tab: TabRow, isActive: boolean, { column, columns }: Area, cells: Cells): Part {
  const bar: Look = isActive ? { bar: "selected" } : {};
  // What is new in the one in front is in front of one's eyes, or counted in the status line.
  const count = isActive ? "" : countText(tab);
  const room = columns - NUMBER_COLUMNS - (count === "" ? 0 : count.length + 1);
  const mark = markOf(tab);
  const title = cells.cut(tab.title, Math.max(1, room - (mark === null ? 0 : 2)));
  const used = cells.width(title) + (mark === null ? 0 : 2);
  const look: Look = { ...bar, ...titleLook(tab), ...(isActive ? { bold: true } : {}) };
  const runs: Run[] = [
    { text: `${String(tab.number).padStart(NUMBER_COLUMNS - 1)} `, look: { ...bar, tone: "muted" } },
    ...(mark === null ? [] : [{ text: `${mark.text} `, look: { ...bar, tone: mark.tone } }]),
    { text: title, look },
    ...(count === ""
      ? []
      : [
          { text: " ".repeat(Math.max(1, room - used + 1)), look: bar },
          { text: count, look },
        ]),
  ];
  return { column, columns, runs: cells.cutRuns(runs, columns), ...(isActive ? { fill: bar } : {}) };
}

function titleWidth(tab: TabRow, cells: Cells): number {
  return cells.width(tab.title) + (markOf(tab) === null ? 0 : 2);
}

function countColumns(tab: TabRow): number {
  return 1 + Math.max(2, countText(tab).length);
}

function countText({ unread, mentions, hasDraft }: TabRow): string {
  if (mentions > 0) return `${bounded(unread)}!`;
  if (unread > 0) return bounded(unread);
  return hasDraft ? "…" : "";
}

const COUNT_SHOWN_MAX = 999;

function bounded(count: number): string {
  return count > COUNT_SHOWN_MAX ? `${COUNT_SHOWN_MAX}+` : String(count);
}

/** Whether the other side of a private chat is there. */
function markOf({ presence }: TabRow): { readonly text: string; readonly tone: Tone } | null {
  if (presence === "here") return { text: "●", tone: "good" };
  if (presence === "away") return { text: "●", tone: "warning" };
  return presence === null ? null : { text: "○", tone: "muted" };
}

function titleLook({ attention, notify, standing }: TabRow): Look {
  if (attention === "mention" || attention === "private") return { tone: "mention", bold: true };
  if (attention === "message") return { tone: "emphasis" };
  const isQuiet = notify === "none" || (standing !== null && standing !== "live" && standing !== "member");
  return isQuiet ? { tone: "muted" } : {};
}
