import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { type Listener, type Network, systemClock, systemRandom, tcpNetwork } from "@papo/link";
import { openPeer, type PeerApi } from "@papo/peer";
import { parseTrackerAddress, succeed } from "@papo/protocol";
import type { ProgramCall, ProgramLine } from "./program-lines.ts";

// A peer without a screen, to be killed: `peer-program.ts PROFILE TRACKER`. Each line of its input is a call of the engine, each line of its
// output an answer or an event. It ends when its input does.

const STDOUT = 1;
/** Before a full pipe is tried again. */
const FULL_PIPE_MS = 2;
const [profile = "", trackerText = ""] = process.argv.slice(2);
/** Whoever runs us puts a proxy before each port that we listen on, and says where. */
const proxyPorts: ((port: number) => void)[] = [];

/** Whatever happens next, it has been said, whole and in this order; who is killed in the middle of a line was not heard. */
function say(line: ProgramLine): void {
  let rest: Uint8Array = Buffer.from(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) rest = rest.subarray(written(rest));
}

/** How much the pipe took. A worker's start makes the pipe one that refuses where it would block. */
function written(bytes: Uint8Array): number {
  try {
    return writeSync(STDOUT, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MS);
    return 0;
  }
}

const inner = tcpNetwork(systemClock);
const network: Network = {
  dial: (options) => inner.dial(options),
  relayed: (options) => inner.relayed(options),
  punched: (options) => inner.punched(options),
  rendezvous: (options) => inner.rendezvous(options),
  listen: async (options) => {
    const opened = await inner.listen(options);
    if (!opened.ok) return opened;
    const port = new Promise<number>((resolve) => proxyPorts.push(resolve));
    say({ listening: opened.value.port });
    return succeed(listeningAt(await port, opened.value));
  },
};

function listeningAt(port: number, listener: Listener): Listener {
  return {
    ...{ host: listener.host, port },
    get openSockets() {
      return listener.openSockets;
    },
    close: () => listener.close(),
  };
}

async function answer(api: PeerApi, { id, call, args }: Extract<ProgramCall, { call: string }>): Promise<void> {
  const method: unknown = Reflect.get(api, call);
  if (typeof method !== "function") throw new TypeError(`no such call: ${call}`);
  const result: unknown = await Reflect.apply(method, api, args);
  say({ id, result: await plain(result) });
}

/** An export comes piece by piece. */
async function plain(result: unknown): Promise<unknown> {
  const { value } = (result ?? {}) as { readonly value?: unknown };
  if (typeof value !== "object" || value === null || !(Symbol.asyncIterator in value)) return result ?? null;
  const pieces: string[] = [];
  for await (const piece of value as AsyncIterable<string>) pieces.push(piece);
  return succeed(pieces);
}

const tracker = parseTrackerAddress(trackerText);
if (!tracker.ok) throw new Error(tracker.fault.detail);
const opened = await openPeer({
  ...{ profile, tracker: tracker.value, network },
  ...{ clock: systemClock, random: systemRandom, allowPlaintext: false },
});
if (!opened.ok) throw new Error(`${opened.fault.code}: ${opened.fault.detail}`);
const api = opened.value;
api.subscribe((event) => say({ event }));
say({ opened: process.pid });
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line) as ProgramCall;
  if ("proxyPort" in asked) proxyPorts.shift()?.(asked.proxyPort);
  else void answer(api, asked);
}
await api.close();
