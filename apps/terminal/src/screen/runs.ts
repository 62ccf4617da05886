import type { Span } from "@papo/view-model";
import type { Cells } from "../render/cells.ts";
import type { Look, Run } from "../render/frame.ts";

export function runOf(span: Span, more: Look = {}): Run {
  const look: Look = {
    ...(span.tone === undefined ? {} : { tone: span.tone }),
    ...(span.colour === undefined ? {} : { name: span.colour }),
    ...(span.code === undefined ? {} : { code: span.code }),
    ...more,
  };
  return { text: span.text, look, ...(span.link === undefined ? {} : { link: span.link }) };
}

export function runsOf(spans: readonly Span[], more: Look = {}): readonly Run[] {
  return spans.map((span) => runOf(span, more));
}

/** A line between two parts, of one cell in every terminal. */
export function ruleOf(cells: Cells): string {
  return cells.width("│") === 1 ? "│" : "|";
}

export function dashOf(cells: Cells): string {
  return cells.width("─") === 1 ? "─" : "-";
}
