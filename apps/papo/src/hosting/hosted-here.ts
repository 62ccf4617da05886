import { systemClock, tcpNetwork } from "@papo/link";
import type { TrackerKey } from "@papo/protocol";
import type { TrackerLog } from "@papo/tracker";
import type { PapoTexts } from "@papo/view-model/command-texts";
import type { HostAttempt } from "./local-tracker.ts";
import { openProblemText } from "./open-problem-text.ts";
import { openTracker } from "./open-tracker.ts";

/** The chat has the screen; a tracker inside it has nothing to say there. */
const SILENT: TrackerLog = { event: () => {} };

export type HostHere = {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly expectedKey: TrackerKey | undefined;
  readonly texts: PapoTexts;
  /** Told the key of the tracker once it runs. */
  readonly onKey: (key: TrackerKey) => void;
};

/** One try to host the local tracker in this process. */
export async function hostHere({ texts, onKey, ...place }: HostHere): Promise<HostAttempt> {
  const settings = { ...place, store: "sqlite", opsPort: "off", log: SILENT } as const;
  const opened = await openTracker(settings, { network: tcpNetwork(systemClock), clock: systemClock });
  if (!opened.ok) {
    const isTaken = opened.problem.kind === "data-in-use" || opened.problem.kind === "port-in-use";
    return { kind: isTaken ? "taken" : "failed", reason: openProblemText(opened.problem, settings, texts) };
  }
  const { tracker } = opened.value;
  onKey(tracker.key);
  return {
    kind: "hosting",
    tracker: {
      drain: () => tracker.drain(),
    },
  };
}
