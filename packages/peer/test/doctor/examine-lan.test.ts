// Goal: whether the local network carries announcements is told as it is. Method: networks in memory, one of them deaf, and systems that forbid it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LanDiscovery } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { fail, ipLiteral, succeed } from "@papo/protocol";
import * as v from "valibot";
import { examineLan } from "../../src/doctor/examine-lan.ts";

const HERE = v.parse(ipLiteral, "10.0.0.7");

/** Hears itself, or nobody. */
class OneMachine implements LanDiscovery {
  readonly hasNetwork: boolean;
  readonly #echoes: boolean;
  #found: Parameters<LanDiscovery["findPeers"]>[0] = () => {};
  isClosed = false;

  constructor({ hasNetwork = true, echoes = true }) {
    this.hasNetwork = hasNetwork;
    this.#echoes = echoes;
  }

  announcePeer({ port, hint }: { readonly port: number; readonly hint: string }) {
    if (this.#echoes) this.#found({ address: HERE, port, hint });
    return { stop() {} };
  }
  findPeers(found: Parameters<LanDiscovery["findPeers"]>[0]) {
    this.#found = found;
    return { stop() {} };
  }
  announceTracker = () => ({ stop() {} });
  findTrackers = () => ({ stop() {} });
  async close(): Promise<void> {
    this.isClosed = true;
  }
}

test("heard, not heard, no network, forbidden, not wanted; and closed behind it", async () => {
  const clock = new VirtualClock();
  const findingIn = async (lan: OneMachine): Promise<string> => {
    const examining = examineLan(async () => succeed(lan), clock);
    await clock.advance(10_000);
    const { finding } = await examining;
    assert.ok(lan.isClosed);
    return finding;
  };
  assert.equal(await findingIn(new OneMachine({})), "mdns_ok");
  assert.equal(await findingIn(new OneMachine({ echoes: false })), "mdns_deaf");
  assert.equal(await findingIn(new OneMachine({ hasNetwork: false })), "mdns_no_network");
  assert.equal((await examineLan(async () => fail("unsupported", "no"), clock)).finding, "mdns_forbidden");
  assert.equal((await examineLan(undefined, clock)).finding, "mdns_off");
});
