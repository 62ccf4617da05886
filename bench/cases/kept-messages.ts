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
  inFolder,
  startPeer,
  startTracker,
} from "../measure/kept-parts.ts";
import { type Part, startPart } from "../measure/process.ts";
import type { Listening } from "../parts/transport.ts";

const PAPO = "two Papo peers";

/** Of one message on the link, as the last round found it; the bare link carries as much. */
let messageBytes = 500;

const MESSAGES = 100_000;
const WARM_UP_MESSAGES = 20_000;
/** Sends that are not durable at the sender. */
const WINDOW = 4_096;
const PACED_PER_SECOND = 1_000;
const PACED_MESSAGES = 4_000;

const messagesOfPapo: Variant = {
  name: PAPO,
  run: () =>
    inFolder(async (folder) => {
      const tracker = startTracker();
      const at = await tracker.next<Tracker>();
      const [ana, bob] = await Promise.all([
        startPeer(join(folder, "ana"), at, "ana"),
        startPeer(join(folder, "bob"), at, "bob"),
      ]);
      try {
        const { room } = await ask<{ room: RoomId }>(ana, { do: "create", name: "bench", members: 1 });
        await ask(bob, { do: "join", name: "bench", members: 2 });
        const load = (messages: number) => ({ do: "load", room, messages, window: WINDOW });
        await flow(ana, load(WARM_UP_MESSAGES), bob, WARM_UP_MESSAGES);
        const rate = await flow(ana, load(MESSAGES), bob, MESSAGES);
        const pace = { do: "pace", room, messages: PACED_MESSAGES, perSecond: PACED_PER_SECOND };
        const paced = await flow(ana, pace, bob, PACED_MESSAGES);
        messageBytes = (await ask<{ bytes: number }>(ana, { do: "bytes" })).bytes;
        return messagesFound(rate, paced);
      } finally {
        await Promise.all([ana.stop(), bob.stop(), tracker.stop()]);
      }
    }),
};

type Flow = { readonly seconds: number; readonly messages: number; readonly came: Came };

/** What one part sends and the other gets, from the first send to the last arrival. */
async function flow(from: Part, command: object, to: Part, messages: number): Promise<Flow> {
  const arrived = ask<Came>(to, { do: "expect", messages });
  const begun = ask<Begun>(from, { ...command });
  const [{ startedNs }, came] = await Promise.all([begun, arrived]);
  return { seconds: (came.endedNs - startedNs) / 1e9, messages, came };
}

function messagesFound(rate: Flow, { came }: Flow): Found {
  return { rate: rate.messages / rate.seconds, p50: came.p50, p99: came.p99, bytes: messageBytes };
}

const messagesOfLink: Variant = {
  name: BARE,
  async run() {
    const sink = startPart("flow-sink", { transport: "papo" });
    const to = await sink.next<Listening>();
    const source = startPart("flow-load", { transport: "papo", to });
    await source.next();
    try {
      const send = async (messages: number, perSecond: number | null): Promise<Flow> => {
        sink.say(messages);
        source.say({ messages, bytes: messageBytes, perSecond });
        const [{ startedNs }, came] = await Promise.all([source.next<Begun>(), sink.next<Came>()]);
        return { seconds: (came.endedNs - startedNs) / 1e9, messages, came };
      };
      await send(WARM_UP_MESSAGES, null);
      const rate = await send(MESSAGES, null);
      return messagesFound(rate, await send(PACED_MESSAGES, PACED_PER_SECOND));
    } finally {
      await Promise.all([source.stop(), sink.stop()]);
    }
  },
};

export const keptMessages: Benchmark = {
  name: "kept-messages",
  title: "Messages of a kept room between two peers, durable on both disks",
  rounds: KEPT_ROUNDS,
  subject: messagesOfPapo,
  baselines: [messagesOfLink],
  figures: [
    { key: "rate", title: "messages", unit: "1/s", digits: 0, targets: [{ valueAtLeast: 20_000 }] },
    {
      key: "p50",
      title: "to the other's event at 1,000 a second, median",
      unit: "ms",
      digits: 2,
      targets: [{ valueAtMost: 10 }],
    },
    { key: "p99", title: "99th percentile", unit: "ms", digits: 2, targets: [] },
    { key: "bytes", title: "of one message on the link", unit: "bytes", digits: 0, targets: [] },
  ],
  method: `Two peers and a tracker, each a process of its own. One sends ${MESSAGES.toLocaleString("en")} texts of 100 characters into a room, ${WINDOW.toLocaleString("en")} of them at a time not yet durable in its own file; the clock stops when the other has told the last of them as an event, durable in its file as well. Then ${PACED_PER_SECOND.toLocaleString("en")} a second. The bare link carries as many bytes in as many frames and keeps none.`,
};
