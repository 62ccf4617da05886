import { systemClock, tcpNetwork } from "@papo/link";
import { PING_INTERVAL_MAX_SECONDS } from "@papo/protocol";
import { createTrackerIdentity, openMemoryStore, startTracker } from "@papo/tracker";
import { answerQuestions, settingsOfPart, tell } from "../measure/part.ts";
import { quickDeriveKey } from "./seed-password.ts";
import { fillStore, type Records } from "./tracker-records.ts";

// A tracker with its records in memory; tells its port, then its memory and processor time whenever asked.

const repositories = openMemoryStore();
await fillStore(repositories, settingsOfPart<Records>());
const started = await startTracker({
  network: tcpNetwork(systemClock),
  clock: systemClock,
  identity: createTrackerIdentity(),
  repositories,
  host: "127.0.0.1",
  port: 0,
  log: { event: () => undefined },
  pingIntervalSeconds: PING_INTERVAL_MAX_SECONDS,
  deriveKey: quickDeriveKey,
});
if (!started.ok) throw new Error(started.fault.detail);
const tracker = started.value;
tell({ port: tracker.port, key: tracker.key });
await answerQuestions(() => tracker.sessionCount);
