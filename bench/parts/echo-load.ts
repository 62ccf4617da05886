import { settingsOfPart, tell } from "../measure/part.ts";
import type { RelayPlace } from "./relay-tickets.ts";
import { type Carrier, type Listening, type Transport, transporterOf } from "./transport.ts";

// Loads an echo server in one of four ways and tells one figure.

type Load = {
  transport: Transport;
  to: Listening;
  relay?: RelayPlace;
  way: keyof typeof ways;
  messages: number;
  bytes: number;
  window: number;
};

const ways = { throughput, roundTrip, connect } as const;
const load = settingsOfPart<Load>();
const transporter = await transporterOf(load.transport, load.relay);
// A part of each measure so that code is compiled and pages are touched before the clock runs.
await ways[load.way]({ ...load, messages: Math.ceil(load.messages / 5) });
tell({ value: await ways[load.way](load) });

/** Messages a second through the echo, `window` of them under way at once. */
async function throughput({ to, messages, bytes, window }: Load): Promise<number> {
  const carrier = await transporter.dial(to);
  const payload = new Uint8Array(bytes).fill(97);
  const started = performance.now();
  await new Promise<void>((resolve) => {
    let sent = 0;
    let received = 0;
    const fill = () => {
      while (sent < messages && sent - received < window) {
        carrier.send(payload);
        sent += 1;
      }
    };
    carrier.onMessage(() => {
      received += 1;
      if (received === messages) resolve();
      else if (sent - received <= window / 2) fill();
    });
    fill();
  });
  const seconds = (performance.now() - started) / 1000;
  carrier.close();
  return messages / seconds;
}

/** Microseconds from a message to its echo, one at a time: the median. */
async function roundTrip({ to, messages, bytes }: Load): Promise<number> {
  const carrier = await transporter.dial(to);
  const payload = new Uint8Array(bytes).fill(97);
  let echoed = () => {};
  carrier.onMessage(() => echoed());
  const times: number[] = [];
  for (let index = 0; index < messages; index += 1) {
    const started = performance.now();
    await new Promise<void>((resolve) => {
      echoed = resolve;
      carrier.send(payload);
    });
    times.push((performance.now() - started) * 1000);
  }
  carrier.close();
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

/** Milliseconds from dialling to the first echo, one connection after the other: the median. */
async function connect({ to, messages, bytes }: Load): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < messages; index += 1) {
    const started = performance.now();
    const carrier = await transporter.dial(to);
    await firstEcho(carrier, new Uint8Array(bytes));
    times.push(performance.now() - started);
    carrier.close();
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

function firstEcho(carrier: Carrier, payload: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    carrier.onMessage(() => resolve());
    carrier.send(payload);
  });
}
