// Goal: another network, and waking from sleep, are told within one look, once each, and nothing else is told.
// Method: the watch on a virtual clock with addresses that the test sets; the system's own addresses are only held against the rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkWatch, localAddresses } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import {
  type IpLiteral,
  NETWORK_LOOK_INTERVAL_MS,
  WAKE_GRACE_MS,
  decodeWith,
  ipLiteral,
  isIpLiteral,
} from "@papo/protocol";

function ip(text: string): IpLiteral {
  const decoded = decodeWith(ipLiteral, text);
  assert.ok(decoded.ok);
  return decoded.value;
}

class Watched {
  readonly clock = new VirtualClock();
  readonly told: string[] = [];
  addresses = [ip("192.168.1.7"), ip("2001:db8::7")];
  looks = 0;
  readonly watch = new NetworkWatch({
    clock: this.clock,
    read: () => {
      this.looks++;
      return this.addresses;
    },
    changed: (addresses) => this.told.push(addresses.join(" ")),
    woke: () => this.told.push("woke"),
  });

  look(): Promise<void> {
    return this.clock.advance(NETWORK_LOOK_INTERVAL_MS);
  }
}

test("F13: another set of addresses is told at the next look, once, and another order is not", async () => {
  const watched = new Watched();
  await watched.look();
  watched.addresses = watched.addresses.toReversed();
  await watched.look();
  assert.deepEqual(watched.told, []);
  watched.addresses = [ip("10.0.0.3")];
  await watched.look();
  await watched.look();
  assert.deepEqual(watched.told, ["10.0.0.3"]);
  assert.deepEqual(watched.watch.addresses, ["10.0.0.3"]);
  watched.addresses = [];
  await watched.look();
  assert.deepEqual(watched.told, ["10.0.0.3", ""]);
});

test("F20: a machine that slept is told of once, whether its timers stood or only its monotonic clock", async () => {
  const watched = new Watched();
  await watched.look();
  await watched.clock.suspend(60_000);
  assert.deepEqual(watched.told, ["woke"]);
  watched.clock.stepWall(60_000);
  await watched.look();
  await watched.look();
  assert.deepEqual(watched.told, ["woke", "woke"]);
});

test("a busy moment, and a wall clock that is set back or a little ahead, are no sleep", async () => {
  const watched = new Watched();
  await watched.clock.suspend(NETWORK_LOOK_INTERVAL_MS + WAKE_GRACE_MS - 1);
  watched.clock.stepWall(-3_600_000);
  await watched.look();
  watched.clock.stepWall(WAKE_GRACE_MS - 1);
  await watched.look();
  assert.deepEqual(watched.told, []);
});

test("a watch that was stopped looks and tells no more, also when it is stopped while it tells", async () => {
  const watched = new Watched();
  watched.watch.stop();
  watched.watch.stop();
  const { looks } = watched;
  watched.addresses = [];
  await watched.clock.suspend(60_000);
  await watched.look();
  assert.deepEqual([watched.looks, watched.told.length, watched.clock.timers], [looks, 0, 0]);

  const clock = new VirtualClock();
  let addresses = [ip("10.0.0.1")];
  const told: string[] = [];
  const watch: NetworkWatch = new NetworkWatch({
    ...{ clock, read: () => addresses, changed: () => told.push("changed") },
    woke: () => {
      told.push("woke");
      watch.stop();
    },
  });
  addresses = [];
  await clock.suspend(60_000);
  await clock.advance(60_000);
  assert.deepEqual(told, ["woke"]);
});

test("this machine's addresses are literals, each once, none of loopback and none that need an interface", () => {
  const addresses = localAddresses();
  assert.equal(new Set(addresses).size, addresses.length);
  for (const address of addresses) {
    assert.ok(isIpLiteral(address));
    assert.ok(!/^127\.|^::1$|^169\.254\.|^fe[89ab]/iu.test(address));
  }
});
