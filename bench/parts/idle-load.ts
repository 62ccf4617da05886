import { heard, settingsOfPart, tell } from "../measure/part.ts";
import { openSessions, type SessionLoad, sessionOpener } from "./session-opener.ts";

// Opens sessions and holds them: a few that are closed again, so that code is compiled and pages are touched, then all.

const WARM_UP = 300;

const load = settingsOfPart<SessionLoad>();
const open = await sessionOpener(load);
const first = await openSessions(open, 0, Math.min(WARM_UP, load.count));
for (const session of first) session.close();
tell("warm");

for await (const _go of heard()) {
  const started = performance.now();
  await openSessions(open, 0, load.count);
  tell({ seconds: (performance.now() - started) / 1000 });
}
