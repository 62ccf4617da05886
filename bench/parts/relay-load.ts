import { connect, type Socket } from "node:net";
import { heard, pause, settingsOfPart, tell } from "../measure/part.ts";
import { latencies, nowNs } from "../measure/stamp.ts";
import { type RelayPlace, relayTicket } from "./relay-tickets.ts";

// Pairs that a relay joins. They speak no TLS: a relay cannot tell. Opens them, tells so, and does what it hears:
// `{ "quiet": MS }`: each pair says 200 bytes twice a second and hears them back for that long; tells how long that took.
// `{ "greedy": true }`: the first pair sends as fast as it goes from now on.

type Settings = { readonly relay: RelayPlace; readonly first: number; readonly pairs: number };
type Wish = { readonly quiet?: number; readonly greedy?: boolean };
type Pair = { readonly one: Socket; readonly other: Socket };

const FIRST_BYTE = Buffer.of(0x50);
const MESSAGE_BYTES = 200;
const EVERY_MS = 500;
const CHUNK = Buffer.alloc(65_536);

const { relay, first, pairs } = settingsOfPart<Settings>();
const open: Pair[] = [];
for (let number = first; number < first + pairs; number += 1) open.push(await opened(number));
tell({ pairs: open.length });
for await (const { quiet, greedy } of heard<Wish>()) {
  if (quiet !== undefined) tell(latencies((await Promise.all(open.map((pair) => converse(pair, quiet)))).flat()));
  if (greedy === true) sendForEver(open[0]);
}

/** Both sides, and a first byte through both, so that it stands. */
async function opened(number: number): Promise<Pair> {
  const other = await side(number, "server");
  const one = await side(number, "client");
  other.once("data", () => {
    other.on("data", (chunk: Buffer) => other.write(chunk));
    other.write("x");
  });
  await new Promise((resolve) => {
    one.once("data", resolve);
    one.write("x");
  });
  return { one, other };
}

function side(number: number, role: "client" | "server"): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: relay.port, noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.write(Buffer.concat([FIRST_BYTE, relayTicket(relay, number, role)]));
      resolve(socket);
    });
  });
}

/** Nanoseconds of each round trip. The pairs begin spread over the interval. */
async function converse({ one }: Pair, forMs: number): Promise<readonly number[]> {
  const times: number[] = [];
  const endsAt = performance.now() + forMs;
  await pause(Math.random() * EVERY_MS);
  while (performance.now() < endsAt) {
    const started = nowNs();
    await echoed(one);
    times.push(nowNs() - started);
    await pause(EVERY_MS);
  }
  return times;
}

function echoed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    let missing = MESSAGE_BYTES;
    const take = (chunk: Buffer): void => {
      missing -= chunk.length;
      if (missing > 0) return;
      socket.off("data", take);
      resolve();
    };
    socket.on("data", take);
    socket.write(Buffer.alloc(MESSAGE_BYTES));
  });
}

function sendForEver(pair: Pair | undefined): void {
  if (pair === undefined) throw new RangeError("no pair");
  pair.other.removeAllListeners("data").on("data", () => undefined);
  const fill = (): void => {
    while (pair.one.write(CHUNK));
    pair.one.once("drain", fill);
  };
  fill();
}
