// Goal: a copied or restored profile is noticed by whoever meets both copies, and an honest device never looks like one.
// Method: starts over a store in memory that survives, is copied, or is put back; every order of meetings.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@papo/link/memory";
import { createDeviceKey } from "@papo/link";
import { succeed } from "@papo/protocol";
import { type EpochStore, EpochWatch, beginEpoch, provesCopy } from "../../src/identity/epochs.ts";

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

const D = createDeviceKey();

async function begun(store: EpochStore, seed: number, device = D) {
  const epoch = await beginEpoch(store, device, seededRandom(seed));
  assert.ok(epoch.ok);
  return epoch.value;
}

test("each start counts, and reconnecting within one is no copy", async () => {
  const own = new Settings();
  const watch = new EpochWatch(new Settings());
  const first = await begun(own, 1);
  const second = await begun(own, 2);
  assert.deepEqual([first.told.epoch, second.told.epoch], [1, 2]);
  assert.notEqual(first.told.start, second.told.start);
  for (const told of [first, first, second, second]) assert.equal(watch.meet(told), undefined);
});

test("F15: a copied profile that starts beside the first one is told so, whichever comes second", async () => {
  const original = new Settings();
  await begun(original, 1);
  const copy = original.copy();
  const here = await begun(original, 2);
  const there = await begun(copy, 3);
  assert.equal(here.told.epoch, there.told.epoch);
  for (const [one, other] of [
    [here, there],
    [there, here],
  ] as const) {
    const watch = new EpochWatch(new Settings());
    assert.equal(watch.meet(one), undefined);
    const proof = watch.meet(other);
    assert.deepEqual(proof, one.signed);
    assert.equal(provesCopy(other, proof), true);
    assert.equal(provesCopy(one, proof), false);
    assert.equal(watch.meet(one), undefined);
  }
});

test("S2: an older copy that was put back is told so, also by somebody who has restarted since", async () => {
  const own = new Settings();
  const backup = own.copy();
  const kept = new Settings();
  for (const seed of [1, 2, 3]) assert.equal(new EpochWatch(kept).meet(await begun(own, seed)), undefined);
  const restored = await begun(backup, 4);
  const proof = new EpochWatch(kept).meet(restored);
  assert.equal(provesCopy(restored, proof), true);
});

test("a re-keyed device counts anew, and nobody confuses two devices", async () => {
  const own = new Settings();
  const watch = new EpochWatch(new Settings());
  for (const seed of [1, 2, 3]) assert.equal(watch.meet(await begun(own, seed)), undefined);
  const anew = await begun(own, 4, createDeviceKey());
  assert.equal(anew.told.epoch, 1);
  assert.equal(watch.meet(anew), undefined);
});

test("S1: a damaged setting is a first start, never a crash", async () => {
  const own = new Settings();
  for (const damaged of ["", "x", "-3", "1e99", "NaN", "1.5"]) {
    own.values.set("epoch", `${damaged} ${D.publicKey}`);
    assert.equal((await begun(own, 1)).told.epoch, 1);
    own.values.set("epoch", damaged);
    assert.equal((await begun(own, 1)).told.epoch, 1);
    own.values.set(`epoch ${D.publicKey}`, damaged);
    assert.equal(new EpochWatch(own).meet(await begun(new Settings(), 5)), undefined);
  }
});

test("nobody but the device itself can prove that it is a copy", async () => {
  const own = await begun(new Settings(), 1);
  const other = await begun(new Settings(), 2, createDeviceKey());
  assert.equal(provesCopy(own, undefined), false);
  assert.equal(provesCopy(own, own.signed), false);
  assert.equal(provesCopy(own, other.signed), false);
  const forged = { ...own.signed, text: own.signed.text.replace('"epoch":1', '"epoch":9') };
  assert.equal(provesCopy(own, forged), false);
});
