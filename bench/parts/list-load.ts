import { settingsOfPart, tell } from "../measure/part.ts";
import { quantile } from "../measure/statistics.ts";
import type { Session } from "./bench-session.ts";
import { mustBeOk, openSessions, request, type SessionLoad, sessionOpener } from "./session-opener.ts";

// Asks what the tracker can list, one request at a time. Each session stays within what it may ask at once.

const settings = settingsOfPart<SessionLoad & Settings>();
type Settings = {
  readonly wanted: string;
  /** Sessions that ask. */
  readonly askers: number;
  /** How many logins come before, so that servers of any size have compiled their code alike. */
  readonly logins: number;
};

const ROOMS = request({ cmd: "LIST_ROOMS", id: 3 });
const PEERS = request({ cmd: "LIST_PEERS", id: 4 });
const FIND = request({ cmd: "FIND_PEER", id: 5, username: settings.wanted });
const WARM_UP_ASKERS = 25;

const open = await sessionOpener(settings);
for (let logins = settings.count; logins < settings.logins; logins += settings.count) {
  for (const session of await openSessions(open, 0, settings.count)) session.close();
}
const sessions = await openSessions(open, 0, settings.count);
const rooms = newTally();
const peers = newTally();
const found = newTally();
for (const [index, session] of sessions.slice(0, settings.askers).entries()) {
  if (index === WARM_UP_ASKERS) for (const tally of [rooms, peers, found]) tally.times.length = 0;
  // In this order, because a bare server answers with the lengths of these in turn.
  for (let round = 0; round < 5; round += 1) {
    await ask(session, ROOMS, rooms);
    await ask(session, PEERS, peers);
    await ask(session, FIND, found);
  }
}
tell({
  ...{ rooms: median(rooms), peers: median(peers), find: median(found) },
  ...{ roomsBytes: rooms.bytes, peersBytes: peers.bytes, findBytes: found.bytes },
});

type Tally = { readonly times: number[]; bytes: number };

function newTally(): Tally {
  return { times: [], bytes: 0 };
}

async function ask(session: Session, question: Buffer, tally: Tally): Promise<void> {
  const started = performance.now();
  const answer = await session.ask(question);
  tally.times.push((performance.now() - started) * 1000);
  tally.bytes = answer.length;
  if (settings.kind === "papo") mustBeOk(answer);
}

function median({ times }: Tally): number {
  return quantile(
    times.toSorted((a, b) => a - b),
    0.5,
  );
}
