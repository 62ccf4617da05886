// Goal: a port is mapped while it is wanted and no longer: renewed in time, given back at the end within a second, asked for at most one router at a time, and a router
// that never answers holds up nothing.
// Method: made-up routers on virtual time; and a real datagram router on loopback for the exchange itself.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";
import { PORT_MAPPING_TIMEOUT_MS, PORT_UNMAPPING_TIMEOUT_MS } from "@papo/protocol";
import { systemClock } from "../../src/clock.ts";
import { VirtualClock } from "../../src/memory/virtual-clock.ts";
import { DatagramWay } from "../../src/mapping/datagram-way.ts";
import { gatewaysIn } from "../../src/mapping/gateways.ts";
import type { PortMapping } from "../../src/mapping/port-mapper.ts";
import { RouterPortMapper } from "../../src/mapping/router-port-mapper.ts";
import type { RouterWay } from "../../src/mapping/router-way.ts";

const LIFETIME_MS = 1_200_000;

/** A router whose answers a test can change. */
class MadeUpRouter implements RouterWay {
  readonly asked: string[] = [];
  outside: number | undefined;
  answers = true;

  constructor(outside: number | undefined) {
    this.outside = outside;
  }

  async map(
    { port, outside }: { port: number; outside: number },
    signal: AbortSignal,
  ): Promise<PortMapping | undefined> {
    this.asked.push(`map ${port} at ${outside}`);
    if (!this.answers) await aborted(signal);
    if (this.outside === undefined || !this.answers) return undefined;
    return { way: "pcp", address: null, port: this.outside, lifetimeMs: LIFETIME_MS };
  }

  async unmap({ port, outside }: { port: number; outside: number }, signal: AbortSignal): Promise<void> {
    this.asked.push(`unmap ${port} at ${outside}`);
    if (!this.answers) await aborted(signal);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function mapperOf(...routers: readonly MadeUpRouter[]) {
  const clock = new VirtualClock();
  const told: (number | null)[] = [];
  async function* ways(): AsyncIterable<RouterWay> {
    yield* routers;
  }
  const changed = (mapping: PortMapping | null): void => void told.push(mapping?.port ?? null);
  return { clock, told, mapper: new RouterPortMapper({ clock, changed, ways }) };
}

test("the first router that gives a port is the one", async () => {
  const [none, one, other] = [new MadeUpRouter(undefined), new MadeUpRouter(50_000), new MadeUpRouter(50_001)];
  const { mapper } = mapperOf(none, one, other);
  const mapped = await mapper.map(40_000);
  assert.equal(mapped.ok && mapped.value.port, 50_000);
  assert.deepEqual(other.asked, []);
});

test("it is renewed after half its time, and a new port is told", async () => {
  const router = new MadeUpRouter(50_000);
  const { clock, told, mapper } = mapperOf(router);
  await mapper.map(40_000);
  await clock.advance(LIFETIME_MS / 2);
  assert.deepEqual(router.asked, ["map 40000 at 40000", "map 40000 at 50000"]);
  assert.deepEqual(told, []);
  router.outside = 50_007;
  await clock.advance(LIFETIME_MS / 2);
  assert.deepEqual(told, [50_007]);
});

test("a router that is gone is tried again until the time is over, and then it is told", async () => {
  const router = new MadeUpRouter(50_000);
  const { clock, told, mapper } = mapperOf(router);
  await mapper.map(40_000);
  router.outside = undefined;
  await clock.advance(LIFETIME_MS - 1);
  assert.deepEqual(told, []);
  await clock.advance(LIFETIME_MS);
  assert.deepEqual(told, [null]);
  assert.ok(router.asked.length >= 3 && router.asked.length <= 8, String(router.asked.length));
  assert.equal(clock.timers, 0);
});

test("another port of ours is another mapping: the first is given back", async () => {
  const router = new MadeUpRouter(50_000);
  const { mapper } = mapperOf(router);
  await mapper.map(40_000);
  await mapper.map(40_001);
  assert.deepEqual(router.asked, ["map 40000 at 40000", "unmap 40000 at 50000", "map 40001 at 40001"]);
});

test("a router that never answers is given up in time", async () => {
  const router = new MadeUpRouter(50_000);
  router.answers = false;
  const { clock, mapper } = mapperOf(router);
  const mapping = mapper.map(40_000);
  await clock.advance(PORT_MAPPING_TIMEOUT_MS);
  assert.equal((await mapping).ok, false);
});

test("closing gives the port back, waits a second at most, and leaves no timer", async () => {
  const router = new MadeUpRouter(50_000);
  const { clock, mapper } = mapperOf(router);
  await mapper.map(40_000);
  router.answers = false;
  let isClosed = false;
  void mapper.close().then(() => (isClosed = true));
  await clock.advance(PORT_UNMAPPING_TIMEOUT_MS - 1);
  assert.equal(isClosed, false);
  await clock.advance(1);
  assert.equal(isClosed, true);
  assert.equal(router.asked.at(-1), "unmap 40000 at 50000");
  assert.equal(clock.timers, 0);
  assert.equal((await mapper.map(40_000)).ok, false, "nothing is asked any more");
});

test("closing while it is being asked ends that", async () => {
  const router = new MadeUpRouter(50_000);
  router.answers = false;
  const { clock, mapper } = mapperOf(router);
  const mapping = mapper.map(40_000);
  await clock.settle();
  await mapper.close();
  assert.equal((await mapping).ok, false);
  assert.equal(clock.timers, 0);
});

test("a router that knows only NAT-PMP is asked in it from then on; garbage in between is passed over", async () => {
  const heard: Buffer[] = [];
  const router = createSocket("udp4");
  router.on("message", (packet, { port, address }) => {
    heard.push(packet);
    router.send(Buffer.from([1]), port, address);
    if (packet[0] === 2) return router.send(Buffer.from([0, 0x81, 0, 1, 0, 0, 0, 9]), port, address);
    const answer = Buffer.alloc(16);
    answer[1] = 0x82;
    packet.copy(answer, 8, 4, 6);
    answer.writeUInt16BE(50_000, 10);
    packet.copy(answer, 12, 8, 12);
    router.send(answer, port, address);
  });
  router.bind(0, "127.0.0.1");
  await once(router, "listening");
  const place = { host: "127.0.0.1", port: router.address().port };
  const way = new DatagramWay({ clock: systemClock, router: place, nonce: new Uint8Array(12) });
  const { signal } = new AbortController();
  const mapping = await way.map({ port: 40_000, outside: 40_000 }, signal);
  assert.deepEqual(mapping, { way: "nat-pmp", address: null, port: 50_000, lifetimeMs: 3_600_000 });
  await way.unmap({ port: 40_000, outside: 50_000 }, signal);
  assert.deepEqual(
    heard.map((packet) => packet[0]),
    [2, 0, 0],
  );
  router.close();
});

test("where nobody listens it is known at once", async () => {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  // A clock that never moves: it does not wait for any time.
  const way = new DatagramWay({
    clock: new VirtualClock(),
    router: { host: "127.0.0.1", port },
    nonce: new Uint8Array(12),
  });
  assert.equal(await way.map({ port: 40_000, outside: 40_000 }, new AbortController().signal), undefined);
});

test("the routers of a system that tells its routes", () => {
  const routes = [
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask",
    "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000",
    "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF",
    "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000",
  ];
  assert.deepEqual(gatewaysIn(routes.join("\n")), ["192.168.1.1"]);
  assert.deepEqual(gatewaysIn("nonsense\n\t\t\t"), []);
});
