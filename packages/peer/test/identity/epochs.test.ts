// Goal: a copied or restored profile is noticed by whoever meets both copies, and an honest device never looks like one.
// Method: starts over a store in memory that survives, is copied, or is put back; every order of meetings.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@papo/link/memory";
import { type DeviceKey, decodeWith, deviceKey, succeed } from "@papo/protocol";
import { type EpochStore, EpochWatch, beginEpoch, forgetEpoch } from "../../src/identity/epochs.ts";

class Settings implements EpochStore {
  readonly values = new Map<string, string>();
  setting(name: string): string | undefined {
    return this.values.get(name);
  }
  async keep(name: string, value: string) {
    this.values.set(name, value);
    return succeed(undefined);
  }
  copy(): Settings {
    const copied = new Settings();
    for (const [name, value] of this.values) copied.values.set(name, value);
    return copied;
  }
}

function device(seed: number): DeviceKey {
  const decoded = decodeWith(deviceKey, Buffer.from(seededRandom(seed).bytes(32)).toString("base64url"));
  assert.ok(decoded.ok);
  return decoded.value;
}

async function begun(store: EpochStore, seed: number) {
  const epoch = await beginEpoch(store, seededRandom(seed));
  assert.ok(epoch.ok);
  return epoch.value;
}

const D = device(1);

test("each start counts, and reconnecting within one is no copy", async () => {
  const own = new Settings();
  const watch = new EpochWatch(new Settings());
  const first = await begun(own, 1);
  const second = await begun(own, 2);
  assert.deepEqual([first.epoch, second.epoch], [1, 2]);
  assert.notEqual(first.start, second.start);
  for (const told of [first, first, second, second]) assert.equal(watch.meet(D, told), "fine");
});

test("F15: a copied profile that starts beside the first one is told so, whichever comes second", async () => {
  const original = new Settings();
  await begun(original, 1);
  const copy = original.copy();
  const here = await begun(original, 2);
  const there = await begun(copy, 3);
  assert.equal(here.epoch, there.epoch);
  for (const [one, other] of [
    [here, there],
    [there, here],
  ] as const) {
    const watch = new EpochWatch(new Settings());
    assert.equal(watch.meet(D, one), "fine");
    assert.equal(watch.meet(D, other), "copied");
    assert.equal(watch.meet(D, one), "fine");
  }
});

test("S2: an older copy that was put back is told so, also by somebody who has restarted since", async () => {
  const own = new Settings();
  const backup = own.copy();
  const kept = new Settings();
  for (const seed of [1, 2, 3]) assert.equal(new EpochWatch(kept).meet(D, await begun(own, seed)), "fine");
  const restored = await begun(backup, 4);
  assert.equal(new EpochWatch(kept).meet(D, restored), "copied");
});

test("a re-keyed device counts anew, and nobody confuses two devices", async () => {
  const own = new Settings();
  const watch = new EpochWatch(new Settings());
  for (const seed of [1, 2, 3]) assert.equal(watch.meet(D, await begun(own, seed)), "fine");
  await forgetEpoch(own);
  const anew = await begun(own, 4);
  assert.equal(anew.epoch, 1);
  assert.equal(watch.meet(device(2), anew), "fine");
});

test("S1: a damaged setting is a first start, never a crash", async () => {
  const own = new Settings();
  for (const damaged of ["", "x", "-3", "1e99", "NaN", "1.5"]) {
    own.values.set("epoch", damaged);
    assert.equal((await begun(own, 1)).epoch, 1);
    own.values.set(`epoch ${D}`, damaged);
    assert.equal(new EpochWatch(own).meet(D, { ...(await begun(new Settings(), 5)) }), "fine");
  }
});
