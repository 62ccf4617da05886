import { INPUT_LINE_CHARS_MAX } from "@papo/protocol";
import { wholeBoundary } from "../graphemes.ts";
import { type EditorState, replaceText } from "./editor-state.ts";

/** Ctrl-R: what is looked for among the lines sent before, as one types it. */
export type HistorySearch = {
  readonly query: string;
  /** Index of the line found last in the history of all tabs; null: none so far. */
  readonly at: number | null;
  /** Nothing (more) holds the query: what is shown is what was found before. */
  readonly isFailed: boolean;
  /** The line that was being typed. */
  readonly before: EditorState;
};

export function beginSearch(before: EditorState): HistorySearch {
  return { query: "", at: null, isFailed: false, before };
}

/** The newest line that holds it, from the one found before on. */
export function searchFor(search: HistorySearch, query: string): HistorySearch {
  const wanted = query.slice(0, INPUT_LINE_CHARS_MAX);
  if (wanted === "") return beginSearch(search.before);
  // A longer query may be in the same line still; a shorter one may be in a newer.
  const goesOn = search.at !== null && wanted.startsWith(search.query);
  return found({ ...search, query: wanted }, goesOn ? (search.at ?? 0) : newest(search));
}

/** One line further back; the same line sent twice is found once. */
export function searchOlder(search: HistorySearch): HistorySearch {
  if (search.query === "" || search.at === null) return search;
  return found(search, search.at - 1, linesOf(search)[search.at]);
}

/** The line as it would be taken over, the cursor where the query stands in it. */
export function searchedLine(search: HistorySearch): EditorState {
  const line = search.at === null ? undefined : linesOf(search)[search.at];
  if (line === undefined) return search.before;
  const taken = replaceText(search.before, { from: 0, to: search.before.text.length }, line);
  return { ...taken, cursor: wholeBoundary(taken.text, Math.max(0, positionIn(line, search.query))) };
}

function found(search: HistorySearch, from: number, except?: string): HistorySearch {
  const lines = linesOf(search);
  for (let at = from; at >= 0; at -= 1) {
    const line = lines[at];
    if (line !== undefined && line !== except && positionIn(line, search.query) !== -1)
      return { ...search, at, isFailed: false };
  }
  return { ...search, isFailed: true };
}

/** Capitals count where the query has some. */
function positionIn(line: string, query: string): number {
  return query === query.toLowerCase() ? line.toLowerCase().indexOf(query) : line.indexOf(query);
}

function linesOf({ before }: HistorySearch): readonly string[] {
  return before.history.all;
}

function newest(search: HistorySearch): number {
  return linesOf(search).length - 1;
}
