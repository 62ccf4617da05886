import { clockTime, type MessageItem, type ShownLine, type Span, type TimelineItem, type Tone } from "@papo/view-model";
import type { Cells } from "../render/cells.ts";
import type { Look, Part, Row, Run } from "../render/frame.ts";
import { dashOf, ruleOf, runOf, runsOf } from "./runs.ts";

/** `18:47 nick │ text`: the columns of a timeline. All that others wrote stands behind the rule, so that none of it can pass for anything else. */
export type Grid = {
  /** Of the area. */
  readonly column: number;
  readonly columns: number;
  /** Cells that a name has; 0: it stands in front of the text, behind the rule. */
  readonly nick: number;
  readonly time: boolean;
  /** Where nothing stands in front of any text, as among answers to commands, there is none. */
  readonly rule: boolean;
};

/** What stands in front of the texts of some items: cells of the widest name, and whether there are times. */
export type InFront = { readonly nick: number; readonly time: boolean };

/** A name is wider than this only in part. */
const NICK_COLUMNS_MAX = 14;
const TIME_COLUMNS = 6;
/** Where every cell counts: without times, and with texts up to the edge. */
const NARROW_COLUMNS = 30;
const NOTICE_MARK = "*";

/** The grid of an area this wide, with as much room for names as they need. */
export function gridOf(column: number, columns: number, { nick, time }: InFront): Grid {
  const rule = nick > 0 || time;
  return { column, columns, nick: Math.min(nickRoom(columns), nick), time: time && columns >= NARROW_COLUMNS, rule };
}

function nickRoom(columns: number): number {
  if (columns < 16) return 0;
  return Math.min(NICK_COLUMNS_MAX, Math.floor(columns / 5) + (columns < NARROW_COLUMNS ? 2 : 0));
}

/** What an item would like to have in front of it. */
export function inFrontOf(item: TimelineItem, cells: Cells): InFront {
  switch (item.kind) {
    case "message":
      return { nick: Math.min(NICK_COLUMNS_MAX, cells.width(item.author.text)), time: true };
    case "notice":
      return { nick: 1, time: true };
    case "output":
      return { nick: 0, time: item.lines.some(({ atMs }) => atMs !== undefined) };
    default:
      return { nick: 0, time: false };
  }
}

/** Rows of items, remembered as long as the item is the same and as wide. */
export class TimelineRows {
  readonly #cells: Cells;
  readonly #cache = new WeakMap<TimelineItem, { readonly grid: Grid; readonly rows: readonly Row[] }>();

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /** At least one. */
  of(item: TimelineItem, grid: Grid): readonly Row[] {
    const known = this.#cache.get(item);
    if (known !== undefined && isSameGrid(known.grid, grid)) return known.rows;
    const rows = rowsOfItem(item, grid, this.#cells);
    this.#cache.set(item, { grid, rows });
    return rows;
  }

  /** As many rows, for this moment. `isFound`: it is what was looked for; `isFirst`: nothing above it says by whom it is. */
  ofMarked(
    item: TimelineItem,
    grid: Grid,
    marks: { readonly isFound: boolean; readonly isFirst: boolean },
  ): readonly Row[] {
    if (item.kind !== "message" || (!marks.isFound && !(marks.isFirst && item.isGrouped))) return this.of(item, grid);
    const shown = { ...item, isGrouped: item.isGrouped && (!marks.isFirst || grid.nick === 0) };
    return messageRows(shown, grid, this.#cells, marks.isFound ? "match" : ruleTone(item));
  }
}

function isSameGrid(one: Grid, other: Grid): boolean {
  return (
    one.column === other.column &&
    one.columns === other.columns &&
    one.nick === other.nick &&
    one.time === other.time &&
    one.rule === other.rule
  );
}

function rowsOfItem(item: TimelineItem, grid: Grid, cells: Cells): readonly Row[] {
  switch (item.kind) {
    case "day":
      return [lineAcross(item.label, "muted", grid, cells)];
    case "unread":
      return [lineAcross(item.label, "notice", grid, cells)];
    case "edge":
      return [[{ ...whole(grid), runs: cells.cutRuns([{ text: item.label, look: { tone: "muted" } }], grid.columns) }]];
    case "notice":
      return behindRule(cells.wrapRuns(runsOf(item.spans, { tone: "muted" }), textColumns(grid)), grid, cells, {
        time: item.time,
        nick: { text: NOTICE_MARK, look: { tone: "notice" } },
      });
    case "output":
      return item.lines.flatMap((line) => outputRows(line, grid, cells));
    case "message":
      return messageRows(item, grid, cells, ruleTone(item));
  }
}

function ruleTone({ isMention }: MessageItem): Tone {
  return isMention ? "mention" : "muted";
}

/** `── 3 new ──────────` */
function lineAcross(label: string, tone: Tone, grid: Grid, cells: Cells): Row {
  const shown = cells.cut(label, Math.max(1, grid.columns - 6));
  const dash = dashOf(cells);
  const left = Math.max(0, grid.columns - cells.width(shown) - 5);
  const text =
    grid.columns < 8 ? cells.cut(label, grid.columns) : `${dash.repeat(2)} ${shown} ${dash.repeat(left + 1)}`;
  return [{ ...whole(grid), runs: [{ text, look: { tone } }] }];
}

function whole({ column, columns }: Grid): { readonly column: number; readonly columns: number } {
  return { column, columns };
}

function messageRows(item: MessageItem, grid: Grid, cells: Cells, rule: Tone): readonly Row[] {
  const columns = textColumns(grid);
  const body = bodyRuns(item, grid);
  const lines = [
    ...(item.reply === null ? [] : [cells.cutRuns(replyRuns(item.reply), columns)]),
    ...body.flatMap((runs) => cells.wrapRuns(runs, columns)),
    ...(item.reactions.length === 0 ? [] : cells.wrapRuns(spaced(item.reactions, { tone: "muted" }), columns)),
  ];
  const isNamed = !item.isGrouped && grid.nick > 0;
  return behindRule(lines, grid, cells, {
    time: item.time,
    ...(isNamed ? { nick: authorRun(item) } : {}),
    rule,
  });
}

function authorRun({ author, message, isMention }: MessageItem): Run {
  return runOf(author, {
    ...(message.own ? { bold: true } : {}),
    ...(isMention ? { tone: "mention", bold: true } : {}),
  });
}

/** The lines of the text; behind the last one, what is to be known about it. */
function bodyRuns(item: MessageItem, grid: Grid): readonly (readonly Run[])[] {
  const lines = item.body.map((line) => runsOf(line));
  const [first = [], ...rest] = lines;
  const named = grid.nick > 0 || item.isGrouped ? first : [authorRun(item), { text: " " }, ...first];
  const all = [named, ...rest];
  const after = [
    ...(item.marks.length === 0 ? [] : [{ text: " " }, ...spaced(item.marks, { tone: "muted" })]),
    ...(item.delivery === null
      ? []
      : [{ text: " " }, { text: item.delivery.symbol, look: { tone: item.delivery.tone } }]),
  ];
  return after.length === 0 ? all : all.with(-1, [...(all.at(-1) ?? []), ...after]);
}

function replyRuns(reply: readonly Span[]): readonly Run[] {
  return [{ text: "↪ ", look: { tone: "muted" } }, ...reply.map((span) => runOf({ ...span, tone: "muted" }))];
}

function spaced(spans: readonly Span[], look: Look): readonly Run[] {
  return spans.flatMap((span, at) => {
    const run = runOf(span, span.tone === undefined ? look : {});
    return at === 0 ? [run] : [{ text: " " }, run];
  });
}

/** Where one line of an answer ends and the next begins is seen at its edge. */
const HANGING = { first: 0, further: 2 };

function outputRows(line: ShownLine, grid: Grid, cells: Cells): readonly Row[] {
  const columns = textColumns(grid);
  const isPicture = line.spans.some(({ code }) => code === true);
  const texts = [line.spans, ...(line.more ?? []).map((text): readonly Span[] => [{ text }])];
  const rows = texts.flatMap((spans) => {
    const runs = runsOf(spans);
    return isPicture ? [cells.cutRuns(runs, columns)] : cells.wrapRuns(runs, columns, HANGING);
  });
  return behindRule(rows, grid, cells, line.atMs === undefined ? {} : { time: clockTime(line.atMs).slice(0, 5) });
}

type Fronted = { readonly time?: string; readonly nick?: Run; readonly rule?: Tone };

/** Each row by itself: a name that is wider than we think moves neither the rule nor the text. */
function behindRule(
  lines: readonly (readonly Run[])[],
  grid: Grid,
  cells: Cells,
  { time, nick, rule = "muted" }: Fronted,
): readonly Row[] {
  const { text, ruleAt } = columnsOf(grid);
  const ruled: Part = {
    column: grid.column + ruleAt,
    columns: 1,
    runs: [{ text: ruleOf(cells), look: { tone: rule } }],
  };
  const hasRule = grid.rule && ruleAt < grid.columns;
  return (lines.length === 0 ? [[]] : lines).map((runs, at): Row => {
    const inFront = at === 0 ? partsInFront(grid, cells, time, nick) : [];
    const said = { column: grid.column + text, columns: grid.columns - text, runs };
    return [...inFront, ...(hasRule ? [ruled] : []), ...(runs.length === 0 || text >= grid.columns ? [] : [said])];
  });
}

function partsInFront(grid: Grid, cells: Cells, time: string | undefined, nick: Run | undefined): readonly Part[] {
  const parts: Part[] = [];
  if (grid.time && time !== undefined) {
    parts.push({ column: grid.column, columns: TIME_COLUMNS - 1, runs: [{ text: time, look: { tone: "muted" } }] });
  }
  if (nick !== undefined && grid.nick > 0) {
    const [shown = nick] = cells.cutRuns([nick], grid.nick);
    const width = cells.widthOfRuns([shown]);
    const from = grid.column + (grid.time ? TIME_COLUMNS : 0);
    parts.push({ column: from + grid.nick - width, columns: width, runs: [shown] });
  }
  return parts;
}

function columnsOf(grid: Grid): { readonly ruleAt: number; readonly text: number } {
  const ruleAt = (grid.time ? TIME_COLUMNS : 0) + (grid.nick > 0 ? grid.nick + 1 : 0);
  return { ruleAt, text: ruleAt + (grid.columns < 16 || !grid.rule ? 1 : 2) };
}

/** Where texts begin, from the left edge of the area. */
export function textColumn(grid: Grid): number {
  return columnsOf(grid).text;
}

function textColumns(grid: Grid): number {
  const margin = grid.columns < NARROW_COLUMNS ? 0 : 1;
  return Math.max(1, grid.columns - columnsOf(grid).text - margin);
}
