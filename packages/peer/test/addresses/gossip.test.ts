// Goal: members tell each other where devices are without flooding anybody: what is new, to a few, of those with whom they have direct links, and only within rooms that all
// of them share; and what others say in such messages is believed within its bounds (P22).
// Method: one account's whereabouts with made-up links that write down what is told, a room's log that the test makes up, and a virtual clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type PortMapping, type Rendezvous, signAddressRecord } from "@papo/link";
import { MemoryNetwork, VirtualClock, seededRandom } from "@papo/link/memory";
import {
  ADDRESS_RECORDS_BURST,
  type AccountKey,
  FORWARDED_DIALS_BURST,
  GOSSIP_FANOUT,
  GOSSIP_SPREAD_MS,
  type IpLiteral,
  type Observed,
  type Outcome,
  type PeerAddresses,
  type RelayTicket,
  type SignedText,
  decodeWith,
  fault,
  ipLiteral,
  succeed,
} from "@papo/protocol";
import { Whereabouts, type WhereaboutsPorts } from "../../src/addresses/whereabouts.ts";
import type { RoomState } from "../../src/conversations/log/room-state.ts";
import type { PeerLink } from "../../src/mesh/peer-link.ts";
import type { TrackerLine } from "../../src/tracker-session/tracker-line.ts";
import { NO_SETTINGS, expectOk, keysFor, named } from "../world-fixture.ts";

function ip(text: string): IpLiteral {
  return expectOk(decodeWith(ipLiteral, text));
}

const account = (name: string): AccountKey => keysFor(name).keys.root.publicKey;
const device = (name: string) => keysFor(name).keys.device.publicKey;

function record(name: string, seq: number, address: string, port = 40_001): SignedText {
  const at = { address: ip(address), port };
  const { keys } = keysFor(name);
  const said = { v: 1, device: device(name), seq, time: "2026-11-23T03:00:00Z", addresses: [at] } as const;
  return signAddressRecord(keys.device, { ...said, addresses: [at] });
}

type FakeLink = PeerLink & { readonly told: PeerAddresses["records"][] };

/** As much of a link as whereabouts look at. */
function linkWith(name: string, address: string, path: PeerLink["path"] = "direct"): FakeLink {
  const told: PeerAddresses["records"][] = [];
  const link = {
    party: { username: named(name), account: account(name), device: device(name) },
    ...{ path, isOpen: true, dialledByUs: false, told },
    ends: { remoteAddress: address, remotePort: 51_000, localAddress: "10.0.0.1", localPort: 40_000 },
    tellAddresses: (records: PeerAddresses["records"]) => void told.push(records),
  };
  return link as Partial<FakeLink> as FakeLink;
}

/** A room of which all of these are members. */
function roomOf(...names: readonly string[]): RoomState {
  const members = names.map((name) => [account(name), { account: account(name), devices: [device(name)] }] as const);
  return { memberByAccount: new Map(members) } as object as RoomState;
}

class Rig {
  readonly clock = new VirtualClock();
  readonly links: FakeLink[] = [];
  logs: RoomState[] = [];
  line: TrackerLine | undefined;
  changes = 0;
  readonly whereabouts: Whereabouts;

  constructor(ports: Partial<WhereaboutsPorts> = {}) {
    this.whereabouts = new Whereabouts({
      ...{ clock: this.clock, random: seededRandom(7), network: new MemoryNetwork(this.clock).host("10.0.0.1") },
      own: () => ({ username: named("gabi"), ...keysFor("gabi"), binding: null }),
      settings: NO_SETTINGS,
      trackerAddress: () => ({ dialect: "papo", host: "tracker.example", port: 6060, key: undefined }),
      ...{ hideAddress: false, openMapper: undefined, watchNetwork: undefined },
      views: () => [],
      logs: () => this.logs,
      isContact: () => false,
      line: () => this.line,
      renewSession: () => {},
      links: () => this.links,
      isTrusted: () => true,
      redial: () => {},
      placesChanged: () => (this.changes += 1),
      ...ports,
    });
  }

  link(name: string, address: string, path?: PeerLink["path"]): FakeLink {
    const link = linkWith(name, address, path);
    this.links.push(link);
    this.whereabouts.linkOpened(link);
    return link;
  }

  hears(link: FakeLink, signed: SignedText, seen: string | null): void {
    this.whereabouts.heard(link, {
      cmd: "ADDRESSES",
      records: [{ record: signed, seen: seen === null ? null : ip(seen) }],
    });
  }

  places(name: string): readonly string[] {
    return this.whereabouts.placesOfDevice(device(name)).map((at) => `${at.address} ${at.port} ${at.source}`);
  }
}

const NORI = "198.51.100.20";
const VICTIM = "203.0.113.99";

test("a new record of somebody with a direct link goes to members of a room with both, once, and to nobody else", async () => {
  const rig = new Rig();
  rig.logs = [roomOf("gabi", "nori", "yuki"), roomOf("gabi", "ana")];
  const nori = rig.link("nori", NORI);
  const yuki = rig.link("yuki", "198.51.100.30");
  const ana = rig.link("ana", "198.51.100.40");
  rig.hears(nori, record("nori", 5, NORI), null);
  await rig.clock.advance(GOSSIP_SPREAD_MS);
  assert.deepEqual(yuki.told, [[{ record: record("nori", 5, NORI), seen: NORI }]]);
  assert.deepEqual([...nori.told, ...ana.told], []);

  rig.hears(nori, record("nori", 5, NORI), null);
  rig.hears(nori, record("nori", 4, NORI), null);
  await rig.clock.advance(GOSSIP_SPREAD_MS);
  assert.equal(yuki.told.length, 1, "nothing is new");
  rig.hears(yuki, record("nori", 6, NORI), NORI);
  rig.hears(nori, record("nori", 6, NORI), null);
  await rig.clock.advance(GOSSIP_SPREAD_MS);
  assert.equal(yuki.told.length, 1, "yuki has told it herself");
});

test("nobody is told of a device that is linked through a relay, or comes from elsewhere than it says", async () => {
  const rig = new Rig();
  rig.logs = [roomOf("gabi", "nori", "yuki", "ana")];
  const nori = rig.link("nori", NORI, "relayed");
  const ana = rig.link("ana", "198.51.100.40");
  const yuki = rig.link("yuki", "198.51.100.30");
  rig.hears(nori, record("nori", 5, NORI), null);
  rig.hears(ana, record("ana", 5, VICTIM), null);
  await rig.clock.advance(GOSSIP_SPREAD_MS);
  assert.deepEqual(yuki.told, []);
  assert.deepEqual(
    [rig.places("nori"), rig.places("ana")],
    [[], ["198.51.100.40 40001 link"]],
    "P22: not dialled where nobody saw them",
  );
});

test("however many links there are, one change is told to few", async () => {
  const rig = new Rig();
  const names = Array.from({ length: 24 }, (_, n) => `m${n}`);
  rig.logs = [roomOf("gabi", "nori", ...names)];
  const nori = rig.link("nori", NORI);
  const others = names.map((name, n) => rig.link(name, `198.51.100.${n + 30}`));
  rig.hears(nori, record("nori", 5, NORI), null);
  await rig.clock.advance(GOSSIP_SPREAD_MS);
  assert.equal(others.filter(({ told }) => told.length > 0).length, GOSSIP_FANOUT);
});

test("F3: while the tracker is gone, who comes is told of those who are here; while it is there, it tells itself", () => {
  const rig = new Rig();
  rig.logs = [roomOf("gabi", "nori", "yuki", "ana")];
  const nori = rig.link("nori", NORI);
  rig.hears(nori, record("nori", 5, NORI), null);
  assert.deepEqual(rig.link("yuki", "198.51.100.30").told, [[{ record: record("nori", 5, NORI), seen: NORI }]]);
  rig.line = {} as TrackerLine;
  assert.deepEqual(rig.link("ana", "198.51.100.40").told, []);
});

test("P22: what a member says of others is dialled where it sees them, of members alone, and asks for no more than a few dials", async () => {
  const rig = new Rig();
  rig.logs = [roomOf("gabi", "nori", "yuki"), roomOf("gabi", "ana")];
  const yuki = rig.link("yuki", "198.51.100.30");
  rig.hears(yuki, record("nori", 5, NORI), VICTIM);
  rig.hears(yuki, record("ana", 5, NORI), NORI);
  rig.hears(yuki, record("stranger", 5, NORI), NORI);
  rig.hears(yuki, record("gabi", Number.MAX_SAFE_INTEGER, VICTIM), VICTIM);
  await rig.clock.advance(10);
  assert.equal(rig.changes, 0);
  for (const name of ["nori", "ana", "stranger", "gabi"]) assert.deepEqual(rig.places(name), [], name);

  rig.hears(yuki, record("nori", 6, NORI), NORI);
  await rig.clock.advance(10);
  assert.equal(rig.changes, 1);
  assert.deepEqual(rig.places("nori"), [`${NORI} 40001 member`]);
});

test("P22: what somebody says of another device of their own is their own word, and leads nowhere", async () => {
  const rig = new Rig();
  const [mallory, second] = [account("mallory"), device("nori")];
  const member = { account: mallory, devices: [device("mallory"), second] };
  const self = { account: account("gabi"), devices: [device("gabi")] };
  const memberByAccount = new Map([
    [mallory, member],
    [self.account, self],
  ]);
  rig.logs = [{ memberByAccount } as object as RoomState];
  rig.hears(rig.link("mallory", "198.51.100.66"), record("nori", 5, VICTIM), VICTIM);
  await rig.clock.advance(10);
  assert.deepEqual(rig.places("nori"), []);
});

test("P22: a member who lies about others' places, with their help, sends us to a victim a bounded number of times", async () => {
  const rig = new Rig();
  rig.logs = [roomOf("gabi", "nori", "mallory")];
  const mallory = rig.link("mallory", "198.51.100.66");
  const dialled: number[] = [];
  for (let seq = 1; seq <= 2 * ADDRESS_RECORDS_BURST; seq += 1) {
    rig.hears(mallory, record("nori", seq, VICTIM), VICTIM);
    for (const place of rig.whereabouts.placesOfDevice(device("nori"))) {
      dialled.push(seq);
      rig.whereabouts.failedAt(device("nori"), place);
    }
    await rig.clock.advance(1);
  }
  assert.equal(dialled.length, FORWARDED_DIALS_BURST);
  rig.links.length = 0;
  rig.hears(rig.link("mallory", "198.51.100.66"), record("nori", 100_000, VICTIM), VICTIM);
  assert.deepEqual(rig.places("nori"), [], "another link is no other member");
});

test("P22: ten thousand records of one link cost a bounded number of signatures", async () => {
  const rig = new Rig();
  rig.logs = [roomOf("gabi", "nori")];
  const nori = rig.link("nori", NORI);
  for (let seq = 1; seq <= ADDRESS_RECORDS_BURST + 20; seq += 1)
    rig.hears(nori, record("nori", seq, NORI, 40_000 + seq), null);
  assert.deepEqual(
    rig.places("nori"),
    [`${NORI} ${40_000 + ADDRESS_RECORDS_BURST} link`],
    "the rest was not even opened",
  );
  await rig.clock.advance(60_000);
  rig.hears(nori, record("nori", 9_000, NORI), null);
  assert.deepEqual(rig.places("nori"), [`${NORI} 40001 link`]);
});

test("a tracker that has a name is asked where we are by the other family, and is told so", async () => {
  const told: SignedText[] = [];
  const asked: (4 | 6 | undefined)[] = [];
  let closed = 0;
  const rendezvous: Rendezvous = {
    ...{ localPort: 5, localAddress: "2001:db8::5", remoteAddress: "2001:db8::1", closed: new Promise(() => {}) },
    close: () => void (closed += 1),
  };
  const clock = new VirtualClock();
  const network: WhereaboutsPorts["network"] = {
    ...new MemoryNetwork(clock).host("10.0.0.1"),
    rendezvous: (options) => {
      asked.push(options.family);
      return Promise.resolve(succeed(rendezvous));
    },
  };
  const rig = new Rig({ network });
  const ticket = Buffer.alloc(32, 7).toString("base64url") as RelayTicket;
  const line: Partial<TrackerLine> = {
    observe: () => Promise.resolve(succeed(ticket)),
    tellAddresses: (addresses) => {
      told.push(addresses);
      return Promise.resolve(succeed(null));
    },
  };
  rig.line = line as TrackerLine;
  rig.whereabouts.sessionAt(ip("198.51.100.7"), 40_001);
  rig.whereabouts.online(rig.line);
  await rig.clock.advance(10);
  assert.deepEqual(asked, [6]);
  const observed = (of: RelayTicket): Observed => ({
    status: "OBSERVED",
    ticket: of,
    address: ip("2001:db8::5"),
    port: 5,
  });
  rig.whereabouts.observed(observed(Buffer.alloc(32, 8).toString("base64url") as RelayTicket));
  assert.equal(told.length, 0, "the ticket of a call, say");
  rig.whereabouts.observed(observed(ticket));
  assert.deepEqual([told.length, closed], [1, 1]);
  assert.deepEqual(rig.whereabouts.report().told, [
    { address: "198.51.100.7", port: 40_001 },
    { address: "2001:db8::5", port: 40_001 },
  ]);
});

test("a record that changes while a session begins is told when it stands, and again after a while to a tracker that has no time", async () => {
  const rig = new Rig();
  const told: SignedText[] = [];
  let answer: Outcome<null> = { ok: false, fault: { ...fault("slow_down", "test"), retryAfterMs: 700 } };
  let openPort: ((mapping: PortMapping | null) => void) | undefined;
  const mapped = new Rig({
    openMapper: (changed) => {
      openPort = changed;
      return { map: () => new Promise(() => {}), unmap: () => Promise.resolve(), close: () => Promise.resolve() };
    },
    line: () => rig.line,
    trackerAddress: () => ({ dialect: "papo", host: "192.0.2.1", port: 6060, key: undefined }),
  });
  const { whereabouts, clock } = mapped;
  whereabouts.sessionAt(ip("198.51.100.7"), 40_001);
  openPort?.({ way: "pcp", address: null, port: 50_001, lifetimeMs: 60_000 });
  const tellAddresses: TrackerLine["tellAddresses"] = (record) => {
    told.push(record);
    return Promise.resolve(answer);
  };
  const line = { tellAddresses } as Partial<TrackerLine> as TrackerLine;
  rig.line = line;
  whereabouts.online(line);
  await clock.advance(699);
  assert.deepEqual(told, [whereabouts.record]);
  answer = succeed(null);
  await clock.advance(10_000);
  assert.equal(told.length, 2);
  whereabouts.sessionAt(ip("198.51.100.7"), 40_001);
  whereabouts.online(line);
  assert.equal(told.length, 2, "the login has told it");
});

test("who hides tells an empty list to those who may know, and looks for no other address", async () => {
  const rig = new Rig({ hideAddress: true });
  rig.logs = [roomOf("gabi", "nori")];
  rig.line = { observe: () => assert.fail("not asked") } as Partial<TrackerLine> as TrackerLine;
  rig.whereabouts.sessionAt(ip("198.51.100.7"), 40_001);
  rig.whereabouts.online(rig.line);
  await rig.clock.advance(10);
  assert.deepEqual(rig.whereabouts.report(), {
    told: [],
    observed: "198.51.100.7",
    mapping: { state: "off" },
    hidden: true,
  });
  assert.equal(rig.whereabouts.company.mayKnow(account("nori")), true);
  assert.equal(rig.whereabouts.recordFor(account("stranger")), null);
});
