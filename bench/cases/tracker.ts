import { accountFile, benchName, benchRoom } from "../measure/account-file.ts";
import { FRAME_HEADER_BYTES } from "@papo/protocol";
import type { Benchmark, Found, Variant } from "../measure/benchmark.ts";
import { connectionsAtMost } from "../measure/descriptors.ts";
import { type Part, startPart } from "../measure/process.ts";
import type { State } from "../measure/part.ts";
import type { SessionKind } from "../parts/session-opener.ts";

const TRACKER = "Papo tracker";
const BARE_TLS = "bare node:tls";
const BARE_TCP = "bare node:net";

/** Sessions of each dialect. Fewer where one process may not hold so many. */
const SESSIONS = connectionsAtMost(10_000);
/** About what a tracker answers to a login. */
const LOGIN_BYTES = 512;

type Server = { readonly part: Part; readonly port: number };

async function startServer(part: Part): Promise<Server> {
  const { port } = await part.next<{ port: number }>();
  return { part, port };
}

type TrackerSize = {
  readonly dialect: "papo" | "seed";
  readonly accounts: number;
  readonly rooms: number;
  readonly crowd: number;
};

function startTracker(size: TrackerSize): Promise<Server> {
  return startServer(startPart("tracker-server", { accountsPath: accountFile(), ...size }));
}

type Bare = {
  readonly secure: boolean;
  readonly answerBytes: readonly number[];
  readonly fanOutBytes: readonly number[];
};

function startBare(bare: Bare): Promise<Server> {
  return startServer(startPart("bare-server", { loginBytes: LOGIN_BYTES, ...bare }));
}

// ---- ten thousand sessions that say nothing

async function idle(kind: SessionKind, server: Server): Promise<Found> {
  const client = startPart("idle-load", { kind, port: server.port, accountsPath: accountFile(), count: SESSIONS });
  try {
    await client.next();
    const before = await stateOf(server, 0);
    client.say("go");
    const { seconds } = await client.next<{ seconds: number }>();
    const after = await stateOf(server, SESSIONS);
    return {
      memory: (after.memory - before.memory) / SESSIONS / 1024,
      rate: SESSIONS / seconds,
      cpu: (after.cpuMs - before.cpuMs) / SESSIONS,
    };
  } finally {
    await Promise.all([client.stop(), server.part.stop()]);
  }
}

function stateOf({ part }: Server, connections: number): Promise<State> {
  part.say(connections);
  return part.next<State>();
}

function idleTracker(name: string, dialect: "papo" | "seed"): Variant {
  const size = { dialect, accounts: SESSIONS, rooms: 0, crowd: 0 };
  return { name, run: async () => idle(dialect, await startTracker(size)) };
}

function idleBare(name: string, secure: boolean): Variant {
  const bare = { secure, answerBytes: [], fanOutBytes: [] };
  return { name, run: async () => idle(secure ? "tls" : "tcp", await startBare(bare)) };
}

const idleFigures: Benchmark["figures"] = [
  { key: "memory", title: "memory per session", unit: "KiB", digits: 1, targets: [] },
  { key: "rate", title: "logins", unit: "1/s", digits: 0, targets: [] },
  { key: "cpu", title: "processor time of the server per login", unit: "ms", digits: 2, targets: [] },
];

// ---- lists

const FEW = 100;
/** With more accounts online than a page of peers holds. */
const ONLINE = 400;
const ASKERS = 100;
const SMALL_TRACKER = `Papo tracker, ${FEW} accounts and rooms`;

let listBytes: readonly number[] = [];

async function lists(kind: SessionKind, server: Server, online: number): Promise<Record<string, number>> {
  const load = { kind, port: server.port, accountsPath: accountFile(), count: online };
  const client = startPart("list-load", { ...load, wanted: benchName(FEW >> 1), askers: ASKERS });
  try {
    return await client.next<Record<string, number>>();
  } finally {
    await Promise.all([client.stop(), server.part.stop()]);
  }
}

function listsOfTracker(name: string, { count, online }: { readonly count: number; readonly online: number }): Variant {
  return {
    name,
    async run() {
      const server = await startTracker({ dialect: "papo", accounts: count, rooms: count, crowd: 0 });
      const found = await lists("papo", server, online);
      if (count !== FEW) listBytes = ["roomsBytes", "peersBytes", "findBytes"].map((key) => found[key] ?? 0);
      return found;
    },
  };
}

const listsOfBare: Variant = {
  name: BARE_TLS,
  async run() {
    const bare = { secure: true, answerBytes: listBytes.map(frameBytes), fanOutBytes: [] };
    return lists("tls", await startBare(bare), ONLINE);
  },
};

/** Clients count payloads. */
function frameBytes(payloadBytes: number): number {
  return FRAME_HEADER_BYTES + payloadBytes;
}

const listFigures: Benchmark["figures"] = [
  ...listFigure("rooms", "LIST_ROOMS"),
  ...listFigure("peers", "LIST_PEERS"),
  ...listFigure("find", "FIND_PEER"),
];

function listFigure(key: string, command: string): Benchmark["figures"] {
  const targets = [{ against: SMALL_TRACKER, ratioAtMost: 1.05 }];
  return [
    { key, title: command, unit: "µs", digits: 0, targets: [] },
    { key: `${key}Bytes`, title: `${command} answer`, unit: "bytes", digits: 0, targets },
  ];
}

// ---- one change told to a thousand

const CROWD = 1_000;

let updateBytes: readonly number[] = [];

type Updated = {
  readonly p50: number;
  readonly p99: number;
  readonly bytes: number;
  readonly pushBytes: readonly number[];
};

async function updates(kind: SessionKind, server: Server): Promise<Updated> {
  const load = { kind, port: server.port, accountsPath: accountFile(), count: CROWD };
  const client = startPart("update-load", { ...load, room: benchRoom(0) });
  try {
    return await client.next<Updated>();
  } finally {
    await Promise.all([client.stop(), server.part.stop()]);
  }
}

const updatesOfTracker: Variant = {
  name: TRACKER,
  async run() {
    const size = { dialect: "papo", accounts: CROWD, rooms: 0, crowd: CROWD } as const;
    const { pushBytes, ...found } = await updates("papo", await startTracker(size));
    updateBytes = pushBytes;
    return found;
  },
};

const updatesOfBare: Variant = {
  name: BARE_TLS,
  async run() {
    const bare = { secure: true, answerBytes: [LOGIN_BYTES], fanOutBytes: updateBytes.map(frameBytes) };
    const { p50, p99, bytes } = await updates("tls", await startBare(bare));
    return { p50, p99, bytes };
  },
};

const thousands = (count: number): string => count.toLocaleString("en");

export const trackerBenchmarks: readonly Benchmark[] = [
  {
    name: "tracker-idle-papo",
    title: `${thousands(SESSIONS)} Papo sessions that log in by key, then say nothing`,
    subject: idleTracker(TRACKER, "papo"),
    baselines: [idleBare(BARE_TLS, true)],
    figures: idleFigures,
    method:
      "Every session has an account and a certificate of its own; 16 are opened at a time (TCP, TLS 1.3 with both certificates, `HELLO`, `LOGIN`), from eight loopback addresses. The bare server has the same TLS settings and answers one request of the same bytes. Memory is what the server's process holds more than before, resident, after garbage collection; buffers in the kernel are not in it. Client and server share the machine, and the client's share of a handshake is as large.",
  },
  {
    name: "tracker-idle-seed",
    title: `${thousands(SESSIONS)} seed sessions that log in, then say nothing`,
    subject: idleTracker(TRACKER, "seed"),
    baselines: [idleBare(BARE_TCP, false)],
    figures: idleFigures,
    method:
      "As above over plain TCP in the original's dialect. A quick hash stands in the place of argon2id, which alone would take minutes and leaves nothing behind in a session; so the logins per second are not those of passwords.",
  },
  {
    name: "tracker-lists",
    title: `Lists of a tracker with ${thousands(SESSIONS)} accounts and as many rooms`,
    subject: listsOfTracker(TRACKER, { count: SESSIONS, online: ONLINE }),
    baselines: [listsOfTracker(SMALL_TRACKER, { count: FEW, online: FEW }), listsOfBare],
    figures: listFigures,
    method: `Round trips of one request at a time, over ${ASKERS} sessions in turn, each within what it may ask at once; the median of the third pass within each round. ${thousands(ONLINE)} accounts are online. The smaller tracker shows that no answer grows with the number of accounts, the bare server answers with as many bytes as the large one.`,
  },
  {
    name: "tracker-updates",
    title: `ROOM_UPDATE to ${thousands(CROWD)} members`,
    subject: updatesOfTracker,
    baselines: [updatesOfBare],
    figures: [
      { key: "p99", title: "p99", unit: "ms", digits: 1, targets: [] },
      { key: "p50", title: "p50", unit: "ms", digits: 1, targets: [] },
      { key: "bytes", title: "update", unit: "bytes", digits: 0, targets: [] },
    ],
    method:
      "One member leaves and joins in turn; from the sending of that to its arrival at each of the 999 others, who are all in one process. The bare server writes as many bytes to as many TLS connections.",
  },
];
