// Goal: whoever is called with PING can cost the tracker three seconds and a kilobyte, and nothing but a PONG on that
// connection, first and in time, counts.
// Method: bare TCP servers on the loopback that answer wrongly; virtual time, so that what ends without it was not a time limit.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, type Socket, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { tcpNetwork } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { PONG_BYTES_MAX, PONG_TIMEOUT_MS } from "@papo/protocol";
import { askAlive } from "../src/ask-alive.ts";
import type { AskAlive } from "../src/services/liveness.ts";
import { createTrackerIdentity } from "../src/tracker-identity.ts";

type Called = { readonly port: number; readonly hungUp: Promise<void> };

/** A program that is called once: `answer` gets the socket when PING has arrived. */
async function called(context: TestContext, answer: (socket: Socket) => void): Promise<Called> {
  const { promise: hungUp, resolve } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
    socket.once("close", () => resolve());
    context.after(() => socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, hungUp };
}

function asking(clock: VirtualClock): (port: number) => ReturnType<AskAlive> {
  const ask = askAlive({ network: tcpNetwork(clock), clock, identity: createTrackerIdentity() });
  return (port) => ask({ host: "127.0.0.1", port }, new AbortController().signal);
}

test("a PONG counts, with what may follow it", async (context) => {
  const ask = asking(new VirtualClock());
  const padded = `${" ".repeat(PONG_BYTES_MAX - '{"cmd":"PONG"}'.length)}{"cmd":"PONG"}`;
  for (const answer of ['{"cmd":"PONG"}', '{"cmd":"PONG"}{"cmd":"PONG"}', padded]) {
    const { port } = await called(context, (socket) => void socket.write(answer));
    assert.equal(await ask(port), true, answer);
  }
});

for (const [name, filler] of [
  ["white space", " "],
  ["one object without end", `{"cmd":"${"P".repeat(100)}`],
  ["one text without end", "x"],
] as const) {
  test(`T24: who streams ${name} is hung up on after 1 KiB, with no time passing`, async (context) => {
    const clock = new VirtualClock();
    const { port, hungUp } = await called(context, (socket) => {
      const more = (text: string): void => {
        if (!socket.destroyed) socket.write(text, () => setImmediate(more, (filler.at(-1) ?? "").repeat(512)));
      };
      more(filler);
    });
    assert.equal(await asking(clock)(port), false);
    await hungUp;
    assert.equal(clock.monotonicMs(), 0);
  });
}

test("T24: a PONG behind the first KiB is not read", async (context) => {
  const { port, hungUp } = await called(
    context,
    (socket) => void socket.write(`${" ".repeat(PONG_BYTES_MAX)}{"cmd":"PONG"}`),
  );
  assert.equal(await asking(new VirtualClock())(port), false);
  await hungUp;
});

test("T24, T25: who says nothing is hung up on after 3 s, and its PONG is late then", async (context) => {
  const clock = new VirtualClock();
  const { promise: pinged, resolve: wasPinged } = Promise.withResolvers<Socket>();
  const { port, hungUp } = await called(context, wasPinged);
  let answer: boolean | undefined;
  const asked = asking(clock)(port).then((isAlive) => {
    answer = isAlive;
  });
  const socket = await pinged;
  await clock.advance(PONG_TIMEOUT_MS - 1);
  assert.equal(answer, undefined);
  await clock.advance(1);
  await asked;
  socket.write('{"cmd":"PONG"}');
  await hungUp;
  assert.equal(answer, false);
  assert.equal(PONG_TIMEOUT_MS, 3_000);
});

test("T25: a PONG after anything else does not count", async (context) => {
  for (const answer of [
    '{"cmd":"HELLO","username":"gabi"}{"cmd":"PONG"}',
    '1 {"cmd":"PONG"}',
    '{"cmd":"PING"}',
    '{"status":"PONG"}',
  ]) {
    const { port, hungUp } = await called(context, (socket) => void socket.write(answer));
    assert.equal(await asking(new VirtualClock())(port), false, answer);
    await hungUp;
  }
});
