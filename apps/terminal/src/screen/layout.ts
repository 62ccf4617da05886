import type { Area } from "../render/area.ts";

export type ScreenSize = { readonly rows: number; readonly columns: number };

/** What the user chose of a list at the side; `auto`: as there is room. */
export type Fold = "auto" | "shown" | "hidden";

/** What the parts would fill if there was room for all of them. */
export type Wanted = {
  readonly folds: { readonly tabs: Fold; readonly members: Fold };
  /** Cells of the widest row of each list; null: there is nothing to be listed. */
  readonly tabsColumns: number;
  readonly membersColumns: number | null;
  readonly hasTopic: boolean;
  readonly hasBanner: boolean;
  /** Of the line being typed, and what is said about it. */
  readonly inputRows: number;
};

/** Where everything stands; null: nowhere. `tabs` and `members` have a rule of one cell beside them, towards the timeline. */
export type Layout = {
  readonly banner: Area | null;
  readonly tabs: Area | null;
  readonly topic: Area | null;
  readonly timeline: Area | null;
  readonly members: Area | null;
  readonly status: Area | null;
  readonly input: Area;
  /** Columns of the rules. */
  readonly rules: readonly Area[];
};

/** Narrower than this, the members fold; narrower than the other, the tabs as well. */
const COLUMNS_WITH_MEMBERS = 80;
const COLUMNS_WITH_TABS = 60;
/** Smaller than this, there is the end of the conversation and the line being typed. */
const TINY_COLUMNS = 20;
const TINY_ROWS = 6;
/** Banner, topic, status, and one of the conversation. */
const ROWS_AROUND = 4;
const TABS_COLUMNS_MIN = 12;
const TABS_COLUMNS_MAX = 24;
const MEMBERS_COLUMNS_MIN = 12;
const MEMBERS_COLUMNS_MAX = 20;
/** A list that was asked for leaves the timeline as much. */
const TIMELINE_COLUMNS_MIN = 20;

/** Pure: what stands where on a screen of this size. */
export function layoutOf(size: ScreenSize, wanted: Wanted): Layout {
  const rows = Math.max(1, size.rows);
  const columns = Math.max(1, size.columns);
  if (rows < TINY_ROWS || columns < TINY_COLUMNS) return tinyLayout(rows, columns, wanted);

  const inputRows = clamp(wanted.inputRows, 1, inputRowsMax(size));
  const whole = (row: number, height: number): Area => ({ row, column: 0, rows: height, columns });
  const input = whole(rows - inputRows, inputRows);
  const status = whole(input.row - 1, 1);
  const banner = wanted.hasBanner ? whole(0, 1) : null;
  const top = banner === null ? 0 : 1;
  const middle = whole(top, status.row - top);
  return { banner, status, input, ...middleLayout(middle, wanted) };
}

/** The conversation has at least as much; a low screen half of what there is. */
export function inputRowsMax({ rows }: ScreenSize): number {
  if (rows < TINY_ROWS) return Math.max(1, Math.floor(rows / 2));
  return Math.min(Math.ceil(rows / 2), rows - ROWS_AROUND);
}

function tinyLayout(rows: number, columns: number, wanted: Wanted): Layout {
  const inputRows = clamp(wanted.inputRows, 1, inputRowsMax({ rows, columns }));
  const left = rows - inputRows;
  return {
    ...{ banner: null, tabs: null, topic: null, members: null, status: null, rules: [] },
    timeline: left > 0 ? { row: 0, column: 0, rows: left, columns } : null,
    input: { row: left, column: 0, rows: inputRows, columns },
  };
}

/** Between banner and status: the tabs, the topic line above the timeline, and who is there. */
function middleLayout(middle: Area, wanted: Wanted): Pick<Layout, "tabs" | "topic" | "timeline" | "members" | "rules"> {
  const { row, rows, columns } = middle;
  let left = 0;
  let right = columns;
  let tabs: Area | null = null;
  if (isShown(wanted.folds.tabs, columns >= COLUMNS_WITH_TABS)) {
    const width = clamp(wanted.tabsColumns, TABS_COLUMNS_MIN, TABS_COLUMNS_MAX);
    if (right - width - 1 >= TIMELINE_COLUMNS_MIN) {
      tabs = { row, column: 0, rows, columns: width };
      left = width + 1;
    }
  }
  const topic = wanted.hasTopic ? { row, column: left, rows: 1, columns: right - left } : null;
  const below = { row: row + (topic === null ? 0 : 1), rows: rows - (topic === null ? 0 : 1) };
  let members: Area | null = null;
  if (wanted.membersColumns !== null && isShown(wanted.folds.members, columns >= COLUMNS_WITH_MEMBERS)) {
    const width = clamp(wanted.membersColumns, MEMBERS_COLUMNS_MIN, MEMBERS_COLUMNS_MAX);
    if (right - left - width - 1 >= TIMELINE_COLUMNS_MIN) {
      right -= width + 1;
      members = { ...below, column: right + 1, columns: width };
    }
  }
  const rules = [
    ...(tabs === null ? [] : [{ row, column: left - 1, rows, columns: 1 }]),
    ...(members === null ? [] : [{ ...below, column: right, columns: 1 }]),
  ];
  return { tabs, topic, timeline: { ...below, column: left, columns: right - left }, members, rules };
}

function isShown(fold: Fold, hasRoom: boolean): boolean {
  return fold === "shown" || (fold === "auto" && hasRoom);
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
