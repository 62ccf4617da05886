import type { PathAttempt } from "@papo/peer/api";
import { safeText } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { answerText } from "./answer-text.ts";
import { durationText } from "./duration-text.ts";

/** Ways of one person that are listed: more would not fit on a screen beside what helps. */
const WAYS_SHOWN_MAX = 7;

/** What was tried to reach somebody: each way and place once, as it ended last. Nothing when nothing was tried. */
export function attemptLines(attempts: readonly PathAttempt[], nowMs: number, texts: Catalogue): readonly string[] {
  const tried = newestOfEach(attempts);
  if (tried.length === 0) return [];
  const { reach } = texts;
  const shown = tried.slice(-WAYS_SHOWN_MAX);
  const hidden = tried.length - shown.length;
  return [
    reach.triedTitle,
    ...(hidden > 0 ? [reach.moreTried(hidden)] : []),
    ...shown.map((one) => attemptLine(one, nowMs, texts)),
  ];
}

type Tried = { readonly attempt: PathAttempt; readonly times: number };

/** In the order in which they were tried last. */
function newestOfEach(attempts: readonly PathAttempt[]): readonly Tried[] {
  const byWay = new Map<string, Tried>();
  for (const attempt of attempts.toSorted((one, other) => one.startedMs - other.startedMs)) {
    const key = `${attempt.way} ${attempt.where}`;
    const times = (byWay.get(key)?.times ?? 0) + 1;
    byWay.delete(key);
    byWay.set(key, { attempt, times });
  }
  return [...byWay.values()];
}

function attemptLine({ attempt, times }: Tried, nowMs: number, texts: Catalogue): string {
  const { reach } = texts;
  const { way, where, outcome, startedMs, tookMs } = attempt;
  const facts = {
    ago: durationText(nowMs - startedMs, texts),
    way: reach.ways[way](where === null ? reach.somewhere : safeText(where)),
    times,
  };
  if (outcome === "trying") return reach.trying(facts);
  return reach.tried({ ...facts, answer: answerText(attempt, texts), took: durationText(tookMs, texts) });
}
