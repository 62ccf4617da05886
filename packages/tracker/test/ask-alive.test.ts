// Goal: a PING takes one PONG for a yes, and little of anything else for a no.
// Method: real listeners on the loopback that answer in their own ways.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, type Socket, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { systemClock, tcpNetwork } from "@papo/link";
import { askAlive } from "../src/ask-alive.ts";
import { createTrackerIdentity } from "../src/tracker-identity.ts";

const ask = askAlive({ network: tcpNetwork(), clock: systemClock, identity: createTrackerIdentity() });

async function asked(context: TestContext, answer: (socket: Socket, heard: string) => void): Promise<boolean> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes) => answer(socket, bytes.toString("utf8")));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return ask({ host: "127.0.0.1", port }, new AbortController().signal);
}

test("PONG is yes, in one piece or two, with whatever after it", async (context) => {
  assert.ok(
    await asked(context, (socket, heard) => {
      assert.deepEqual(JSON.parse(heard), { cmd: "PING" });
      socket.end('{"cmd": "PONG"}');
    }),
  );
  assert.ok(
    await asked(context, (socket) => {
      socket.write('{"cmd":');
      setImmediate(() => socket.end('"PONG"}{"cmd":"PONG"}'));
    }),
  );
});

test("T25: anything else first, or nothing more, is no", async (context) => {
  for (const said of ['{"cmd":"HELLO","username":"x"}{"cmd":"PONG"}', "PONG", "{}", '"x"', '{"cmd":"PO', ""]) {
    assert.equal(await asked(context, (socket) => socket.end(said)), false, said);
  }
  assert.equal(await ask({ host: "127.0.0.1", port: 1 }, new AbortController().signal), false);
});

test("T24: who streams without end is read for a little and hung up on", async (context) => {
  for (const piece of [" ".repeat(65_536), `{"cmd":"${"a".repeat(65_536)}`]) {
    let closed: (hungUp: true) => void = () => {};
    const hungUp = new Promise<true>((resolve) => {
      closed = resolve;
    });
    const isAlive = await asked(context, (socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on("drain", pour);
      socket.on("close", () => closed(true));
      pour();
    });
    assert.equal(isAlive, false);
    assert.ok(await hungUp);
  }
});

test("a tracker that stops does not wait for an answer", async (context) => {
  const stop = new AbortController();
  const server = createServer(() => stop.abort());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal(await ask({ host: "127.0.0.1", port }, stop.signal), false);
});
