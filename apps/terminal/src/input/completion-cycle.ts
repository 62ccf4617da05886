import type { Completion } from "@papo/view-model";
import { type EditorState, replaceText } from "../line-editor/editor-state.ts";

/** Tab again and again: one candidate after the other stands in the line, and nothing is chosen until another key comes. */
export type CompletionCycle = { readonly before: EditorState; readonly completion: Completion; readonly index: number };

/** After so many times Tab (negative: Shift-Tab). */
export function beginCycle(before: EditorState, completion: Completion, steps: number): CompletionCycle {
  return cycled({ before, completion, index: steps > 0 ? -1 : 0 }, steps);
}

export function cycled(cycle: CompletionCycle, steps: number): CompletionCycle {
  const count = cycle.completion.candidates.length;
  return { ...cycle, index: (((cycle.index + steps) % count) + count) % count };
}

/** The line with the candidate in it; one change to be undone, however many were looked at. */
export function lineOfCycle({ before, completion, index }: CompletionCycle): EditorState {
  const candidate = completion.candidates[index];
  return candidate === undefined ? before : replaceText(before, completion, candidate.text);
}
