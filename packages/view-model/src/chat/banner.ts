import type { KeyChange, TrackerState } from "@papo/peer/api";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { faultSentence } from "../fault-sentence.ts";
import { shownName } from "../names/shown-name.ts";
import type { Banner } from "./chat-view.ts";
import { shortTime } from "./day-label.ts";

/** A shorter absence is not worth a line across the screen. */
export const BANNER_AFTER_MS = 3_000;

type Facts = {
  readonly tracker: TrackerState;
  readonly keyChanges: readonly KeyChange[];
  readonly isCopied: boolean;
  readonly nowMs: number;
};

/** The one thing that should be known wherever one is, the gravest first. */
export function bannerOf({ tracker, keyChanges, isCopied, nowMs }: Facts, texts: Catalogue): Banner | null {
  if (tracker.kind === "refused") return bad(refusedText(tracker, texts));
  const [change, ...others] = keyChanges;
  if (change !== undefined)
    return bad(
      others.length === 0 ? texts.chat.keyWaits(shownName(change.username)) : texts.chat.keysWait(keyChanges.length),
    );
  if (isCopied) return { tone: "warning", spans: [{ text: texts.kept.copied }] };
  const { sinceMs } = tracker.kind === "waiting" || tracker.kind === "connecting" ? tracker : { sinceMs: undefined };
  if (sinceMs === undefined || nowMs - sinceMs < BANNER_AFTER_MS) return null;
  return { tone: "warning", spans: [{ text: texts.chat.trackerGone(shortTime(sinceMs)) }] };
}

function refusedText({ reason }: Extract<TrackerState, { kind: "refused" }>, texts: Catalogue): string {
  const why = reason.code === "identity_changed" ? texts.feed.ownKeyReplaced : faultSentence(texts, reason);
  return texts.feed.trackerRefused(why);
}

function bad(text: string): Banner {
  return { tone: "bad", spans: [{ text }] };
}
