// Goal: programs find each other's trackers and devices in a local network, say nothing there that tells whose machine it is, and a flood of
// packets costs nothing.
// Method: several hosts on one network in memory, on virtual time; what was said is taken apart by the library that other programs use as well.
import assert from "node:assert/strict";
import { hostname, userInfo } from "node:os";
import { test } from "node:test";
import {
  LAN_ANSWER_INTERVAL_MS,
  LAN_PACKETS_BURST,
  LAN_PACKET_BYTES_MAX,
  LAN_RECORDS_MAX,
  decodeWith,
  ipLiteral,
  keyText,
  trackerKey,
} from "@papo/protocol";
import { type Packet, decode, encode } from "dns-packet";
import fc from "fast-check";
import type { LanPeer, LanTracker } from "../../src/lan/lan-discovery.ts";
import { lanAnswer, lanQuestion, readLanPacket } from "../../src/lan/lan-packets.ts";
import { MemoryLan } from "../../src/memory/memory-lan.ts";
import { VirtualClock } from "../../src/memory/virtual-clock.ts";
import { systemRandom } from "../../src/random.ts";

const HINT = "abcdefghijklmnop";
const OTHER_HINT = "qrstuvwxyz234567";
const key = valueOf(decodeWith(trackerKey, keyText(new Uint8Array(32).fill(7))));
const at = (address: string) => valueOf(decodeWith(ipLiteral, address));

function valueOf<T>(outcome: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  assert.ok(outcome.ok);
  return outcome.value;
}

function world() {
  const clock = new VirtualClock();
  return { clock, lan: new MemoryLan(clock, systemRandom) };
}

test("a tracker is found by who comes later, at the address that its packets came from", async () => {
  const { clock, lan } = world();
  const found: LanTracker[] = [];
  lan.host(at("192.168.1.10")).announceTracker({ port: 6060, key });
  await clock.advance(60_000);
  lan.host(at("192.168.1.20")).findTrackers((tracker) => found.push(tracker));
  await clock.advance(200);
  assert.deepEqual(found, [{ address: "192.168.1.10", port: 6060, key }]);
});

test("who looks hears those that come later, and no more when it has stopped", async () => {
  const { clock, lan } = world();
  const found: LanPeer[] = [];
  const search = lan.host(at("192.168.1.20")).findPeers((peer) => found.push(peer));
  await clock.advance(100);
  lan.host(at("192.168.1.10")).announcePeer({ port: 40_000, hint: HINT });
  await clock.advance(10);
  assert.deepEqual(found, [{ address: "192.168.1.10", port: 40_000, hint: HINT }]);
  search.stop();
  lan.host(at("192.168.1.11")).announcePeer({ port: 40_000, hint: OTHER_HINT });
  await clock.advance(5_000);
  assert.equal(
    found.some(({ hint }) => hint === OTHER_HINT),
    false,
  );
});

test("a tracker that stops takes its word back, and is not taken for one that is there", async () => {
  const { clock, lan } = world();
  const found: LanTracker[] = [];
  const host = lan.host(at("192.168.1.10"));
  const announcing = host.announceTracker({ port: 6060, key });
  await clock.advance(5_000);
  lan.host(at("192.168.1.20")).findTrackers((tracker) => found.push(tracker));
  announcing.stop();
  await clock.advance(60_000);
  assert.deepEqual(found, []);
});

test("nothing is said and nothing heard after close, and no timer is left", async () => {
  const { clock, lan } = world();
  const found: unknown[] = [];
  const host = lan.host(at("192.168.1.10"));
  host.announcePeer({ port: 40_000, hint: HINT });
  host.findPeers((peer) => found.push(peer));
  await host.close();
  await clock.advance(1_000);
  const said = lan.packets.length;
  lan.say(at("192.168.1.11"), lanQuestion("peer"));
  host.announcePeer({ port: 40_000, hint: OTHER_HINT });
  await clock.advance(120_000);
  assert.equal(lan.packets.filter(({ from }) => from === "192.168.1.10").length, said);
  assert.deepEqual(found, []);
  assert.equal(clock.timers, 0);
});

test("however often it is asked, it answers once a second", async () => {
  const { clock, lan } = world();
  lan.host(at("192.168.1.10")).announcePeer({ port: 40_000, hint: HINT });
  await clock.advance(10_000);
  const before = lan.packets.length;
  for (let second = 0; second < 10; second += 1) {
    for (let question = 0; question < 50; question += 1) lan.say(at("192.168.1.66"), lanQuestion("peer"));
    await clock.advance(LAN_ANSWER_INTERVAL_MS);
  }
  const answers = lan.packets.slice(before).filter(({ from }) => from === "192.168.1.10");
  assert.ok(answers.length >= 5 && answers.length <= 11, String(answers.length));
});

test("two announcements of the same machine have nothing in common that others' have not", async () => {
  const { clock, lan } = world();
  const host = lan.host(at("192.168.1.10"));
  const first = host.announcePeer({ port: 40_000, hint: HINT });
  await clock.advance(5_000);
  first.stop();
  const second = host.announcePeer({ port: 40_001, hint: OTHER_HINT });
  await clock.advance(5_000);
  second.stop();
  const said = lan.packets.map(({ packet }) => decode(Buffer.from(packet)));
  const [one, other] = [said.find((packet) => names(packet, HINT)), said.find((packet) => names(packet, OTHER_HINT))];
  assert.ok(one !== undefined && other !== undefined);

  // The words that stand in one of them alone are the hint, the made-up host, and the port.
  const wordsOf = (packet: Packet): Set<string> =>
    new Set(JSON.stringify(packet.answers).match(/[a-z0-9_-]+/giu) ?? []);
  const shared = wordsOf(one).intersection(wordsOf(other));
  const generic = decode(
    Buffer.from(lanAnswer({ service: "peer", instance: "x".repeat(16), host: "y", port: 1, key: null })),
  );
  assert.deepEqual(
    [...shared].filter((word) => !wordsOf(generic).has(word)),
    [],
  );
  assert.equal(
    said.some((packet) => names(packet, HINT) && names(packet, OTHER_HINT)),
    false,
  );
});

function names(packet: Packet, hint: string): boolean {
  return JSON.stringify(packet).includes(hint);
}

test("no packet holds the name of the machine or of its user, and every one has the same shape", async () => {
  const { clock, lan } = world();
  const host = lan.host(at("192.168.1.10"));
  host.announcePeer({ port: 40_000, hint: HINT });
  host.announceTracker({ port: 6060, key });
  host.findPeers(() => {});
  host.findTrackers(() => {});
  await clock.advance(5_000);
  const secrets = [hostname(), userInfo().username].filter((word) => word.length > 3);
  for (const { packet } of lan.packets) {
    const text = Buffer.from(packet).toString("latin1").toLowerCase();
    for (const secret of secrets) assert.equal(text.includes(secret.toLowerCase()), false);
    const { id, type, questions = [], answers = [], additionals = [], authorities = [] } = decode(Buffer.from(packet));
    assert.equal(id, 0);
    assert.deepEqual([...additionals, ...authorities], []);
    if (type === "query") assert.deepEqual([questions.length, answers.length], [1, 0]);
    else
      assert.deepEqual(
        answers.map((answer) => answer.type),
        ["PTR", "SRV", "TXT"],
      );
  }
  const peer = lan.packets.map(({ packet }) => decode(Buffer.from(packet))).find((packet) => names(packet, HINT));
  const [, place, text] = peer?.answers ?? [];
  assert.ok(place?.type === "SRV" && text?.type === "TXT");
  assert.match(place.data.target, /^[a-z2-7]{16}\.local$/u);
  assert.deepEqual([text.data].flat().map(String), [""]);
});

test("announcements that nobody could use are none", () => {
  const place = { service: "tracker", instance: HINT, host: "h", port: 6060, key } as const;
  assert.equal(readLanPacket(lanAnswer(place))?.tells.length, 1);
  assert.deepEqual(readLanPacket(lanAnswer({ ...place, port: 22 }))?.tells, [], "a port of a well-known service");
  assert.deepEqual(readLanPacket(lanAnswer({ ...place, key: null }))?.tells, [], "a tracker without a key");
  assert.deepEqual(
    readLanPacket(lanAnswer({ ...place, instance: "alice-laptop" }))?.tells,
    [],
    "a name that is no hint",
  );
  assert.deepEqual(readLanPacket(lanAnswer(place, "gone"))?.tells, []);
});

test("too large, too many records, other programs' and damaged packets are passed over", () => {
  const question = { name: "_papo._tcp.local", type: "PTR", class: "IN" } as const;
  const many = (count: number): Uint8Array =>
    encode({ type: "query", questions: Array.from({ length: count }, () => question) });
  assert.deepEqual(readLanPacket(many(LAN_RECORDS_MAX))?.asks, ["peer"]);
  assert.equal(readLanPacket(many(LAN_RECORDS_MAX + 1)), undefined);
  assert.equal(readLanPacket(Buffer.concat([many(1), Buffer.alloc(LAN_PACKET_BYTES_MAX)])), undefined);
  assert.equal(
    readLanPacket(encode({ type: "query", questions: [{ ...question, name: "_ipp._tcp.local" }] })),
    undefined,
  );
  assert.equal(readLanPacket(new Uint8Array(3)), undefined);
});

test("no packet whatever makes reading it throw, or brings anything that is not of the right form", () => {
  const whole = lanAnswer({ service: "tracker", instance: HINT, host: "h", port: 6060, key });
  const damaged = fc
    .tuple(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }), fc.nat(whole.length))
    .map(([changes, end]) => {
      const bytes = Uint8Array.from(whole);
      for (const [place, value] of changes) bytes[place] = value;
      return bytes.subarray(0, end);
    });
  const anything = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([bytes, Buffer.from("_papo")]));
  fc.assert(
    fc.property(fc.oneof(damaged, anything), (bytes) => {
      for (const { instance, port, key: said } of readLanPacket(bytes)?.tells ?? []) {
        assert.match(instance, /^[a-z2-7]{16}$/u);
        assert.ok(port >= 1024 && port <= 65_535);
        assert.ok(said === null || said.length === 43);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("in a flood most packets are not looked at, and afterwards all is heard again", async () => {
  const { clock, lan } = world();
  const found: LanPeer[] = [];
  lan.host(at("192.168.1.20")).findPeers((peer) => found.push(peer));
  const lie = lanAnswer({ service: "peer", instance: OTHER_HINT, host: "h", port: 40_000, key: null });
  for (let packet = 0; packet < 5_000; packet += 1) lan.say(at("192.168.1.66"), lie);
  await clock.advance(10);
  assert.ok(found.length <= LAN_PACKETS_BURST + 10, String(found.length));
  await clock.advance(5_000);
  lan.host(at("192.168.1.10")).announcePeer({ port: 40_000, hint: HINT });
  await clock.advance(10);
  assert.equal(found.at(-1)?.hint, HINT);
});
