import { pause, settingsOfPart, tell } from "../measure/part.ts";
import { quantile } from "../measure/statistics.ts";
import type { Session } from "./bench-session.ts";
import { mustBeOk, openSessions, request, type SessionLoad, sessionOpener } from "./session-opener.ts";

// Asks what the tracker can list, one request at a time. Each session stays within what it may ask at once.

const settings = settingsOfPart<SessionLoad & Settings>();
type Settings = {
  readonly wanted: string;
  /** Sessions that ask. */
  readonly askers: number;
};

const ROOMS = request({ cmd: "LIST_ROOMS", id: 3 });
const PEERS = request({ cmd: "LIST_PEERS", id: 4 });
const FIND = request({ cmd: "FIND_PEER", id: 5, username: settings.wanted });
/** Before the last pass a server has compiled its code, whatever its size. */
const PASSES = 3;
/** By then a session has won back what it may ask at once. */
const BETWEEN_PASSES_MS = 1_500;
const ROUNDS = 5;

const sessions = await openSessions(await sessionOpener(settings), 0, settings.count);
const askers = sessions.slice(0, settings.askers);
for (let pass = 1; pass < PASSES; pass += 1) {
  await askAll();
  await pause(BETWEEN_PASSES_MS);
}
const { rooms, peers, found } = await askAll();
tell({
  ...{ rooms: median(rooms), peers: median(peers), find: median(found) },
  ...{ roomsBytes: rooms.bytes, peersBytes: peers.bytes, findBytes: found.bytes },
});

type Tally = { readonly times: number[]; bytes: number };

/** In this order, because a bare server answers with the lengths of these in turn. */
async function askAll(): Promise<{ readonly rooms: Tally; readonly peers: Tally; readonly found: Tally }> {
  const tallies = { rooms: newTally(), peers: newTally(), found: newTally() };
  for (const session of askers) {
    for (let round = 0; round < ROUNDS; round += 1) {
      await ask(session, ROOMS, tallies.rooms);
      await ask(session, PEERS, tallies.peers);
      await ask(session, FIND, tallies.found);
    }
  }
  return tallies;
}

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
