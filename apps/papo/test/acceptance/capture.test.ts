// Goal: whoever watches the wire between Papo programs, or between them and their tracker, reads no password, name, room or text.
// Method: a real tracker and real engines over TCP, every connection of theirs through a proxy that keeps all bytes; what was
// kept is searched for everything that was said, in the spellings in which it could appear.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import { type Network, systemClock, systemRandom, tcpNetwork } from "@papo/link";
import { type PeerApi, type PeerEvent, openPeer } from "@papo/peer";
import { PEER_ALPN, TRACKER_ALPN, type TrackerAddress } from "@papo/protocol";
import { FaultProxy, TemporaryHome } from "@papo/testing";
import { type Tracker, createTrackerIdentity, openMemoryStore, startTracker } from "@papo/tracker";

const home = new TemporaryHome();
after(() => home[Symbol.dispose]());

/** A network on which every connection that is dialled passes a tap. */
class TappedNetwork implements Network {
  readonly #inner = tcpNetwork();
  readonly #taps: FaultProxy[] = [];
  readonly listen = this.#inner.listen.bind(this.#inner);

  readonly dial: Network["dial"] = async (options) => {
    const tap = await FaultProxy.before({ host: options.host, port: options.port });
    this.#taps.push(tap);
    return this.#inner.dial({ ...options, host: "127.0.0.1", port: tap.port });
  };

  get connections(): readonly { readonly up: Buffer; readonly down: Buffer }[] {
    return this.#taps.map((tap) => ({ up: tap.captured("up"), down: tap.captured("down") }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#taps.map((tap) => tap[Symbol.asyncDispose]()));
  }
}

async function trackerHere(): Promise<Tracker> {
  const started = await startTracker({
    ...{
      clock: systemClock,
      network: tcpNetwork(),
      identity: createTrackerIdentity(),
      repositories: openMemoryStore(),
    },
    ...{ host: "127.0.0.1", port: 0, log: { event: () => {} } },
  });
  assert.ok(started.ok);
  return started.value;
}

async function open(name: string, network: Network, { port, key }: Tracker): Promise<PeerApi> {
  const tracker: TrackerAddress = { dialect: "papo", host: "127.0.0.1", port, key };
  const ports = { network, clock: systemClock, random: systemRandom };
  const opened = await openPeer({ ...ports, profile: home.at(name), tracker, allowPlaintext: false });
  assert.ok(opened.ok);
  return opened.value;
}

function heard(peer: PeerApi, content: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = peer.subscribe((event: PeerEvent) => {
      if (event.kind !== "message" || event.message.own || event.message.content !== content) return;
      stop();
      resolve();
    });
  });
}

/** Every spelling in which a text could stand on a wire. */
function spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  const inner = Buffer.from(text.slice(0, text.length - (text.length % 3)));
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[\u0080-\uffff]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [bytes.toString("latin1"), bytes.toString("hex"), inner.toString("base64url"), escaped];
}

test("I7: no password, name, room or text passes between Papo programs and their tracker in clear", async () => {
  const tracker = await trackerHere();
  await using network = new TappedNetwork();
  const [gabi, nori] = [await open("gabi", network, tracker), await open("nori", network, tracker)];
  const [gabis, noris] = ["the-password-of-gabi", "the-password-of-nori"];
  assert.ok((await gabi.register({ username: "gabriela", password: gabis })).ok);
  assert.ok((await nori.register({ username: "norivaldo", password: noris })).ok);
  const created = await gabi.createRoom({ name: "Sala das Cinco" });
  assert.ok(created.ok);
  const { id } = created.value;
  const [inRoom, inPrivate] = ["encontro atrás da catedral", "só para você, às nove"];
  const roomHeard = heard(nori, inRoom);
  const privateHeard = heard(gabi, inPrivate);
  assert.ok((await nori.joinRoom("Sala das Cinco")).ok);
  await gabi.send({ kind: "room", id }, inRoom);
  await nori.send({ kind: "private", username: created.value.owner ?? assert.fail() }, inPrivate);
  await Promise.all([roomHeard, privateHeard]);
  assert.ok((await gabi.listRooms()).ok && (await gabi.listPeers()).ok);
  await gabi.close();
  assert.ok((await (await open("gabi", network, tracker)).resume(created.value.owner)).ok);
  await nori.close();
  await tracker.drain();

  const all = network.connections.map(({ up, down }) => Buffer.concat([up, down]).toString("latin1"));
  for (const alpn of [TRACKER_ALPN, PEER_ALPN])
    assert.ok(
      all.some((bytes) => bytes.includes(alpn)),
      `the tap saw ${alpn}`,
    );
  for (const { up } of network.connections) assert.equal(up[0], 0x16, "each connection begins as TLS");
  const hashes = [gabis, noris].map((password) => createHash("sha256").update(password).digest("hex"));
  for (const secret of [
    gabis,
    noris,
    ...hashes,
    "gabriela",
    "norivaldo",
    "Sala das Cinco",
    inRoom,
    inPrivate,
    "MESSAGE",
  ]) {
    for (const spelling of spellings(secret))
      assert.ok(!all.some((bytes) => bytes.includes(spelling)), `${secret} as ${spelling}`);
  }
});
