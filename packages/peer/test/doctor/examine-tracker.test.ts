// Goal: whatever answers in a tracker's place, or nothing, `papo doctor` ends in time and says which it was; it logs in nowhere.
// Method: a tracker on the in-memory network that misbehaves in one way after the other, on virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Network, type Rendezvous, createTlsIdentity, createTrackerKey } from "@papo/link";
import { MemoryNetwork, VirtualClock } from "@papo/link/memory";
import { type Outcome, type TrackerAddress, fail, ipLiteral, succeed } from "@papo/protocol";
import type { Answerer } from "@papo/link";
import * as v from "valibot";
import { type NetworkPorts, type TrackerSubject, examineTracker } from "../../src/doctor/examine-tracker.ts";
import { Patience } from "../../src/doctor/patience.ts";
import type { DoctorCheck, DoctorSubject } from "../../src/doctor/report.ts";
import { FakeTracker, type FakeSession, error } from "../fake-tracker-fixture.ts";

const TRACKER = "198.51.100.1";
const US = "192.168.0.7";
const OUTSIDE = "203.0.113.9";
const TOTAL_MS = 10_000;
const MAPPED_PORT = 50_505;

class Examined {
  readonly clock = new VirtualClock();
  readonly wire = new MemoryNetwork(this.clock);
  readonly tracker = new FakeTracker(this.wire.host(TRACKER));
  names: Outcome<readonly string[]> = succeed([TRACKER]);
  answers: Answerer = { kind: "silent" };
  subject: TrackerSubject = {
    address: { dialect: "papo", host: TRACKER, port: 6060, key: undefined },
    expectedKey: undefined,
    isLocal: false,
  };
  /** What a router makes of the port that a connection was opened from. */
  natPort = (localPort: number): number => localPort;
  isReached = false;
  relay: object | null = null;
  mapped: NetworkPorts["mapped"];
  #session: FakeSession | undefined;
  #connections = 0;
  #tickets = 0;

  /** A tracker as it should be. */
  async listen(): Promise<void> {
    await this.tracker.listen();
    this.tracker.intercept = (request, session) => {
      this.#session = session;
      if (request.cmd === "HELLO") return { ...this.tracker.hello(session), relay: this.relay };
      if (request.cmd === "OBSERVE")
        return {
          ticket: String(this.#tickets++)
            .padStart(42, "t")
            .concat("A"),
        };
      if (request.cmd !== "CHECK_REACH") return undefined;
      return { reached: this.isReached || request.port === MAPPED_PORT, address: OUTSIDE, port: request.port ?? 0 };
    };
  }

  async run(): Promise<ReadonlyMap<DoctorSubject, DoctorCheck>> {
    const { clock } = this;
    const ports: NetworkPorts = {
      network: this.#network(),
      clock,
      identity: createTlsIdentity(),
      lookUp: () => Promise.resolve(this.names),
      whoAnswers: () => Promise.resolve(this.answers),
      ownAddresses: () => [US],
      shown: (address) => `shown ${address}`,
      patience: new Patience(clock),
      door: { port: 40_000 },
      mapped: this.mapped,
    };
    let checks: readonly DoctorCheck[] | undefined;
    void examineTracker(ports, this.subject).then((found) => (checks = found));
    for (let ms = 0; checks === undefined; ms += 50) {
      assert.ok(ms < TOTAL_MS, "it ends in time");
      await clock.advance(50);
    }
    return new Map(checks.map((check) => [check.check, check]));
  }

  /** Links of the memory network; of a rendezvous only what the tracker says about it. */
  #network(): Network {
    const rendezvous: Network["rendezvous"] = async ({ ticket, host }) => {
      const localPort = 50_000 + this.#connections++;
      const [address, port] = [v.parse(ipLiteral, OUTSIDE), this.natPort(localPort)];
      const told = { status: "OBSERVED", ticket: Buffer.from(ticket).toString("base64url"), address, port };
      this.#session?.link.sendJson(told);
      const open: Rendezvous = {
        localPort,
        localAddress: US,
        remoteAddress: host,
        close() {},
        closed: new Promise(() => {}),
      };
      return succeed(open);
    };
    return { ...this.wire.host(US), rendezvous };
  }
}

function findings(checks: ReadonlyMap<DoctorSubject, DoctorCheck>): Readonly<Record<string, string>> {
  return Object.fromEntries([...checks].map(([subject, { finding }]) => [subject, finding]));
}

const UNSEEN = {
  "round-trip": "not_reached",
  clock: "not_reached",
  nat: "not_reached",
  reach: "not_reached",
  relay: "not_reached",
};

test("a tracker as it should be, behind a router that keeps ports: nothing but HELLO, OBSERVE and CHECK_REACH is said", async () => {
  const examined = new Examined();
  await examined.listen();
  const checks = await examined.run();
  assert.deepEqual(findings(checks), {
    ...{ name: "name_literal", connection: "connection_ok", tracker: "tracker_new", "round-trip": "round_trip_ok" },
    ...{ clock: "clock_ok", nat: "nat_keeps_ports", reach: "reach_none", relay: "relay_off" },
  });
  assert.deepEqual(checks.get("nat")?.facts, { seen: `shown ${OUTSIDE}` });
  const { tracker } = examined;
  assert.deepEqual([...new Set(tracker.asked)].toSorted(), ["CHECK_REACH", "HELLO", "OBSERVE"]);
  assert.deepEqual(checks.get("tracker")?.facts, { key: tracker.key.publicKey, group: "X25519MLKEM768" });
});

test("a router that changes ports, a relay, a port that is reached, a known key, a clock that agrees", async () => {
  const examined = new Examined();
  await examined.listen();
  const { intercept, key } = examined.tracker;
  const now = () => new Date(examined.clock.wallMs() + 3_000).toISOString();
  examined.tracker.intercept = (request, session) => {
    const answer = intercept?.(request, session);
    return request.cmd === "HELLO" ? { ...answer, now: now() } : answer;
  };
  examined.natPort = (localPort) => localPort - 20_000;
  examined.isReached = true;
  examined.relay = { place: null };
  examined.subject = { ...examined.subject, expectedKey: key.publicKey };
  const checks = await examined.run();
  assert.deepEqual(findings(checks), {
    ...{ name: "name_literal", connection: "connection_ok", tracker: "tracker_known", "round-trip": "round_trip_ok" },
    ...{ clock: "clock_ok", nat: "nat_changes_ports", reach: "reach_ok", relay: "relay_ok" },
  });
  const clock = checks.get("clock");
  assert.ok(clock?.finding === "clock_ok" && Math.abs(clock.facts.aheadMs + 3_000) <= 2, JSON.stringify(clock));
});

test("a port that the router opened is tried too, and one that it takes too long to open is not waited for", async () => {
  const examined = new Examined();
  await examined.listen();
  const mapping = { way: "upnp", address: null, port: MAPPED_PORT, lifetimeMs: 1 } as const;
  examined.mapped = Promise.resolve(succeed(mapping));
  assert.equal((await examined.run()).get("reach")?.finding, "reach_by_mapping");
  examined.mapped = Promise.resolve(fail("unsupported", "no such router"));
  assert.equal((await examined.run()).get("reach")?.finding, "reach_none");
  examined.mapped = new Promise(() => {});
  assert.equal((await examined.run()).get("reach")?.finding, "reach_none");
});

test("nobody there, a dead host, a name that nobody knows", async () => {
  const refused = new Examined();
  assert.equal((await refused.run()).get("connection")?.finding, "connection_refused");

  const here = new Examined();
  here.subject = { ...here.subject, isLocal: true };
  assert.deepEqual(findings(await here.run()), {
    ...{ name: "name_literal", connection: "connection_nobody_here", tracker: "not_reached", ...UNSEEN },
  });

  const dead = new Examined();
  await dead.listen();
  dead.wire.partition([TRACKER], [US]);
  assert.equal((await dead.run()).get("connection")?.finding, "connection_silent");

  const named = new Examined();
  named.subject = { ...named.subject, address: { dialect: "papo", host: "chat.example", port: 6060, key: undefined } };
  named.names = fail("unreachable", "no such name");
  assert.equal((await named.run()).get("name")?.finding, "name_unknown");
  named.names = fail("timeout", "no name server");
  assert.equal((await named.run()).get("name")?.finding, "name_silent");
  named.names = succeed([TRACKER, "198.51.100.2"]);
  assert.deepEqual((await named.run()).get("name")?.facts, { addresses: 2 });
});

test("another key, none, another version, too busy, and silence after the handshake", async () => {
  const expectations = { expectedKey: createTrackerKey().publicKey };
  for (const [says, finding, more] of [
    [undefined, "tracker_changed", expectations],
    [error("unsupported"), "tracker_other_version", {}],
    [error("busy"), "tracker_busy", {}],
    [error("draining"), "tracker_busy", {}],
    [{ tracker: "nonsense" }, "tracker_unproven", {}],
  ] as const) {
    const examined = new Examined();
    await examined.listen();
    if (says !== undefined) examined.tracker.intercept = () => says;
    examined.subject = { ...examined.subject, ...more };
    const checks = await examined.run();
    assert.deepEqual(findings(checks), {
      ...{ name: "name_literal", connection: "connection_ok", tracker: finding, ...UNSEEN },
    });
  }
  const silent = new Examined();
  await silent.listen();
  silent.tracker.loseAnswerTo = "HELLO";
  const finding = (await silent.run()).get("tracker")?.finding;
  assert.equal(finding, "tracker_silent");
});

test("somebody else answers, or a tracker of the original program was named", async () => {
  for (const [kind, speaks] of [
    ["http", "http"],
    ["original", "original"],
    ["hangs-up", "unknown"],
  ] as const) {
    const examined = new Examined();
    const onLink = (): void => {};
    const settings = { identity: createTlsIdentity(), alpn: "something-else", queueBytesMax: 1_024 };
    await examined.wire
      .host(TRACKER)
      .listen({ ...settings, host: "::", port: 6060, dialects: ["papo", "seed"], onLink });
    examined.answers = kind === "http" ? { kind, server: "secret name of a server" } : { kind };
    const check = (await examined.run()).get("tracker");
    assert.deepEqual([check?.finding, check?.facts], ["tracker_other_program", { speaks }]);
  }
  const original = new Examined();
  await original.wire.host(TRACKER).listen({
    ...{ identity: createTlsIdentity(), alpn: "none", queueBytesMax: 1_024, host: "::", port: 6060 },
    ...{ dialects: ["seed"], onLink() {} },
  });
  const address: TrackerAddress = { dialect: "seed", host: TRACKER, port: 6060 };
  original.subject = { ...original.subject, address };
  assert.equal((await original.run()).get("tracker")?.finding, "tracker_original");
});

test("a tracker that answers nothing behind HELLO is told as not answering, in time", async () => {
  const examined = new Examined();
  await examined.listen();
  examined.tracker.intercept = (request, session) =>
    request.cmd === "HELLO" ? { ...examined.tracker.hello(session), relay: { place: null } } : error("slow_down");
  const checks = findings(await examined.run());
  assert.deepEqual([checks["nat"], checks["reach"], checks["relay"]], ["no_answer", "no_answer", "relay_blocked"]);
});
