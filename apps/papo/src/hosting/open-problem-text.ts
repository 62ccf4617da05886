import { safeText } from "@papo/protocol";
import type { PapoTexts } from "@papo/view-model/command-texts";
import { EXIT } from "../exit-codes.ts";
import type { OpenProblem, TrackerSettings } from "./open-tracker.ts";

type Place = Pick<TrackerSettings, "host" | "port" | "data" | "opsPort">;

/** One line for the user. */
export function openProblemText(problem: OpenProblem, place: Place, { trackerProgram, storage }: PapoTexts): string {
  const at = `${safeText(place.host)}:${place.port}`;
  switch (problem.kind) {
    case "data-in-use":
      return trackerProgram.dataInUse(safeText(place.data));
    case "storage":
      return storage.about(safeText(problem.path), storage[problem.problem], problem.fix);
    case "port-in-use":
      return trackerProgram.portInUse(at);
    case "port-refused":
      // untranslated: what the listener says of a port that only others may use
      if (problem.detail.includes("not ours")) return trackerProgram.portForbidden(at);
      return trackerProgram.hostUnknown(safeText(place.host));
    case "ops-port-in-use":
      return trackerProgram.opsPortInUse(place.opsPort === "off" ? 0 : place.opsPort);
    case "other-key":
      return trackerProgram.otherKey;
  }
}

export function openProblemExit({ kind }: OpenProblem): number {
  return kind.endsWith("in-use") ? EXIT.inTheWay : EXIT.failed;
}
