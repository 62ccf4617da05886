import { pause, settingsOfPart, tell } from "../measure/part.ts";
import { quantile } from "../measure/statistics.ts";
import { mustBeOk, openSessions, request, type SessionLoad, sessionOpener } from "./session-opener.ts";

// All members of one room are online; the last of them leaves and joins in turn, and everybody else is to hear of it.

const settings = settingsOfPart<SessionLoad & { readonly room: { readonly id: string; readonly name: string } }>();
/** Longer than a tracker waits between two updates about one room, so that each is told at once. */
const PACE_MS = 620;
const CHANGES = 8;
const WARM_UP_CHANGES = 2;

const sessions = await openSessions(await sessionOpener(settings), 0, settings.count);
const changer = sessions.at(-1);
if (changer === undefined) throw new RangeError("nobody is there");
const others = sessions.slice(0, -1);

let bytes = 0;
let arrived = (): void => undefined;
for (const session of others) {
  session.onPush = (payload) => {
    bytes = payload.length;
    arrived();
  };
}
// What the logins caused is told by then.
await pause(2 * PACE_MS);

const times: number[] = [];
const pushBytes: number[] = [];
for (let change = 0; change < CHANGES; change += 1) {
  const isLeaving = change % 2 === 0;
  const { id, name } = settings.room;
  const question = isLeaving
    ? request({ cmd: "LEAVE_ROOM", id: 3, room: id })
    : request({ cmd: "JOIN_ROOM", id: 4, room: name });
  const found = await changeAndWait(question);
  if (change >= WARM_UP_CHANGES) times.push(...found);
  pushBytes[change % 2] = bytes;
  await pause(PACE_MS);
}
const sorted = times.toSorted((a, b) => a - b);
tell({ p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), bytes: Math.max(...pushBytes), pushBytes });

/** Milliseconds from the sending of the change to its arrival at each of the others. */
async function changeAndWait(question: Buffer): Promise<number[]> {
  const found: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = performance.now();
  arrived = () => {
    if (found.push(performance.now() - started) === others.length) resolve();
  };
  const [answer] = await Promise.all([changer?.ask(question), promise]);
  if (settings.kind === "papo" && answer !== undefined) mustBeOk(answer);
  return found;
}
