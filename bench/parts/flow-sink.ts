import { latencies, nowNs } from "../measure/stamp.ts";
import { heard, settingsOfPart, tell } from "../measure/part.ts";
import { PeakMemory } from "../measure/peak-memory.ts";
import { type Transport, transporterOf } from "./transport.ts";

// Takes in what a `flow-load` sends and does nothing with it. For each number it is told: waits for so many messages, and tells how it went.

const { transport } = settingsOfPart<{ transport: Transport }>();
const transporter = await transporterOf(transport);
const memory = new PeakMemory();
const arrivals: number[] = [];
let came = (): void => undefined;
const listening = await transporter.listen((carrier) =>
  carrier.onMessage((payload) => {
    arrivals.push(nowNs() - Number(Buffer.from(payload.buffer, payload.byteOffset, 8).readBigUInt64BE()));
    came();
  }),
);
tell(listening);

for await (const messages of heard<number>()) {
  await new Promise<void>((resolve) => {
    came = () => {
      if (arrivals.length >= messages) resolve();
    };
    came();
  });
  tell({ endedNs: nowNs(), peak: memory.peakBytes, ...latencies(arrivals.splice(0, messages)) });
}
