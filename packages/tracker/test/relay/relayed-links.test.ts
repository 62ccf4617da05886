// Goal: what goes in at one side of a relayed link comes out at the other, byte for byte and nothing else; and whoever has no business at
// a relay is hung up on without a word.
// Method: the whole tracker, and a relay alone, on real sockets; raw bytes, and links of ours inside.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { type Link, systemClock, tcpNetwork } from "@papo/link";
import { type IpLiteral, PEER_ALPN, PEER_LINK_QUEUE_BYTES_MAX } from "@papo/protocol";
import { NO_METRICS } from "../../src/ops/tracker-metrics.ts";
import { NO_RELAY_METRICS } from "../../src/relay/relay-metrics.ts";
import { type Relay, startRelay } from "../../src/relay/start-relay.ts";
import { TICKET_SECRET_BYTES } from "../../src/relay/tickets.ts";
import { type PapoClient, registered } from "../papo-client.ts";
import { TcpRig, plain, shown, untilTrue } from "../tcp-rig.ts";

type Meeting = { readonly gabi: PapoClient; readonly nori: PapoClient; readonly tickets: readonly [string, string] };

/** Gabi calls nori, who takes it; the tickets of the client's and the server's side. */
async function met(rig: TcpRig): Promise<Meeting> {
  const [gabi, nori] = [await registered(rig, "gabi"), await registered(rig, "nori")];
  return { gabi, nori, tickets: await call(gabi, nori) };
}

async function call(gabi: PapoClient, nori: PapoClient): Promise<readonly [string, string]> {
  const asked = { cmd: "CONNECT", username: nori.name, device: nori.device, addresses: null, relay: true };
  const { call: id } = await gabi.ask(asked);
  await nori.hear("CALL");
  await nori.ask({ cmd: "ANSWER", call: id, accept: true, addresses: null, relay: true });
  return [(await gabi.hear("PATHS")).relay.ticket, (await nori.hear("PATHS")).relay.ticket];
}

async function read(socket: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const more = (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
  };
  socket.on("data", more);
  await untilTrue(() => bytes >= length || socket.destroyed);
  socket.off("data", more);
  return Buffer.concat(chunks);
}

async function ended(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("end", () => socket.end());
  await untilTrue(() => socket.closed);
  return Buffer.concat(chunks);
}

test("every byte behind the tickets goes through both ways, also what came before the other side did, and so does the end of one way", async (context) => {
  const rig = await TcpRig.start(context);
  const { tickets } = await met(rig);
  const [fromClient, fromServer] = [randomBytes(3_000_000), randomBytes(2_000_000)];
  const client = await plain(
    context,
    rig.tracker.port,
    Buffer.concat([shown(tickets[0]), fromClient.subarray(0, 5_000)]),
  );
  client.write(fromClient.subarray(5_000));
  const server = await plain(context, rig.tracker.port, shown(tickets[1]));
  server.write(fromServer);
  const [atServer, atClient] = await Promise.all([read(server, fromClient.length), read(client, fromServer.length)]);
  assert.ok(atServer.equals(fromClient));
  assert.ok(atClient.equals(fromServer));

  client.end();
  server.resume();
  await once(server, "end");
  server.write("and one more");
  assert.equal((await read(client, 12)).toString(), "and one more");
  server.end();
  await Promise.all([ended(client), ended(server)]);
});

test("links of ours stand inside, each side with the other's key, and carry frames both ways", async (context) => {
  const rig = await TcpRig.start(context);
  const meeting = await met(rig);
  await exchange(meeting, { host: "127.0.0.1", port: rig.tracker.port, network: rig.network });
});

test("a relay alone takes the tickets of the tracker whose secret it has, and only those; the tracker itself takes none", async (context) => {
  const secret = randomBytes(TICKET_SECRET_BYTES);
  const relay = await alone(context, secret);
  const place = { host: "127.0.0.1" as IpLiteral, port: relay.port };
  const rig = await TcpRig.start(context, { relay: { at: "elsewhere", place, secret } });
  const meeting = await met(rig);
  await exchange(meeting, { host: "127.0.0.1", port: relay.port, network: rig.network });

  const [ticket] = await call(meeting.gabi, meeting.nori);
  assert.equal((await ended(await plain(context, rig.tracker.port, shown(ticket)))).length, 0);
  const stranger = await alone(context, randomBytes(TICKET_SECRET_BYTES));
  assert.equal((await ended(await plain(context, stranger.port, shown(ticket)))).length, 0);
});

test("T34: who comes to a relay with no ticket, a wrong one, a used one or another language is hung up on without a word", async (context) => {
  const secret = randomBytes(TICKET_SECRET_BYTES);
  const relay = await alone(context, secret);
  const rig = await TcpRig.start(context);
  const { tickets } = await met(rig);
  const client = await plain(context, rig.tracker.port, shown(tickets[0]));
  const greetings: [number, Uint8Array][] = [
    [rig.tracker.port, shown(randomBytes(32).toString("base64url"))],
    [rig.tracker.port, shown(tickets[0])],
    [rig.tracker.port, Buffer.from("POST / HTTP/1.1\r\nHost: example\r\nContent-Length: 0\r\n\r\n")],
    [relay.port, shown(randomBytes(32).toString("base64url"))],
    [relay.port, shown(tickets[1])],
    [relay.port, Buffer.from('{"cmd":"PING"}')],
    [relay.port, Buffer.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0)],
  ];
  for (const [port, greeting] of greetings) {
    assert.equal((await ended(await plain(context, port, greeting))).length, 0);
  }
  // Who is in the right is not disturbed by any of it.
  const server = await plain(context, rig.tracker.port, shown(tickets[1]));
  server.write("boa noite");
  assert.equal((await read(client, 9)).toString(), "boa noite");
});

test("T34: a partner that never reads holds up its own link, whose sender has to wait, and no other", async (context) => {
  let passed = 0;
  const metrics = { ...NO_METRICS, relay: { ...NO_RELAY_METRICS, passed: (bytes: number) => void (passed += bytes) } };
  const rig = await TcpRig.start(context, { metrics });
  const { gabi, nori, tickets } = await met(rig);
  const flood = await plain(context, rig.tracker.port, shown(tickets[0]));
  const frozen = await plain(context, rig.tracker.port, shown(tickets[1]));
  frozen.pause();
  const FLOOD_BYTES = 64 * 1_048_576;
  flood.write(Buffer.alloc(FLOOD_BYTES));

  const others = await call(gabi, nori);
  const client = await plain(context, rig.tracker.port, shown(others[0]));
  const server = await plain(context, rig.tracker.port, shown(others[1]));
  const said = randomBytes(1_000_000);
  for (let round = 0; round < 4; round += 1) {
    server.write(said);
    assert.ok((await read(client, said.length)).equals(said));
  }
  assert.ok(passed < FLOOD_BYTES / 2, `${passed} bytes were taken from a sender whose partner reads nothing`);
  frozen.destroy();
  await ended(flood);
});

test("when one side is gone the other one is told by the end of its connection, and the tracker stops with all of them", async (context) => {
  const rig = await TcpRig.start(context);
  const { gabi, nori, tickets } = await met(rig);
  const [one, other] = [
    await plain(context, rig.tracker.port, shown(tickets[0])),
    await plain(context, rig.tracker.port, shown(tickets[1])),
  ];
  one.write("x");
  await read(other, 1);
  one.destroy();
  await ended(other);
  const more = await call(gabi, nori);
  const left = [
    await plain(context, rig.tracker.port, shown(more[0])),
    await plain(context, rig.tracker.port, shown(more[1])),
  ];
  left[0]?.write("x");
  if (left[1] !== undefined) await read(left[1], 1);
  const bothEnded = Promise.all(left.map(ended));
  await rig.tracker.drain();
  await bothEnded;
});

test("OBSERVE tells the port that a rendezvous was opened from", async (context) => {
  const rig = await TcpRig.start(context);
  const gabi = await registered(rig, "gabi");
  const { ticket } = await gabi.ask({ cmd: "OBSERVE" });
  const opened = await rig.network.rendezvous({
    ...{ host: "127.0.0.1", port: rig.tracker.port, ticket: Buffer.from(ticket, "base64url"), timeoutMs: 5_000 },
  });
  assert.ok(opened.ok);
  assert.deepEqual(await gabi.hear("OBSERVED"), {
    ...{ status: "OBSERVED", ticket, address: "127.0.0.1", port: opened.value.localPort },
  });
  await gabi.ask({ cmd: "LOGOUT" });
  await opened.value.closed;
});

test("T22, T23: on real sockets too, nothing is sent to an address that is only claimed, and nobody is shown it", async (context) => {
  let touched = 0;
  const canary = createServer(() => void (touched += 1));
  canary.listen(0, "127.0.0.9");
  await once(canary, "listening");
  context.after(() => canary.close());
  const address = canary.address();
  assert.ok(address !== null && typeof address === "object");
  const { port } = address;

  const rig = await TcpRig.start(context);
  const [gabi, nori] = [await registered(rig, "gabi", { port, address: "127.0.0.9" }), await registered(rig, "nori")];
  const claim = () => gabi.record([["127.0.0.9", port]]);
  const honest = () => gabi.record([["127.0.0.1", port]]);
  assert.equal((await gabi.ask({ cmd: "ADDRESSES", addresses: claim() })).code, "invalid_message");
  assert.equal((await gabi.ask({ cmd: "ADDRESSES", addresses: honest() })).status, "OK");
  assert.equal((await gabi.ask({ cmd: "CHECK_REACH", address: "127.0.0.9", host: "127.0.0.9" })).reached, false);
  const asked = { cmd: "CONNECT", username: "nori", device: nori.device, relay: true };
  assert.equal((await gabi.ask({ ...asked, addresses: claim() })).code, "invalid_message");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "TESTE" });
  const joined = await nori.ask({ cmd: "JOIN_ROOM", room: "TESTE" });
  assert.doesNotMatch(JSON.stringify(joined), /127\.0\.0\.9/u);
  assert.equal(touched, 0);
});

type Through = { readonly host: string; readonly port: number; readonly network: TcpRig["network"] };

/** Both open their side with their own certificate, and each says some frames. */
async function exchange({ gabi, nori, tickets }: Meeting, { host, port, network }: Through): Promise<void> {
  const side = (own: PapoClient, other: PapoClient, role: "client" | "server") =>
    network.relayed({
      ...{ host, port, role, alpn: PEER_ALPN, queueBytesMax: PEER_LINK_QUEUE_BYTES_MAX, timeoutMs: 10_000 },
      ticket: Buffer.from(tickets[role === "client" ? 0 : 1], "base64url"),
      identity: own.profile.device.tls,
      expectedKey: other.profile.device.tls.key,
    });
  const [one, other] = await Promise.all([side(gabi, nori, "client"), side(nori, gabi, "server")]);
  assert.ok(one.ok && other.ok);
  const [atOne, atOther] = [digestOf(one.value), digestOf(other.value)];
  const [said, answered] = [await say(one.value, 20), await say(other.value, 10)];
  await untilTrue(() => atOther.frames === 20 && atOne.frames === 10);
  assert.equal(atOther.hash.digest("hex"), said);
  assert.equal(atOne.hash.digest("hex"), answered);
  const done = { code: "closed", detail: "done" } as const;
  await Promise.all([one.value.close(done), other.value.close(done)]);
}

function digestOf(link: Link): { frames: number; hash: ReturnType<typeof createHash> } {
  const state = { frames: 0, hash: createHash("sha256") };
  link.start({
    message: ({ payload }) => {
      state.frames += 1;
      state.hash.update(payload);
    },
    closed: () => {},
  });
  return state;
}

async function say(link: Link, frames: number): Promise<string> {
  const hash = createHash("sha256");
  for (let index = 0; index < frames; index += 1) {
    const payload = randomBytes(100_000);
    hash.update(payload);
    if (link.sendFrame(1, payload) === "slow") await link.drained();
  }
  return hash.digest("hex");
}

async function alone(context: TestContext, secret: Uint8Array): Promise<Relay> {
  const started = await startRelay({
    ...{ network: tcpNetwork(systemClock), clock: systemClock, host: "127.0.0.1", port: 0, secret },
    log: { event: () => {} },
  });
  assert.ok(started.ok);
  context.after(() => started.value.close());
  return started.value;
}
