import type { ShownLine } from "@papo/view-model";
import type { Cells } from "../../render/cells.ts";
import type { Run } from "../../render/frame.ts";
import { ruleOf, runsOf } from "../runs.ts";

/** Lines of a model broken to fit. Further lines of one text stand behind a rule, so that none of them can pass for a line of ours. */
export function wrapLines(lines: readonly ShownLine[], columns: number, cells: Cells): readonly (readonly Run[])[] {
  return lines.flatMap((line) => wrapLine(line, columns, cells));
}

function wrapLine({ spans, more = [] }: ShownLine, columns: number, cells: Cells): readonly (readonly Run[])[] {
  const isPicture = spans.some(({ code }) => code === true);
  const runs = runsOf(spans);
  const further = indentOf(spans, columns, cells);
  const first = isPicture ? [cells.cutRuns(runs, columns)] : cells.wrapRuns(runs, columns, { first: 0, further });
  const rule: Run = { text: `${ruleOf(cells)} `, look: { tone: "muted" } };
  const rest = more.flatMap((text) => cells.wrapRuns([{ text }], Math.max(1, columns - 2)));
  return [...first, ...rest.map((row) => cells.cutRuns([rule, ...row], columns))];
}

/** A row that goes on stands below its text, not below the dash or the key in front of it. */
function indentOf([first, ...rest]: ShownLine["spans"], columns: number, cells: Cells): number {
  if (first === undefined || columns < 8) return 0;
  const key = first.tone === "key" && rest.length > 0 ? cells.width(first.text) : columns;
  if (key <= columns / 2) return key;
  return /^ {0,8}(?:[-→] )?/u.exec(first.text)?.[0].length ?? 0;
}
