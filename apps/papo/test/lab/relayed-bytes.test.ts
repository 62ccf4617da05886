// Goal: a tracker that relays a chat sees nothing of it but TLS records (I7), and of those who meet there the tickets.
// Method: real `papo` processes behind symmetric routers; everything that passes the tracker's cable is captured and looked through byte by byte. Needs root, ip, nft and tcpdump; says so otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { areTlsRecords, Capture, Lab, TOPOLOGIES } from "@papo/testing";
import { TICKET_BYTES } from "@papo/protocol";
import { Talk, Village } from "./village.ts";

const FIRST_BYTE = 0x50;
const TICKET_END = 1 + TICKET_BYTES;
/** About a megabyte in all. */
const LONG_TEXTS = 250;
const LONG_CHARS = 4_000;

test("I7: a capture at the tracker during a relayed chat holds tickets and TLS records and nothing else", async (t) => {
  if (!Lab.isPossible() || !Capture.isPossible()) {
    t.skip("needs root, ip, nft and tcpdump");
    return;
  }
  using lab = new Lab();
  const { tracker, one, other } = TOPOLOGIES["both routers symmetric"](lab);
  await using village = new Village();
  await village.trackerStarts(tracker);
  await using capture = await Capture.at(tracker);
  const [gabi, nori] = await Promise.all([village.arrives("gabi", one), village.arrives("nori", other)]);
  await gabi.creates();
  await nori.enters();
  await Promise.all([gabi.reaches("nori", ["relayed"]), nori.reaches("gabi", ["relayed"])]);
  const talk = new Talk([gabi, nori]);
  for (let turn = 0; turn < LONG_TEXTS / 2; turn += 1) talk.turn("linguiça ".repeat(LONG_CHARS).slice(0, LONG_CHARS));
  await talk.arrived();
  talk.assertOnce();

  const streams = await capture.streams();
  const relayed = streams.filter(({ bytes }) => bytes[0] === FIRST_BYTE);
  const carried = relayed.reduce((sum, { bytes }) => sum + bytes.length, 0);
  t.diagnostic(`${streams.length} directions, ${relayed.length} of them with a ticket, which carried ${carried} bytes`);
  assert.ok(relayed.length >= 2 && carried > LONG_TEXTS * LONG_CHARS, "what was said went through here");
  for (const { from, to, bytes } of streams) {
    if (bytes.length === 0) continue;
    const inside = bytes[0] === FIRST_BYTE ? bytes.subarray(TICKET_END) : bytes;
    assert.ok(
      inside.length === 0 || areTlsRecords(inside),
      `${from} to ${to}: ${bytes.subarray(0, 64).toString("hex")}`,
    );
    for (const text of ["linguiça", "gabi says", "TESTE", "correct horse"])
      assert.equal(bytes.includes(text), false, `${text} from ${from} to ${to}`);
  }
});
