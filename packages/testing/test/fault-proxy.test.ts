// Goal: the fault proxy spoils a connection exactly as told, and shows what passed.
// Method: an echo server behind it on loopback; waits for bytes and closes, never for time.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { FaultProxy } from "../src/fault-proxy.ts";

async function echo(): Promise<{ server: Server; port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function dial(port: number): Socket {
  return connect({ host: "127.0.0.1", port, noDelay: true }).on("error", () => {});
}

/** Waits for the end of a connection, orderly or not. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

async function read(socket: Socket, length: number): Promise<string> {
  let text = "";
  while (text.length < length) text += String((await once(socket, "data"))[0]);
  return text;
}

test("passes bytes both ways and keeps a copy", async () => {
  await using target = await echo();
  await using proxy = await FaultProxy.before({ host: "127.0.0.1", port: target.port });
  const socket = dial(proxy.port);
  socket.write("olá");
  assert.equal(await read(socket, 3), "olá");
  assert.equal(proxy.captured("up").toString(), "olá");
  assert.equal(proxy.captured("down").toString(), "olá");
  socket.end();
  await closed(socket);
});

test("delays and throttles without changing the order", async () => {
  await using target = await echo();
  await using proxy = await FaultProxy.before({ host: "127.0.0.1", port: target.port });
  proxy.spoil("both", { delayMs: 20, bytesPerSecond: 20_000 });
  const socket = dial(proxy.port);
  await once(socket, "connect");
  const startedAt = performance.now();
  socket.write("a".repeat(1_000));
  await once(socket, "data");
  proxy.heal();
  socket.write("b");
  assert.match(await read(socket, 1), /b$/u);
  assert.ok(performance.now() - startedAt >= 90, "1,000 bytes at 20,000 a second, twice 20 ms away");
  socket.destroy();
});

test("cuts, refuses, and heals", async () => {
  await using target = await echo();
  await using proxy = await FaultProxy.before({ host: "127.0.0.1", port: target.port });
  const first = dial(proxy.port);
  first.write("x");
  await read(first, 1);
  proxy.cut();
  await closed(first);
  proxy.refuse();
  await closed(dial(proxy.port));
  proxy.heal();
  const third = dial(proxy.port);
  third.write("y");
  assert.equal(await read(third, 1), "y");
  third.destroy();
});

test("a stalled direction makes the sender's writes wait", async () => {
  await using target = await echo();
  await using proxy = await FaultProxy.before({ host: "127.0.0.1", port: target.port });
  const socket = dial(proxy.port);
  socket.write("x");
  await read(socket, 1);
  proxy.spoil("up", { stall: true });
  const block = Buffer.alloc(1024 * 1024);
  while (socket.write(block) && socket.writableLength < 64 * 1024 * 1024);
  assert.ok(socket.writableNeedDrain);
  let drained = false;
  socket.once("drain", () => {
    drained = true;
  });
  assert.equal(drained, false);
  socket.resume();
  proxy.heal();
  await once(socket, "drain");
  socket.destroy();
});
