import type { Benchmark, Variant } from "../measure/benchmark.ts";
import { startPart } from "../measure/process.ts";
import type { Listening, Transport } from "../parts/transport.ts";

type Load = { readonly way: string; readonly messages: number; readonly bytes: number; readonly window: number };

const PAPO = "Papo link";
const BATCHED = "TCP, one write per turn";
const UNBATCHED = "TCP, one write per message";
const TLS_BATCHED = "node:tls, one write per turn";
const TLS_UNBATCHED = "node:tls, one write per message";

function variant(name: string, transport: Transport, load: Load): Variant {
  return {
    name,
    async run() {
      const server = startPart("echo-server", { transport });
      const to = await server.next<Listening>();
      const client = startPart("echo-load", { transport, to, ...load });
      const { value } = await client.next<{ value: number }>();
      await Promise.all([client.stop(), server.stop()]);
      return value;
    },
  };
}

const small: Load = { way: "throughput", messages: 600_000, bytes: 200, window: 2_000 };
const few: Load = { ...small, messages: 100_000 };
const blocks: Load = { way: "throughput", messages: 8_000, bytes: 65_536, window: 32 };
const single: Load = { way: "roundTrip", messages: 5_000, bytes: 200, window: 1 };
const connects: Load = { way: "connect", messages: 200, bytes: 200, window: 1 };

export const linkBenchmarks: readonly Benchmark[] = [
  {
    name: "link-messages",
    title: "Messages of 200 bytes through an echo",
    unit: "messages/s",
    digits: 0,
    subject: variant(PAPO, "papo", small),
    baselines: [
      variant(BATCHED, "tcp batched", small),
      variant(UNBATCHED, "tcp unbatched", few),
      variant(TLS_BATCHED, "tls batched", small),
    ],
    targets: [
      { against: BATCHED, ratioAtLeast: 0.5 },
      { against: UNBATCHED, ratioAtLeast: 4 },
    ],
    method:
      "One connection, 2,000 messages under way at once, each echoed by the other process. The bare ones put a 4-byte length before each message and encrypt nothing.",
  },
  {
    name: "link-blocks",
    title: "Blocks of 64 KiB through an echo",
    unit: "blocks/s",
    digits: 0,
    subject: variant(PAPO, "papo", blocks),
    baselines: [variant(BATCHED, "tcp batched", blocks), variant(TLS_BATCHED, "tls batched", blocks)],
    targets: [{ against: BATCHED, ratioAtLeast: 0.45 }],
    method: "One connection, 32 blocks under way at once, each echoed by the other process.",
  },
  {
    name: "link-round-trip",
    title: "Round trip of 200 bytes",
    unit: "µs",
    digits: 1,
    subject: variant(PAPO, "papo", single),
    baselines: [variant(UNBATCHED, "tcp unbatched", single), variant(TLS_UNBATCHED, "tls unbatched", single)],
    targets: [{ against: UNBATCHED, ratioAtMost: 1.5 }],
    method: "One message under way at a time; the median of 5,000 within each round.",
  },
  {
    name: "link-connect",
    title: "From dialling to the first encrypted answer",
    unit: "ms",
    digits: 2,
    subject: variant(PAPO, "papo", connects),
    baselines: [variant(UNBATCHED, "tcp unbatched", connects), variant(TLS_UNBATCHED, "tls unbatched", connects)],
    targets: [{ against: UNBATCHED, ratioAtMost: 8 }],
    method:
      "A new connection each time, both certificates checked, X25519MLKEM768, then one message and its echo; the median of 200 within each round.",
  },
];
