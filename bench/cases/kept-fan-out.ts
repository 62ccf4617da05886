import type { Benchmark, Found, Variant } from "../measure/benchmark.ts";
import { KEPT_ROUNDS } from "../measure/kept-parts.ts";
import { startPart } from "../measure/process.ts";

const TEN = "10 members";
const BURSTS = 40;
const BURST_MESSAGES = 10;
const BURST_EVERY_MS = 100;

function fanOut(members: number): Variant {
  return {
    name: `${members} members`,
    async run() {
      const burst = { bursts: BURSTS, atOnce: BURST_MESSAGES, everyMs: BURST_EVERY_MS };
      const part = startPart("kept-fan-out", { members, ...burst });
      try {
        return await part.next<Found>();
      } finally {
        await part.stop();
      }
    },
  };
}

export const keptFanOut: Benchmark = {
  name: "kept-fan-out",
  title: "What a message costs in rooms of 3 to 100 members",
  rounds: KEPT_ROUNDS,
  subject: fanOut(100),
  baselines: [fanOut(30), fanOut(10), fanOut(3)],
  figures: [
    {
      key: "cpu",
      title: "processor time per message and member",
      unit: "µs",
      digits: 0,
      targets: [{ against: TEN, ratioAtMost: 1.5 }],
    },
    { key: "copies", title: "copies that a member gets", unit: "", digits: 2, targets: [] },
    { key: "reach", title: `${BURST_MESSAGES} messages to all, median`, unit: "ms", digits: 1, targets: [] },
  ],
  method: `All members in one process, each with its own log in memory, keys, signatures and acknowledgements, and links in memory that carry encoded bytes; no TLS, no disk, no screen. One says ${BURST_MESSAGES} messages every ${BURST_EVERY_MS} ms. Processor time is of all members together, receipts included. Up to 32 members everybody is linked with everybody; above, with about eight neighbours, who pass on.`,
};
