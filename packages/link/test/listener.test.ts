// Goal: one port serves both dialects by the first byte, closes on everything else without a word, and no flood of
// half-open connections keeps an honest one out or uses more than its share.
// Method: raw TCP clients against a real listener on loopback, with a virtual clock where a time limit matters.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { type ListenOptions, type TicketCaller, createTlsIdentity, tcpNetwork } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { HANDSHAKES_CONCURRENT_MAX, LOGIN_TIMEOUT_MS, TICKET_BYTES, TLS_HANDSHAKE_TIMEOUT_MS } from "@papo/protocol";
import { LinkRecorder } from "@papo/testing";
import { usualAddress } from "../src/socket/link-ends.ts";
import { ALPN, RawClient, openPair, openRig, openServer } from "./support/tcp.ts";

test("both dialects enter by one port", async () => {
  await using rig = await openRig();
  const papo = await openPair(rig);
  const seed = await openPair(rig, { dialect: "seed" });
  papo.ours.sendJson({ cmd: "HELLO" });
  assert.deepEqual(await papo.heardThere.received(1), ['{"cmd":"HELLO"}']);
  assert.deepEqual(await seed.heardThere.received(1), ['{"cmd":"HELLO"}']);
  assert.deepEqual([papo.theirs.dialect, seed.theirs.dialect], ["papo", "seed"]);
  assert.equal(seed.theirs.security, undefined);
});

const strangers: Record<string, string | Uint8Array> = {
  "an SSH banner": "SSH-2.0-OpenSSH_9.6\r\n",
  "an HTTP request": "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
  "a POST, whose first byte is that of a relay ticket": "POST / HTTP/1.1\r\n\r\n",
  "a byte order mark": Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d),
  "a NUL": Uint8Array.of(0),
  "a list": '[{"cmd":"LOGIN"}]',
  "a TLS record that is no handshake": Uint8Array.of(0x17, 3, 3, 0, 1, 0),
  "TLS that breaks off into rubbish": Uint8Array.of(0x16, 3, 1, 0, 5, 9, 9, 9, 9, 9),
};

for (const [name, bytes] of Object.entries(strangers)) {
  test(`T37: ${name} gets no link and no text`, async () => {
    await using rig = await openRig();
    const client = new RawClient(rig.port);
    client.write(bytes);
    const read = await client.ended();
    // TLS may say in its own words (an alert record, type 21) that this is not TLS.
    assert.ok(read.length === 0 || read[0] === 21, "no text");
    assert.equal(rig.links.length, 0);
  });
}

test("T37: a dialect that is not served is closed at its first byte", async () => {
  await using rig = await openRig({ dialects: ["papo"] });
  const client = new RawClient(rig.port);
  client.write('{"cmd":"LIST_ROOMS"}');
  assert.equal((await client.ended()).length, 0);
  assert.equal(rig.links.length, 0);
});

test("whitespace before the first object is the seed dialect", async () => {
  await using rig = await openRig();
  const client = new RawClient(rig.port);
  client.write('\r\n {"cmd":"LIST_ROOMS"}');
  const heard = LinkRecorder.on(await rig.link());
  assert.deepEqual(await heard.received(1), ['{"cmd":"LIST_ROOMS"}']);
  client.socket.destroy();
});

test("T2: a connection that never says a byte is closed when its time is up", async () => {
  const clock = new VirtualClock();
  await using rig = await openRig({}, clock);
  const client = new RawClient(rig.port);
  await until(() => clock.timers > 0);
  await clock.advance(LOGIN_TIMEOUT_MS - 1);
  assert.equal(rig.listener.openSockets, 1);
  await clock.advance(1);
  assert.equal((await client.ended()).length, 0);
});

test("P6: a crowd that never says a byte holds its places only, and an honest dial is in at once", async () => {
  await using rig = await openRig({ silentMax: 10 });
  const crowd = Array.from({ length: 30 }, () => new RawClient(rig.port));
  await Promise.all(crowd.slice(0, 20).map((client) => client.ended()));
  assert.equal(rig.listener.openSockets, 10);
  const { ours, heardThere } = await openPair(rig);
  ours.sendJson({ cmd: "HELLO" });
  assert.deepEqual(await heardThere.received(1), ['{"cmd":"HELLO"}']);
  for (const { socket } of crowd) socket.destroy();
});

test("T2: a TLS handshake that never ends is closed when its time is up", async () => {
  const clock = new VirtualClock();
  await using rig = await openRig({}, clock);
  const client = new RawClient(rig.port);
  client.write(Uint8Array.of(0x16, 3, 1));
  await once(client.socket, "connect");
  await until(() => clock.timers > 0);
  // Whichever limit it is under by now, the handshake's or the first byte's, both have passed after this.
  await clock.advance(LOGIN_TIMEOUT_MS + TLS_HANDSHAKE_TIMEOUT_MS);
  await client.ended();
  assert.equal(rig.links.length, 0);
});

test("admit decides before anything is read, and every admitted socket's end is told", async () => {
  const told: string[] = [];
  const { promise: allGone, resolve } = Promise.withResolvers<void>();
  let room = 1;
  await using rig = await openRig({
    admit: () => room-- > 0,
    released: (address) => {
      told.push(address);
      resolve();
    },
  });
  const first = new RawClient(rig.port);
  first.write("{}");
  await rig.link();
  const second = new RawClient(rig.port);
  assert.equal((await second.ended()).length, 0);
  assert.equal(rig.listener.openSockets, 1);

  first.socket.destroy();
  LinkRecorder.on(await rig.link());
  await allGone;
  assert.deepEqual(told, ["127.0.0.1"]);
  assert.equal(rig.listener.openSockets, 0);
});

test("a connection is told as released before onTicket takes it over, and not again at its end", async () => {
  const told: string[] = [];
  const { promise: taken, resolve } = Promise.withResolvers<TicketCaller>();
  await using rig = await openRig({
    admit: () => true,
    released: (address) => told.push(address),
    onTicket: (caller) => {
      told.push("taken");
      resolve(caller);
    },
  });
  const client = new RawClient(rig.port);
  client.write(Uint8Array.of(0x50, ...new Uint8Array(TICKET_BYTES)));
  const caller = await taken;
  assert.deepEqual(told, ["127.0.0.1", "taken"]);
  assert.equal(rig.listener.openSockets, 1);

  const { promise: gone, resolve: end } = Promise.withResolvers<void>();
  caller.onClosed(end);
  client.socket.destroy();
  await gone;
  assert.deepEqual(told, ["127.0.0.1", "taken"]);
  assert.equal(rig.listener.openSockets, 0);
});

test("P6: a flood of half handshakes leaves room for an honest dial, and holds no more than its cap", async () => {
  await using rig = await openRig();
  const flood = Array.from({ length: HANDSHAKES_CONCURRENT_MAX + 40 }, () => {
    const client = new RawClient(rig.port);
    client.write(Uint8Array.of(0x16, 3, 1, 2, 0));
    return client;
  });
  const dialling = await rig.dial();
  assert.equal(dialling.ok, true);
  await until(() => rig.listener.openSockets <= HANDSHAKES_CONCURRENT_MAX + 1);
  assert.ok(
    flood.some(({ socket }) => !socket.closed),
    "the cap is not a ban",
  );
  for (const { socket } of flood) socket.destroy();
});

test("a port that is taken, and one that is not ours, are values", async () => {
  await using rig = await openRig();
  const options: ListenOptions = {
    host: "127.0.0.1",
    port: rig.port,
    dialects: ["papo"],
    identity: createTlsIdentity(),
    alpn: ALPN,
    queueBytesMax: 1_024,
    onLink: () => {},
  };
  const taken = await tcpNetwork().listen(options);
  assert.equal(taken.ok ? "open" : taken.fault.code, "busy");
  const foreign = await tcpNetwork().listen({ ...options, host: "192.0.2.1" });
  assert.equal(foreign.ok ? "open" : foreign.fault.code, "unreachable");
});

test("closing a listener ends the silent sockets and lets open links live", async () => {
  await using rig = await openRig();
  const { ours, heardThere } = await openPair(rig);
  const silent = new RawClient(rig.port);
  await until(() => rig.listener.openSockets === 2);
  await rig.listener.close();
  await silent.ended();

  ours.sendJson({ still: "here" });
  assert.deepEqual(await heardThere.received(1), ['{"still":"here"}']);
  const late = await rig.dial();
  assert.equal(late.ok ? "linked" : late.fault.code, "unreachable");
});

test("a dial is given up by its signal, by its time limit, and when nobody is there", async () => {
  const clock = new VirtualClock();
  const network = tcpNetwork(clock);
  const gone = await openServer(() => {});
  await using silent = await openServer(() => {});
  const options = {
    host: "127.0.0.1",
    port: silent.port,
    dialect: "papo",
    identity: createTlsIdentity(),
    alpn: ALPN,
    queueBytesMax: 1_024,
    timeoutMs: 1_000,
  } as const;
  const codeOf = async (dialling: ReturnType<typeof network.dial>) => {
    const outcome = await dialling;
    return outcome.ok ? "linked" : outcome.fault.code;
  };
  assert.equal(await codeOf(network.dial({ ...options, signal: AbortSignal.abort() })), "closed");

  const giveUp = new AbortController();
  const aborted = codeOf(network.dial({ ...options, signal: giveUp.signal }));
  giveUp.abort();
  assert.equal(await aborted, "closed");

  const slow = codeOf(network.dial(options));
  await clock.advance(1_000);
  assert.equal(await slow, "timeout");

  await gone[Symbol.asyncDispose]();
  const refused = await network.dial({ ...options, port: gone.port });
  assert.ok(!refused.ok && refused.fault.code === "unreachable" && refused.fault.socket === "refused");
});

test("addresses have one spelling", () => {
  assert.equal(usualAddress("::ffff:192.0.2.7"), "192.0.2.7");
  assert.equal(usualAddress("fe80::1%eth0"), "fe80::1");
  assert.equal(usualAddress("2001:db8::1"), "2001:db8::1");
  assert.equal(usualAddress("::1"), "::1");
  assert.equal(usualAddress(undefined), "");
});

/** Turns the event loop until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
