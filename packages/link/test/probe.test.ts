// Goal: T37's other side: what answers where a tracker was expected is told apart, whatever it is.
// Method: small servers on loopback, each of another kind; a virtual clock is of no use with real sockets, so the
// waits are the real ones, and only strangers that stay silent take them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { TRACKER_ALPN } from "@papo/protocol";
import { systemClock } from "../src/clock.ts";
import { probe, untilGone } from "../src/probe.ts";
import { createTlsIdentity } from "../src/tls/tls-identity.ts";
import { tlsSettings } from "../src/tls/tls-settings.ts";

async function answerOf(server: Server): Promise<unknown> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await probe({ host: "127.0.0.1", port: (server.address() as AddressInfo).port }, systemClock);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const tls = (alpn: string) => createTlsServer({ ...tlsSettings(createTlsIdentity()), ALPNProtocols: [alpn] });

test("nobody", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  assert.deepEqual(await probe({ host: "127.0.0.1", port }, systemClock), { kind: "nobody" });
});

test("a Papo tracker", async () => assert.deepEqual(await answerOf(tls(TRACKER_ALPN)), { kind: "papo" }));

test("TLS with another protocol", async () => assert.deepEqual(await answerOf(tls("h2")), { kind: "tls" }));

test("a web server", async () => {
  const server = createHttpServer((_request, response) => response.setHeader("Server", "papo-test").end("hi"));
  const answer = (await answerOf(server)) as { kind: string };
  assert.equal(answer.kind, "http");
});

test("an SSH server", async () => {
  const server = createServer((socket) => socket.write("SSH-2.0-Test_9.9\r\n"));
  assert.deepEqual(await answerOf(server), { kind: "ssh", banner: "SSH-2.0-Test_9.9" });
});

test("an original tracker", async () => {
  const server = createServer((socket) =>
    socket.on("data", (bytes) => {
      // The original dies of what it cannot parse, and so hangs up.
      try {
        JSON.parse(bytes.toString());
        socket.end(`{"status": "ERROR", "msg": "Comando inv\\u00e1lido."}`);
      } catch {
        socket.destroy();
      }
    }),
  );
  assert.deepEqual(await answerOf(server), { kind: "original" });
});

test("a program that says something else, first or when spoken to", async () => {
  const mail = createServer((socket) => socket.write("220 mail\r\n"));
  const parrot = createServer((socket) => socket.on("data", () => socket.write("what?\n")));
  assert.deepEqual(await Promise.all([mail, parrot].map(answerOf)), [
    { kind: "speaks", text: "220 mail" },
    { kind: "speaks", text: "what?" },
  ]);
});

test("a program that hangs up, and one that is silent", async () => {
  const [hangsUp, silent] = [createServer((socket) => socket.destroy()), createServer(() => {})];
  assert.deepEqual(await Promise.all([hangsUp, silent].map(answerOf)), [{ kind: "hangs-up" }, { kind: "silent" }]);
});

test("untilGone resolves when the other side goes away, or when it is told to stop", async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const place = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };

  const gone = untilGone(place, new AbortController().signal);
  await once(server, "connection");
  sockets.pop()?.destroy();
  await gone;

  const stop = new AbortController();
  const stopped = untilGone(place, stop.signal);
  stop.abort();
  await stopped;
  for (const socket of sockets) socket.destroy();
  server.close();
});
