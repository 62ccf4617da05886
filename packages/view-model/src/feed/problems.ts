import { safeText } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import type { EventOf, FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { textLine } from "./shown-line.ts";

export function onProblem(state: FeedState, { problem }: EventOf<"problem">, view: FeedView): FeedStep {
  const { feed } = view.texts;
  const text = feed.problem(safeText(problem.file), faultSentence(view.texts, problem.fault));
  return { state, lines: [textLine(feed.notice(text))] };
}
