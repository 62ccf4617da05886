// Goal: a connection that comes with a ticket is told with the whole of it and nothing lost behind it, however its bytes are cut;
// what is no ticket, half a one or a late one is closed without a word, and costs others nothing.
// Method: raw TCP clients against a real listener on loopback, with a virtual clock where a time limit matters.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { Timer } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { TICKET_BYTES, TICKET_READ_TIMEOUT_MS } from "@papo/protocol";
import { greeting, openRelay, readBytes, ticket, until } from "../support/relay.ts";
import { RawClient, openPair, openRig } from "../support/tcp.ts";

/** Remembers for how long timers were set. */
class NotingClock extends VirtualClock {
  readonly delays: number[] = [];

  override after(delayMs: number, callback: () => void): Timer {
    this.delays.push(delayMs);
    return super.after(delayMs, callback);
  }
}

const BEHIND = Buffer.from("what comes behind the ticket");

test("a ticket may be cut at every byte, and what comes behind it is not lost", async () => {
  await using relay = await openRelay();
  const bytes = Buffer.concat([greeting(), BEHIND]);
  for (let cut = 1; cut < bytes.length; cut++) {
    const one = new RawClient(relay.port);
    await once(one.socket, "connect");
    one.write(bytes.subarray(0, cut));
    // The first part has been read before the second is sent.
    if (cut > TICKET_BYTES) await relay.caller(2 * (cut - 1));
    else await until(() => relay.openSockets === 1);
    one.write(bytes.subarray(cut));
    const caller = await relay.caller(2 * (cut - 1));
    assert.deepEqual(caller.ticket, ticket());
    assert.equal(caller.ends.remotePort, one.socket.localPort);

    const other = await relay.call();
    assert.deepEqual(await readBytes(other, BEHIND.length), BEHIND);
    one.socket.destroy();
    other.destroy();
    await relay.ended(cut - 1);
  }
});

test("T37: without somebody who takes tickets, 0x50 is closed at once", async () => {
  await using rig = await openRig();
  const client = new RawClient(rig.port);
  client.write(greeting());
  assert.equal((await client.ended()).length, 0);
});

test("T2: 0x50 and then silence, or half a ticket, is closed when its time is up", async () => {
  for (const bytes of [greeting().subarray(0, 1), greeting().subarray(0, TICKET_BYTES)]) {
    const clock = new NotingClock();
    await using relay = await openRelay({}, clock);
    const client = new RawClient(relay.port);
    client.write(bytes);
    await until(() => relay.openSockets === 1);
    // Whether its first byte was read by now is not seen from here: until it was, the limit is the longer one.
    await until(() => clock.delays.includes(TICKET_READ_TIMEOUT_MS));
    await clock.advance(TICKET_READ_TIMEOUT_MS - 1);
    assert.equal(relay.openSockets, 1);
    await clock.advance(1);
    assert.equal((await client.ended()).length, 0);
    assert.equal(relay.callers.length, 0);
  }
});

test("a ticket that ends too early is closed", async () => {
  await using relay = await openRelay();
  const client = new RawClient(relay.port);
  await once(client.socket, "connect");
  client.socket.end(greeting().subarray(0, TICKET_BYTES));
  assert.equal((await client.ended()).length, 0);
  await until(() => relay.openSockets === 0);
  assert.equal(relay.callers.length, 0);
});

test("P6: a crowd with half a ticket each holds its places only, and an honest dial is in at once", async () => {
  await using relay = await openRelay({}, undefined, { silentMax: 10 });
  const crowd = Array.from({ length: 30 }, () => {
    const client = new RawClient(relay.port);
    client.write(greeting().subarray(0, 9));
    return client;
  });
  await Promise.all(crowd.slice(0, 15).map((client) => client.ended()));
  await until(() => relay.openSockets <= 11);
  const honest = await relay.call();
  assert.deepEqual((await relay.caller()).ticket, ticket());
  for (const { socket } of [...crowd, { socket: honest }]) socket.destroy();
});

test("dialects and tickets share one port", async () => {
  await using rig = await openRig({ onTicket: (caller) => caller.destroy() });
  const { ours, heardThere } = await openPair(rig);
  ours.sendJson({ cmd: "HELLO" });
  assert.deepEqual(await heardThere.received(1), ['{"cmd":"HELLO"}']);
  const client = new RawClient(rig.port);
  client.write(greeting());
  assert.equal((await client.ended()).length, 0);
});

test("a caller that goes before anything was made of it is told, also when that is asked late", async () => {
  await using relay = await openRelay();
  const socket = await relay.call();
  const caller = await relay.caller();
  const gone = new Promise<void>((resolve) => caller.onClosed(resolve));
  assert.equal(caller.isClosed, false);
  socket.destroy();
  await gone;
  assert.equal(caller.isClosed, true);
  await new Promise<void>((resolve) => caller.onClosed(resolve));
  const other = await relay.call(2);
  const late = await relay.caller(1);
  assert.throws(() =>
    late.spliceWith(caller, { clock: new VirtualClock(), idleTimeoutMs: 1, spend: () => 0, ended: () => {} }),
  );
  other.destroy();
});

test("a caller that is destroyed hears the end, and nothing else", async () => {
  await using relay = await openRelay();
  const client = new RawClient(relay.port);
  client.write(greeting());
  (await relay.caller()).destroy();
  assert.equal((await client.ended()).length, 0);
});
