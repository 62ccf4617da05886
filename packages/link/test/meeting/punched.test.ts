// Goal: a rendezvous shows its port and stays open; from the same port others are met, in the role that was told; whoever meets
// itself, nobody, or somebody who gave up, gets a value, and no socket is left.
// Method: real sockets on loopback. There a knock at a closed port is refused at once, so that two never cross: one side listens. The
// crossing itself is tried in a network namespace of its own that swallows refusals, where the machine lets us make one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as realTime } from "node:timers/promises";
import { promisify } from "node:util";
import { createTlsIdentity, tcpNetwork } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { type Outcome, PUNCH_RETRY_MS } from "@papo/protocol";
import { LinkRecorder, ownPort } from "@papo/testing";
import { openRelay, ticket, until } from "../support/relay.ts";
import { ALPN, diallerIdentity, listenerIdentity, openRig, openServer } from "../support/tcp.ts";

const common = { host: "127.0.0.1", alpn: ALPN, queueBytesMax: 1_048_576, forMs: 3_000 } as const;
const asClient = { ...common, role: "client", identity: diallerIdentity } as const;

test("a rendezvous is seen from the port that it tells, stays open, and ends when either side ends it", async () => {
  await using relay = await openRelay();
  const network = tcpNetwork();
  const place = { host: "127.0.0.1", port: relay.port, timeoutMs: 10_000 };
  const ours = expectOk(await network.rendezvous({ ...place, ticket: ticket(1) }));
  const caller = await relay.caller();
  assert.deepEqual(caller.ticket, ticket(1));
  assert.equal(caller.ends.remotePort, ours.localPort);
  assert.deepEqual([ours.localAddress, ours.remoteAddress], ["127.0.0.1", "127.0.0.1"]);
  assert.equal(caller.isClosed, false);
  ours.close();
  await ours.closed;
  await until(() => caller.isClosed);

  const theirs = expectOk(await network.rendezvous({ ...place, ticket: ticket(2), family: 4 }));
  (await relay.caller(1)).destroy();
  await theirs.closed;
  assert.equal(codeOf(await network.rendezvous({ ...place, ticket: ticket(), family: 6 })), "unreachable");
  assert.equal(codeOf(await network.rendezvous({ ...place, port: 1, ticket: ticket() })), "unreachable");
  assert.equal(codeOf(await network.rendezvous({ ...place, ticket: ticket(), signal: AbortSignal.abort() })), "closed");
});

test("from the port of an open rendezvous somebody else is met, in the client's role", async () => {
  await using relay = await openRelay();
  await using rig = await openRig();
  const network = tcpNetwork();
  const place = { host: "127.0.0.1", port: relay.port, timeoutMs: 10_000, ticket: ticket() };
  const { localPort, close } = expectOk(await network.rendezvous(place));
  const how = { ...asClient, port: rig.port, localPort, expectedKey: listenerIdentity.key };
  const link = expectOk(await network.punched(how));
  const theirs = await rig.link();
  assert.equal(theirs.ends.remotePort, localPort);
  assert.equal((await relay.caller()).isClosed, false);
  const heard = LinkRecorder.on(theirs);
  link.sendJson({ met: true });
  assert.deepEqual(await heard.received(1), ['{"met":true}']);
  link.destroy({ code: "closed", detail: "done" });
  close();
});

test("in the server's role the other side's key is checked as well", async () => {
  for (const expectedKey of [diallerIdentity.key, createTlsIdentity().key]) {
    // Whoever is met opens TLS towards us on the connection that we made.
    await using meeting = await openMeeting();
    const going = tcpNetwork().punched({
      ...common,
      ...{ role: "server", identity: listenerIdentity, port: meeting.port, localPort: await ownPort(), expectedKey },
    });
    const outcome = await going;
    const isRight = expectedKey === diallerIdentity.key;
    assert.equal(codeOf(outcome), isRight ? "linked" : "identity_changed");
    if (outcome.ok) outcome.value.destroy({ code: "closed", detail: "done" });
  }
});

test("whoever meets itself has met nobody", async () => {
  const clock = new VirtualClock();
  const localPort = await ownPort();
  const going = tcpNetwork(clock).punched({ ...asClient, port: localPort, localPort });
  await ticking(clock, going);
  assert.equal(codeOf(await going), "timeout");
});

test("where nobody is, it is tried again until the time is up or the signal comes, and not oftener than agreed", async () => {
  const clock = new VirtualClock();
  const how = { ...asClient, port: await ownPort(), localPort: await ownPort(), forMs: 20 * PUNCH_RETRY_MS };
  const going = tcpNetwork(clock).punched(how);
  await ticking(clock, going);
  assert.equal(codeOf(await going), "timeout");
  assert.ok(clock.monotonicMs() >= how.forMs);

  const giveUp = new AbortController();
  const dropped = tcpNetwork(new VirtualClock()).punched({ ...how, signal: giveUp.signal });
  giveUp.abort();
  assert.equal(codeOf(await dropped), "closed");
});

test("somebody who comes late is met all the same", async () => {
  const clock = new VirtualClock();
  const port = await ownPort();
  const going = tcpNetwork(clock).punched({ ...asClient, port, localPort: await ownPort() });
  await clock.advance(10 * PUNCH_RETRY_MS);
  await using rig = await openRig({ port });
  await ticking(clock, going);
  const link = expectOk(await going);
  await rig.link();
  link.destroy({ code: "closed", detail: "done" });
});

test("who is met and then gives up, or speaks another language, is a value in both roles", async () => {
  const server = { ...common, role: "server", identity: listenerIdentity } as const;
  for (const role of [asClient, server]) {
    await using gone = await openServer((socket) => socket.destroy());
    const hungUp = await tcpNetwork().punched({ ...role, port: gone.port, localPort: await ownPort() });
    assert.equal(codeOf(hungUp), "unreachable");
    await using other = await openServer((socket) => void socket.end("SSH-2.0-x\r\n"));
    const strange = await tcpNetwork().punched({ ...role, port: other.port, localPort: await ownPort() });
    assert.equal(codeOf(strange), "unsupported");
  }
});

test("a port that another one holds is not shared with it", async () => {
  const clock = new VirtualClock();
  await using holder = await openServer(() => {});
  await using rig = await openRig();
  const going = tcpNetwork(clock).punched({ ...asClient, port: rig.port, localPort: holder.port, forMs: 200 });
  await ticking(clock, going);
  assert.equal(codeOf(await going), "timeout");
});

test("simultaneous open: two that knock at each other have one link, the roles as told", async (t: TestContext) => {
  const program = join(import.meta.dirname, "crossing-program.ts");
  const rules =
    "add table inet t; add chain inet t i { type filter hook input priority 0; }; add rule inet t i tcp flags rst drop";
  const script = `ip link set lo up && nft '${rules}' && exec "$0" --conditions=source "$1"`;
  const inside = ["--user", "--map-root-user", "--net", "sh", "-c", script, process.execPath, program];
  try {
    await promisify(execFile)("unshare", ["--user", "--map-root-user", "--net", "nft", "list", "tables"]);
  } catch {
    return t.skip("needs network namespaces and nft");
  }
  const { stdout } = await promisify(execFile)("unshare", inside);
  assert.equal(stdout.trim(), 'client heard {"from":"server"}, server heard {"from":"client"}');
});

type Meeting = AsyncDisposable & { readonly port: number };

/** Accepts one connection and is the TLS client on it, as somebody is who was told that role. */
async function openMeeting(): Promise<Meeting> {
  const { connect } = await import("node:tls");
  return openServer((socket) => {
    const { certificatePem: cert, privateKeyPem: key } = diallerIdentity;
    const secure = connect({
      socket,
      cert,
      key,
      ALPNProtocols: [ALPN],
      rejectUnauthorized: false,
      minVersion: "TLSv1.3",
    });
    secure.on("error", () => {});
  });
}

/** Moves virtual time on beside what real sockets do, five times as fast as real time at most: a busy system lets a packet wait. */
async function ticking(clock: VirtualClock, going: Promise<unknown>): Promise<void> {
  let isDone = false;
  void going.finally(() => (isDone = true));
  while (!isDone) {
    await clock.advance(PUNCH_RETRY_MS / 10);
    await realTime(1);
  }
}

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "linked" : outcome.fault.code;
}

function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) assert.fail(`${outcome.fault.code}: ${outcome.fault.detail}`);
  return outcome.value;
}
