import { heard, pause, settingsOfPart, tell } from "../measure/part.ts";
import { nowNs } from "../measure/stamp.ts";
import { type Listening, type Transport, transporterOf } from "./transport.ts";

// Sends messages that say when they left to a `flow-sink`, as fast as it goes or so many a second.

type Load = { readonly messages: number; readonly bytes: number; readonly perSecond: number | null };

const { transport, to } = settingsOfPart<{ transport: Transport; to: Listening }>();
const carrier = await (await transporterOf(transport)).dial(to);
tell({});

/** Handed over in one turn of the loop. */
const AT_ONCE = 512;

for await (const { messages, bytes, perSecond } of heard<Load>()) {
  const startedNs = nowNs();
  let sent = 0;
  while (sent < messages) {
    const elapsed = (nowNs() - startedNs) / 1e9;
    const due = perSecond === null ? sent + AT_ONCE : Math.floor(elapsed * perSecond);
    for (; sent < Math.min(due, messages); sent += 1) {
      const payload = Buffer.alloc(bytes);
      payload.writeBigUInt64BE(BigInt(nowNs()));
      carrier.send(payload);
    }
    await (perSecond === null ? carrier.drained() : pause(1));
  }
  tell({ startedNs });
}
