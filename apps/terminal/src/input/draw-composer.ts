import { INPUT_LINE_CHARS_MAX, INPUT_ROWS_MAX, safeText } from "@papo/protocol";
import type { Catalogue, Span } from "@papo/view-model";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Frame, Look, Row, Run } from "../render/frame.ts";
import { runsOf } from "../screen/runs.ts";
import type { ComposerView } from "./composer.ts";
import { inputRows } from "./input-rows.ts";

/** What stands around the line: all safe to show. */
export type ComposerSurroundings = {
  /** In front of the line. */
  readonly prompt: readonly Run[];
  /** `Chat.replyingTo()` */
  readonly reply: readonly Span[] | null;
  /** `Chat.usageHint()` */
  readonly hint: readonly Span[] | null;
  readonly texts: Catalogue;
  readonly cells: Cells;
};

export type DrawnComposer = {
  /** As many as it needs, at most as the area has; to be put at the bottom of it. */
  readonly rows: readonly Row[];
  /** The row counts from the first of `rows`, the column from the left of the screen. */
  readonly cursor: NonNullable<Frame["cursor"]>;
};

const MUTED: Look = { tone: "muted" };
const KEY: Look = { tone: "key" };
const ASKED: Look = { tone: "warning", bold: true };

/** Pure: the line being typed at the bottom; above it what it answers, and what is asked, proposed or explained. Where rows are few, these go first. */
export function drawComposer(view: ComposerView, area: Area, surroundings: ComposerSurroundings): DrawnComposer {
  const { column, columns } = area;
  const { cells } = surroundings;
  const above = [replyRow(columns, surroundings), hintRow(view, columns, surroundings)].flatMap((runs) =>
    runs === undefined ? [] : [cells.cutRuns(runs, columns)],
  );
  const kept = above.slice(Math.max(0, above.length - Math.max(0, area.rows - 1)));
  const rows = Math.max(1, Math.min(INPUT_ROWS_MAX, area.rows - kept.length));
  const shape = { prompt: promptOf(view, surroundings), columns, rows, cells };
  const typed = inputRows(view.text, view.cursor, shape);
  return {
    rows: [...kept, ...typed.rows].map((runs): Row => [{ column, columns, runs }]),
    cursor: { row: kept.length + typed.cursor.row, column: column + Math.min(columns - 1, typed.cursor.column) },
  };
}

function promptOf({ mode }: ComposerView, { prompt, texts }: ComposerSurroundings): readonly Run[] {
  if (mode.kind !== "search") return prompt;
  const query = safeText(mode.query);
  const { historySearch, historySearchFailed } = texts.screen;
  return mode.isFailed
    ? [{ text: `${historySearchFailed(query)} `, look: { tone: "warning" } }]
    : [{ text: `${historySearch(query)} `, look: KEY }];
}

function replyRow(columns: number, { reply, texts, cells }: ComposerSurroundings): readonly Run[] | undefined {
  if (reply === null) return undefined;
  const hint: Run = { text: `  ${texts.screen.replyHint}`, look: MUTED };
  const shown = [{ text: `${texts.screen.replyingTo} `, look: MUTED }, ...runsOf(reply)];
  const room = columns - cells.width(hint.text);
  return room < columns / 2 ? shown : [...cells.cutRuns(shown, room), hint];
}

function hintRow(view: ComposerView, columns: number, surroundings: ComposerSurroundings): readonly Run[] | undefined {
  const { texts, hint } = surroundings;
  const { mode, candidates } = view;
  if (mode.kind === "paste") return pasteQuestion(mode, view.isCut, texts);
  if (view.isCut) return [{ text: texts.composer.pasteCut(INPUT_LINE_CHARS_MAX), look: ASKED }];
  if (mode.kind === "search") return searchKeys(texts);
  if (candidates !== null) return candidateRuns(candidates, columns, surroundings);
  return hint === null ? undefined : runsOf(hint);
}

function pasteQuestion(
  { lines, characters, isCommand }: Extract<ComposerView["mode"], { kind: "paste" }>,
  isCut: boolean,
  { composer }: Catalogue,
): readonly Run[] {
  const remarks = [
    ...(isCommand ? [composer.pasteIsCommand] : []),
    ...(isCut ? [composer.pasteCut(INPUT_LINE_CHARS_MAX)] : []),
  ];
  return [
    { text: `${composer.paste(lines, characters)} `, look: ASKED },
    ...keyHint("Enter", isCommand ? composer.pasteInserts : composer.pasteSends),
    ...(isCommand ? [] : keyHint("Ctrl-E", composer.pasteEdits)),
    ...keyHint("Esc", composer.pasteCancels),
    ...remarks.map((remark): Run => ({ text: ` ${remark}`, look: { tone: "warning" } })),
  ];
}

function searchKeys({ composer }: Catalogue): readonly Run[] {
  return [
    ...keyHint("Ctrl-R", composer.searchOlder),
    ...keyHint("Enter", composer.searchSends),
    ...keyHint("Esc", composer.searchCancels),
  ];
}

function keyHint(key: string, says: string): readonly Run[] {
  return [
    { text: ` ${key}`, look: KEY },
    { text: ` ${says} `, look: MUTED },
  ];
}

const BETWEEN = 2;

/** The page of candidates that the chosen one is on, and what there is to say about it. */
function candidateRuns(
  { all, index }: NonNullable<ComposerView["candidates"]>,
  columns: number,
  { cells }: ComposerSurroundings,
): readonly Run[] {
  const names = all.map(({ text }) => cells.cut(text.trim(), Math.max(1, Math.floor(columns / 2))));
  const help = all[index]?.help ?? "";
  const helpWidth = help === "" ? 0 : Math.min(cells.width(help) + 3, Math.floor(columns / 2));
  const { first, end } = page(
    names.map((name) => cells.width(name) + BETWEEN),
    index,
    columns - helpWidth - 1,
  );
  const shown = names
    .slice(first, end)
    .flatMap((name, at): readonly Run[] => [
      { text: at === 0 ? "" : " ".repeat(BETWEEN) },
      { text: name, look: first + at === index ? { bar: "selected" } : KEY },
    ]);
  const more: readonly Run[] = end < names.length ? [{ text: " …", look: MUTED }] : [];
  const about: readonly Run[] = help === "" ? [] : [{ text: ` — ${help}`, look: MUTED }];
  return [...shown, ...more, ...about].filter(({ text }) => text !== "");
}

/** Pages as full as they can be; the one with `index` on it. */
function page(
  widths: readonly number[],
  index: number,
  columns: number,
): { readonly first: number; readonly end: number } {
  let first = 0;
  let used = 0;
  for (const [at, width] of widths.entries()) {
    if (used > 0 && used + width > columns) {
      if (at > index) return { first, end: at };
      first = at;
      used = 0;
    }
    used += width;
  }
  return { first, end: widths.length };
}
