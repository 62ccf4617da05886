import type { PeerEvent, TrackerState } from "@papo/peer/api";
import { type Fault, type FaultCode, safeText } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { faultSentence } from "../fault-sentence.ts";
import { durationText } from "../reach/duration-text.ts";
import type { FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent } from "./feed-state.ts";
import { type ShownLine, textLine } from "./shown-line.ts";

/** That there is no tracker is told once, not at every attempt; its return ends the matter, and says how long it took. */
export function onTracker(state: FeedState, tracker: TrackerState, view: FeedView): FeedStep {
  const { feed } = view.texts;
  const told = (next: FeedState["tracker"], text: string): FeedStep => ({
    state: { ...state, tracker: next },
    lines: [textLine(feed.notice(text))],
  });
  switch (tracker.kind) {
    case "waiting": {
      // Before the first session there is life without a tracker only for accounts that are kept here: `sinceMs` says so.
      const isAbsent = state.tracker === "unknown" && tracker.sinceMs !== undefined;
      if (state.tracker !== "online" && !isAbsent) return silent(state);
      const text = isAbsent ? feed.trackerAbsent : feed.trackerLost;
      const after = told("lost", text(whyLost(tracker.reason, view), nextTry(tracker.retryInMs, view)));
      return { ...after, state: { ...after.state, trackerLostAtMs: tracker.sinceMs ?? view.atMs } };
    }
    case "online":
      if (state.tracker === "lost") return told("online", backAgain(state, view));
      return silent({ ...state, tracker: "online" });
    case "refused":
      if (state.tracker !== "online" && state.tracker !== "lost") return silent(state);
      return told("refused", feed.trackerRefused(whyRefused(tracker.reason, view)));
    case "idle":
      return silent({ ...state, tracker: "unknown" });
    case "connecting": {
      // The account is open already, while the very first attempt still waits for an answer.
      if (state.tracker !== "unknown" || tracker.sinceMs === undefined) return silent(state);
      const after = told("lost", feed.trackerAbsent("", feed.soon));
      return { ...after, state: { ...after.state, trackerLostAtMs: tracker.sinceMs } };
    }
  }
}

/** For a list of who is there: that nobody tells of the others now, and since when. Nothing while there is a tracker. */
export function trackerLines(tracker: TrackerState, nowMs: number, texts: Catalogue): readonly ShownLine[] {
  if (tracker.kind !== "waiting" && tracker.kind !== "connecting") return [];
  const { sinceMs } = tracker;
  return sinceMs === undefined ? [] : [textLine(texts.feed.trackerGone(durationText(nowMs - sinceMs, texts)))];
}

function backAgain({ trackerLostAtMs }: FeedState, { texts, atMs }: FeedView): string {
  const lastedMs = atMs - trackerLostAtMs;
  const { trackerBack, trackerWasGone } = texts.feed;
  return lastedMs < TOLD_FROM_MS ? trackerBack : `${trackerBack} ${trackerWasGone(durationText(lastedMs, texts))}`;
}

/** A shorter absence is not worth a number. */
const TOLD_FROM_MS = 10_000;

function nextTry(waitMs: number, { texts }: FeedView): string {
  return waitMs < 1_000 ? texts.feed.soon : texts.feed.inTime(durationText(waitMs, texts));
}

/** Of several addresses one leads elsewhere: the others are used. */
export function onTrackerAddressRefused(
  state: FeedState,
  { address }: Extract<PeerEvent, { kind: "tracker-address-refused" }>,
  { texts: { feed } }: FeedView,
): FeedStep {
  return { state, lines: [textLine(feed.notice(feed.trackerAddressRefused(safeText(address))))] };
}

/** Ways of a tracker to be gone between which a reader cannot choose. */
const GONE: ReadonlySet<FaultCode> = new Set(["lost", "closed", "draining", "dead", "timeout", "tracker_unreachable"]);

function whyLost({ code }: Fault, { texts }: FeedView): string {
  return GONE.has(code) ? "" : `${texts.faults[code].happened} `;
}

/** Here it is one's own key that has changed, not a contact's. */
function whyRefused(reason: Fault, { texts }: FeedView): string {
  return reason.code === "identity_changed" ? texts.feed.ownKeyReplaced : faultSentence(texts, reason);
}
