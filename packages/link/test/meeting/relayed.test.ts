// Goal: two programs that each opened a plain connection to a relay have our TLS inside of it, each in the role it was told and each
// knowing the other's key; what goes wrong is a value, and leaves no socket open.
// Method: a real relay on loopback, both programs in one process; a virtual clock where a time limit matters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, type RelayedOptions, createTlsIdentity, tcpNetwork } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { BYTES_FRAME_BYTES_MAX, FRAME_KIND, type Outcome } from "@papo/protocol";
import { LinkRecorder } from "@papo/testing";
import { type RelayRig, openRelay, ticket, until } from "../support/relay.ts";
import { ALPN, diallerIdentity, listenerIdentity, openServer } from "../support/tcp.ts";

const stranger = createTlsIdentity();
const asClient = { role: "client", identity: diallerIdentity } as const;
const asServer = { role: "server", identity: listenerIdentity } as const;

function options(
  port: number,
  how: Partial<RelayedOptions> & Pick<RelayedOptions, "role" | "identity">,
): RelayedOptions {
  return { host: "127.0.0.1", port, ticket: ticket(), alpn: ALPN, queueBytesMax: 4_194_304, timeoutMs: 60_000, ...how };
}

async function both(relay: RelayRig, client: Partial<RelayedOptions>, server: Partial<RelayedOptions>) {
  const network = tcpNetwork();
  return Promise.all([
    network.relayed(options(relay.port, { ...asClient, ...client })),
    network.relayed(options(relay.port, { ...asServer, ...server })),
  ]);
}

test("TLS inside of a relay: each has the other's key, and frames of every size go both ways", async () => {
  await using relay = await openRelay();
  const keys = [{ expectedKey: listenerIdentity.key }, { expectedKey: diallerIdentity.key }] as const;
  const [ours, theirs] = (await both(relay, ...keys)).map(expectOk);
  assert.ok(ours !== undefined && theirs !== undefined);
  assert.deepEqual([ours.security?.remoteKey, theirs.security?.remoteKey], [listenerIdentity.key, diallerIdentity.key]);
  assert.deepEqual([ours.security?.group, theirs.security?.group], ["X25519MLKEM768", "X25519MLKEM768"]);
  assert.equal(ours.ends.remotePort, relay.port);
  const [heardHere, heardThere] = [LinkRecorder.on(ours), LinkRecorder.on(theirs)];
  const large = new Uint8Array(BYTES_FRAME_BYTES_MAX).fill(7);
  for (let n = 0; n < 8; n++) ours.sendFrame(FRAME_KIND.bytes, large);
  theirs.sendJson({ from: "there" });
  await heardThere.received(8);
  assert.ok(heardThere.messages.every(({ payload }) => Buffer.compare(payload, large) === 0));
  assert.deepEqual(await heardHere.received(1), ['{"from":"there"}']);

  await ours.close({ code: "closed", detail: "done" });
  assert.equal((await heardThere.ended()).code, "lost");
  assert.equal((await relay.ended()).why, "closed");
  await until(() => relay.openSockets === 0);
});

test("P4: through a relay another key than the expected one ends the link at either role, and nothing was said", async () => {
  for (const [client, server, at] of [
    [{ expectedKey: stranger.key }, {}, 0],
    [{}, { expectedKey: stranger.key }, 1],
  ] as const) {
    await using relay = await openRelay();
    const outcomes = await both(relay, client, server);
    assert.equal(codeOf(outcomes[at]), "identity_changed");
    // TLS tells the client before the server has judged its key, so the other one may have had a link for a moment.
    const other = outcomes[1 - at];
    if (other?.ok === true) assert.equal((await LinkRecorder.on(other.value).ended()).code, "lost");
    await until(() => relay.openSockets === 0);
  }
});

test("two of one role, and another protocol, come to nothing on both sides", async () => {
  for (const server of [{ alpn: "papo-tracker/1" }, { role: "client" }] as const) {
    await using relay = await openRelay();
    const outcomes = await both(relay, {}, server);
    assert.deepEqual(outcomes.map(codeOf), ["unsupported", "unsupported"]);
    await until(() => relay.openSockets === 0);
  }
});

test("a relay that hangs up before the other side has come is a value in both roles", async () => {
  await using relay = await openRelay();
  for (const [index, how] of [asClient, asServer].entries()) {
    const going = tcpNetwork().relayed(options(relay.port, { ...how, ticket: ticket(index + 1) }));
    (await relay.caller(index)).destroy();
    assert.equal(codeOf(await going), "unreachable");
  }
  assert.equal(codeOf(await tcpNetwork().relayed(options(1, asClient))), "unreachable");
  await using rude = await openServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  assert.equal(codeOf(await tcpNetwork().relayed(options(rude.port, asClient))), "unsupported");
  assert.equal(codeOf(await tcpNetwork().relayed(options(rude.port, asServer))), "unsupported");
});

test("a relay where nobody comes is given up in time, or when told to, in both roles, and its connection closed", async () => {
  for (const how of [asClient, asServer]) {
    const clock = new VirtualClock();
    const network = tcpNetwork(clock);
    await using relay = await openRelay();
    const late = network.relayed(options(relay.port, { ...how, timeoutMs: 5_000 }));
    await relay.caller();
    await clock.advance(5_000);
    assert.equal(codeOf(await late), "timeout");

    const giveUp = new AbortController();
    const dropped = network.relayed(options(relay.port, { ...how, signal: giveUp.signal, ticket: ticket(2) }));
    await relay.caller(1);
    giveUp.abort();
    assert.equal(codeOf(await dropped), "closed");
    assert.equal(codeOf(await network.relayed(options(relay.port, { ...how, signal: giveUp.signal }))), "closed");
    await until(() => relay.openSockets === 0);
  }
});

test("what is not as long as a ticket is our own mistake", async () => {
  await assert.rejects(tcpNetwork().relayed(options(1, { ...asClient, ticket: new Uint8Array(31) })), RangeError);
});

function codeOf(outcome: Outcome<Link> | undefined): string {
  return outcome === undefined || outcome.ok ? "linked" : outcome.fault.code;
}

function expectOk(outcome: Outcome<Link>): Link {
  if (!outcome.ok) assert.fail(`${outcome.fault.code}: ${outcome.fault.detail}`);
  return outcome.value;
}
