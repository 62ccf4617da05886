// Goal: addresses of a device are dialled close behind each other, none twice, and no more than are needed.
// Method: dials that end when the test says so, on a virtual clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import { HAPPY_EYEBALLS_DELAY_MS } from "@papo/protocol";
import { AddressRace } from "../../../src/mesh/paths/address-race.ts";

function racing() {
  const clock = new VirtualClock();
  const begun: { readonly address: string; readonly atMs: number; readonly end: () => void }[] = [];
  const race = new AddressRace({
    clock,
    dial: ({ address }) => new Promise((end) => begun.push({ address, atMs: clock.monotonicMs(), end })),
  });
  return { clock, begun, race };
}

function at(...last: number[]): { readonly address: string; readonly port: number }[] {
  return last.map((number) => ({ address: `198.51.100.${number}`, port: 40_000 }));
}

test("the next address is dialled a moment after the one before, or as soon as that has failed", async () => {
  const { clock, begun, race } = racing();
  race.add(at(1, 2, 3));
  assert.equal(begun.length, 1);
  await clock.advance(HAPPY_EYEBALLS_DELAY_MS);
  assert.equal(begun.length, 2);
  begun[1]?.end();
  await clock.settle();
  assert.deepEqual(
    begun.map(({ atMs }) => atMs),
    [0, HAPPY_EYEBALLS_DELAY_MS, HAPPY_EYEBALLS_DELAY_MS],
  );
});

test("an address that comes again, however it is spelled, is not dialled again", async () => {
  const { clock, begun, race } = racing();
  race.add([{ address: "2001:db8::1", port: 4_000 }]);
  race.add([{ address: "2001:0db8:0:0::1", port: 4_000 }, ...at(1), ...at(1)]);
  await clock.advance(10 * HAPPY_EYEBALLS_DELAY_MS);
  assert.deepEqual(
    begun.map(({ address }) => address),
    ["2001:db8::1", "198.51.100.1"],
  );
});

test("however many addresses somebody tells, no more than sixteen are dialled", async () => {
  const { clock, begun, race } = racing();
  race.add(at(...Array.from({ length: 200 }, (_, n) => n)));
  await clock.advance(200 * HAPPY_EYEBALLS_DELAY_MS);
  assert.equal(begun.length, 16);
});

test("held, it begins no other and is idle when the last one under way has ended", async () => {
  const { clock, begun, race } = racing();
  race.add(at(1, 2));
  race.hold();
  race.add(at(3));
  let isIdle = false;
  void race.idle().then(() => (isIdle = true));
  await clock.advance(5_000);
  assert.deepEqual([begun.length, isIdle], [1, false]);
  begun[0]?.end();
  await clock.settle();
  assert.equal(isIdle, true);
  assert.equal(clock.timers, 0);
});

test("idle before anything was added, and again between one lot and the next", async () => {
  const { clock, begun, race } = racing();
  await race.idle();
  race.add(at(1));
  begun[0]?.end();
  await race.idle();
  race.add(at(2));
  await clock.settle();
  assert.equal(begun.length, 2);
});
