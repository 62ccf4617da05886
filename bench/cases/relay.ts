import { randomBytes } from "node:crypto";
import type { Benchmark, Variant } from "../measure/benchmark.ts";
import type { State } from "../measure/part.ts";
import { type Part, startPart } from "../measure/process.ts";
import type { RelayPlace } from "../parts/relay-tickets.ts";
import type { Listening } from "../parts/transport.ts";

const PAPO = "Papo relay";
const PIPE = "socket.pipe";
const DIRECT = "no relay: the direct link";

type Kind = "papo" | "pipe";
type Server = { readonly part: Part; readonly place: RelayPlace };

async function startRelay(kind: Kind, isLimited = false): Promise<Server> {
  const secret = randomBytes(32).toString("base64");
  const part = startPart("relay-server", { kind, secret, isLimited });
  const { port } = await part.next<{ port: number }>();
  return { part, place: { port, secret } };
}

// ---- one link

type Load = { readonly way: string; readonly messages: number; readonly bytes: number; readonly window: number };

const blocks: Load = { way: "throughput", messages: 3_000, bytes: 65_536, window: 32 };
const single: Load = { way: "roundTrip", messages: 10_000, bytes: 200, window: 1 };

function echo(name: string, kind: Kind | undefined, load: Load): Variant {
  return {
    name,
    async run() {
      const relay = kind === undefined ? undefined : await startRelay(kind);
      const settings = relay === undefined ? { transport: "papo" } : { transport: "papo relayed", relay: relay.place };
      const server = startPart("echo-server", settings);
      const to = await server.next<Listening>();
      const client = startPart("echo-load", { ...settings, to, ...load });
      const found = await client.next<{ value: number }>();
      await Promise.all([client.stop(), server.stop(), relay?.part.stop()]);
      return found;
    },
  };
}

function oneLink(load: Load): Pick<Benchmark, "subject" | "baselines"> {
  return {
    subject: echo(PAPO, "papo", load),
    baselines: [echo(PIPE, "pipe", load), echo(DIRECT, undefined, load)],
  };
}

// ---- many links

const PAIRS = 500;
const QUIET_MS = 6_000;

function crowd(name: string, kind: Kind): Variant {
  return {
    name,
    async run() {
      const { part, place } = await startRelay(kind, true);
      const parts: Part[] = [part];
      const load = async (first: number, pairs: number): Promise<Part> => {
        const started = startPart("relay-load", { relay: place, first, pairs });
        parts.push(started);
        await started.next();
        return started;
      };
      try {
        // A few that go again, so that code is compiled and pages are touched.
        await (await load(10_000, 50)).stop();
        const before = await stateOf(part, 0);
        const others = await load(0, PAIRS - 1);
        const greedy = await load(PAIRS, 1);
        const after = await stateOf(part, 2 * PAIRS);
        const alone = await latencyOf(others);
        greedy.say({ greedy: true });
        const beside = await latencyOf(others);
        const memory = (after.memory - before.memory) / PAIRS / 1024;
        return { memory, alone: alone.p50, worst: alone.p99, beside: beside.p50, besideWorst: beside.p99 };
      } finally {
        await Promise.all(parts.map((one) => one.stop()));
      }
    },
  };
}

async function latencyOf(load: Part): Promise<{ readonly p50: number; readonly p99: number }> {
  load.say({ quiet: QUIET_MS });
  return load.next();
}

function stateOf(part: Part, connections: number): Promise<State> {
  part.say(connections);
  return part.next<State>();
}

const latency = { unit: "ms", digits: 2, targets: [] } as const satisfies Partial<Benchmark["figures"][number]>;

export const relayBenchmarks: readonly Benchmark[] = [
  {
    name: "relay-blocks",
    title: "Blocks of 64 KiB through an echo, by way of a relay",
    ...oneLink(blocks),
    figures: [
      { key: "value", title: "blocks", unit: "1/s", digits: 0, targets: [{ against: PIPE, ratioAtLeast: 0.8 }] },
    ],
    method:
      "One Papo link, 32 blocks under way at once, each echoed by the other process. The relay is a process of its own without byte budgets; `socket.pipe` joins the same two connections in both directions.",
  },
  {
    name: "relay-round-trip",
    title: "Round trip of 200 bytes by way of a relay",
    ...oneLink(single),
    figures: [
      { key: "value", title: "round trip", unit: "µs", digits: 1, targets: [{ against: PIPE, ratioAtMost: 1.2 }] },
    ],
    method: "One message under way at a time; the median of 10,000 within each round.",
  },
  {
    name: "relay-pairs",
    title: `${PAIRS} links through one relay, one of them greedy`,
    subject: crowd(PAPO, "papo"),
    baselines: [crowd(PIPE, "pipe")],
    rounds: 3,
    figures: [
      { key: "memory", title: "memory per link", unit: "KiB", digits: 1, targets: [{ valueAtMost: 32 }] },
      { ...latency, key: "alone", title: "round trip, median" },
      { ...latency, key: "worst", title: "round trip, 99th of 100" },
      {
        ...latency,
        key: "beside",
        title: "beside a greedy one, median",
        targets: [{ against: PIPE, ratioAtMost: 0.5 }],
      },
      { ...latency, key: "besideWorst", title: "beside a greedy one, 99th of 100" },
    ],
    method: `${PAIRS - 1} links say 200 bytes twice a second each and hear them back, for ${QUIET_MS / 1000} s; then again while another link sends as fast as it goes. The relay has its usual byte budgets. Memory is that of the relay's process, after a first few links have come and gone.`,
  },
];
