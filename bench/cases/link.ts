import type { Benchmark, Target, Variant } from "../measure/benchmark.ts";
import { startPart } from "../measure/process.ts";
import type { Listening, Transport } from "../parts/transport.ts";

type Load = { readonly way: string; readonly messages: number; readonly bytes: number; readonly window: number };

export const PAPO = "Papo link";
export const TCP_BATCHED = "TCP, one write per tick";
export const TCP_UNBATCHED = "TCP, one write per message";
export const TLS_BATCHED = "node:tls, one write per tick";
export const TLS_UNBATCHED = "node:tls, one write per message";

function variant(name: string, transport: Transport, load: Load): Variant {
  return {
    name,
    async run() {
      const server = startPart("echo-server", { transport });
      const to = await server.next<Listening>();
      const client = startPart("echo-load", { transport, to, ...load });
      const found = await client.next<{ value: number }>();
      await Promise.all([client.stop(), server.stop()]);
      return found;
    },
  };
}

function figure(title: string, unit: string, digits: number, ...targets: readonly Target[]): Benchmark["figures"] {
  return [{ key: "value", title, unit, digits, targets }];
}

const small: Load = { way: "throughput", messages: 600_000, bytes: 200, window: 2_000 };
const few: Load = { ...small, messages: 100_000 };
const blocks: Load = { way: "throughput", messages: 6_000, bytes: 65_536, window: 32 };
const single: Load = { way: "roundTrip", messages: 10_000, bytes: 200, window: 1 };
const connects: Load = { way: "connect", messages: 300, bytes: 200, window: 1 };

export const linkBenchmarks: readonly Benchmark[] = [
  {
    name: "link-messages",
    title: "Messages of 200 bytes through an echo",
    subject: variant(PAPO, "papo", small),
    baselines: [
      variant(TCP_BATCHED, "tcp batched", small),
      variant(TCP_UNBATCHED, "tcp unbatched", few),
      variant(TLS_BATCHED, "tls batched", small),
    ],
    figures: figure(
      "messages",
      "1/s",
      0,
      { against: TCP_BATCHED, ratioAtLeast: 0.5 },
      { against: TCP_UNBATCHED, ratioAtLeast: 4 },
    ),
    method:
      "One connection, 2,000 messages under way at once, each echoed by the other process. The bare ones put a 4-byte length before each message; TCP encrypts nothing, `node:tls` has the settings of a Papo link and checks nothing.",
  },
  {
    name: "link-blocks",
    title: "Blocks of 64 KiB through an echo",
    subject: variant(PAPO, "papo", blocks),
    baselines: [variant(TCP_BATCHED, "tcp batched", blocks), variant(TLS_BATCHED, "tls batched", blocks)],
    figures: figure("blocks", "1/s", 0, { against: TCP_BATCHED, ratioAtLeast: 0.45 }),
    method: "One connection, 32 blocks under way at once, each echoed by the other process.",
  },
  {
    name: "link-round-trip",
    title: "Round trip of 200 bytes",
    subject: variant(PAPO, "papo", single),
    baselines: [variant(TCP_UNBATCHED, "tcp unbatched", single), variant(TLS_UNBATCHED, "tls unbatched", single)],
    figures: figure("round trip", "µs", 1, { against: TCP_UNBATCHED, ratioAtMost: 1.5 }),
    method: "One message under way at a time; the median of 10,000 within each round.",
  },
  {
    name: "link-connect",
    title: "From dialling to the first encrypted answer",
    subject: variant(PAPO, "papo", connects),
    baselines: [variant(TCP_UNBATCHED, "tcp unbatched", connects), variant(TLS_UNBATCHED, "tls unbatched", connects)],
    figures: figure("time", "ms", 2, { against: TCP_UNBATCHED, ratioAtMost: 8 }),
    method:
      "A new connection each time, a certificate on both sides, X25519MLKEM768, then one message and its echo; the median of 300 within each round.",
  },
];
