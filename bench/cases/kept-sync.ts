import { join } from "node:path";
import type { RoomId } from "@papo/protocol";
import type { Benchmark, Found, Variant } from "../measure/benchmark.ts";
import {
  BARE,
  type Begun,
  type Came,
  KEPT_ROUNDS,
  type Tracker,
  ask,
  startPeer,
  startTracker,
  temporaryFolder,
} from "../measure/kept-parts.ts";
import { startPart } from "../measure/process.ts";
import type { Listening } from "../parts/transport.ts";

const RETURNING = "a Papo peer";
const MISSED = 100_000;
const AUTHORS = 20;
/** Said by one author before the next one speaks. */
const TURN = 25;
/** Of the bare link. */
const BLOCK_BYTES = 65_536;

/** Each comes back once. */
const RETURNING_NAMES = Array.from({ length: KEPT_ROUNDS }, (_, index) => `back${index}`);

type Backlog = { readonly folder: string; readonly tracker: Tracker };

let backlog: Promise<Backlog> | undefined;
let missedBytes = MISSED * 500;

async function makeBacklog(): Promise<Backlog> {
  const folder = temporaryFolder();
  const tracker = await startTracker().next<Tracker>();
  const profile = join(folder, "ana");
  const before = await startPeer(profile, tracker, "ana");
  const { room } = await ask<{ room: RoomId }>(before, { do: "create", name: "bench", members: 1 });
  const names = Array.from({ length: AUTHORS }, (_, index) => `author${index}`);
  const crowd = startPart("kept-crowd", {
    ...{ ...tracker, profile: folder, room: "bench" },
    names: [...names, ...RETURNING_NAMES],
  });
  await crowd.next();
  await ask(before, { do: "close" });
  const load = { holder: profile, folder, names, key: tracker.key, room, messages: MISSED, atOnce: TURN };
  const { bytes } = await startPart("kept-authors", load).next<{ bytes: number }>();
  missedBytes = bytes * MISSED;
  await startPeer(profile, tracker, "ana");
  return { folder, tracker };
}

const syncOfPapo: Variant = {
  name: RETURNING,
  async run() {
    backlog ??= makeBacklog();
    const { folder, tracker } = await backlog;
    const name = RETURNING_NAMES.shift();
    if (name === undefined) throw new Error("nobody is left to come back");
    const part = startPart("kept-peer", { profile: join(folder, name), ...tracker, username: name });
    try {
      const { startedNs } = await part.next<Begun>();
      const came = await ask<Came & { verified: number }>(part, { do: "expect", messages: MISSED });
      return syncFound((came.endedNs - startedNs) / 1e9, came);
    } finally {
      await part.stop();
    }
  },
};

function syncFound(seconds: number, { peak, verified }: { readonly peak: number; readonly verified?: number }): Found {
  const common = { seconds, rate: MISSED / seconds, memory: peak / 2 ** 20 };
  return verified === undefined ? common : { ...common, verified };
}

const syncOfLink: Variant = {
  name: BARE,
  async run() {
    const sink = startPart("flow-sink", { transport: "papo" });
    const source = startPart("flow-load", { transport: "papo", to: await sink.next<Listening>() });
    await source.next();
    try {
      const messages = Math.ceil(missedBytes / BLOCK_BYTES);
      sink.say(messages);
      source.say({ messages, bytes: BLOCK_BYTES, perSecond: null });
      const [{ startedNs }, came] = await Promise.all([source.next<Begun>(), sink.next<Came>()]);
      return syncFound((came.endedNs - startedNs) / 1e9, came);
    } finally {
      await Promise.all([source.stop(), sink.stop()]);
    }
  },
};

export const keptSync: Benchmark = {
  name: "kept-sync",
  title: `A member comes back to ${MISSED.toLocaleString("en")} missed messages of ${AUTHORS} authors`,
  rounds: KEPT_ROUNDS,
  subject: syncOfPapo,
  baselines: [syncOfLink],
  figures: [
    { key: "seconds", title: "time", unit: "s", digits: 2, targets: [] },
    { key: "rate", title: "messages", unit: "1/s", digits: 0, targets: [] },
    { key: "memory", title: "peak memory", unit: "MiB", digits: 0, targets: [{ valueAtMost: 150 }] },
    {
      key: "verified",
      title: "signatures verified",
      unit: "",
      digits: 0,
      targets: [{ valueAtMost: (2 * MISSED) / TURN }],
    },
  ],
  method: `A peer logs in, links with the one member who is there and has everything, and is done when it has told the last message as an event, durable in its file. The authors took turns, ${TURN} messages of 100 characters at a time with one signature each. Peak memory is all of the process, Node included. The bare link carries as many bytes in blocks of 64 KiB.`,
};
