import type { TrackerState } from "@papo/peer/api";
import type { Fault, FaultCode } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import type { FeedState, FeedStep, FeedView } from "./feed-state.ts";
import { silent } from "./feed-state.ts";
import { textLine } from "./shown-line.ts";

/** A lost tracker is told once, not at every attempt; its return ends the matter. */
export function onTracker(state: FeedState, tracker: TrackerState, view: FeedView): FeedStep {
  const { feed } = view.texts;
  const told = (next: FeedState["tracker"], text: string): FeedStep => ({
    state: { ...state, tracker: next },
    lines: [textLine(feed.notice(text))],
  });
  switch (tracker.kind) {
    case "waiting":
      if (state.tracker !== "online") return silent(state);
      return told("lost", feed.trackerLost(whyLost(tracker.reason, view)));
    case "online":
      if (state.tracker === "lost") return told("online", feed.trackerBack);
      return silent({ ...state, tracker: "online" });
    case "refused":
      if (state.tracker !== "online" && state.tracker !== "lost") return silent(state);
      return told("refused", feed.trackerRefused(whyRefused(tracker.reason, view)));
    case "idle":
      return silent({ ...state, tracker: "unknown" });
    case "connecting":
      return silent(state);
  }
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
