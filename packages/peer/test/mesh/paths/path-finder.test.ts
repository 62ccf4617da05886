// Goal: of the calls of others that are answered at once, strangers do not get every place.
// Method: the finder alone, with a tracker that takes every ANSWER and never says what comes of it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { createAccountKey, createDeviceKey, createTlsIdentity } from "@papo/link";
import { MemoryNetwork, VirtualClock } from "@papo/link/memory";
import {
  type AccountKey,
  CALLS_ANSWERED_MAX,
  CALLS_OF_STRANGERS_ANSWERED_MAX,
  type Call,
  callId,
  decodeWith,
} from "@papo/protocol";
import { PathFinder } from "../../../src/mesh/paths/path-finder.ts";
import type { CallAnswer, TrackerLine } from "../../../src/tracker-session/tracker-line.ts";
import { expectOk, keysFor, named } from "../../world-fixture.ts";

const TLS = createTlsIdentity();

function newCall(account: AccountKey): Call {
  const call = expectOk(decodeWith(callId, randomBytes(16).toString("base64url")));
  const device = createDeviceKey().publicKey;
  return { status: "CALL", call, username: named("nori"), account, device, tls: TLS.key, addresses: null };
}

test("P23: strangers who call and never come leave room to answer those whom we know", async () => {
  const clock = new VirtualClock();
  const friend = createAccountKey().publicKey;
  const answered: string[] = [];
  const line = {
    answer: ({ call }: CallAnswer) => {
      answered.push(call);
      return new Promise<never>(() => {});
    },
  };
  const { keys } = keysFor("gabi");
  const unused = (): never => assert.fail("nobody is linked here");
  const finder = new PathFinder({
    ...{ clock, network: new MemoryNetwork(clock).host("10.0.0.1"), hideAddress: false },
    withLine: (ask) => ask(line as Partial<TrackerLine> as TrackerLine),
    tracker: () => ({ address: "10.0.0.1", port: 6_060 }),
    ownRecord: () => null,
    placesIn: () => [],
    dialFailed: () => {},
    acquaintance: (account) => (account === friend ? "known" : "stranger"),
    newLinks: {
      settings: { identity: TLS, alpn: "papo-peer/1", queueBytesMax: 1_000 },
      greetDialled: unused,
      greetCaller: unused,
    },
    own: () => ({ account: keys.root.publicKey, device: keys.device.publicKey }),
    keep: unused,
  });

  for (let index = 0; index < CALLS_ANSWERED_MAX; index += 1) finder.heard(newCall(createAccountKey().publicKey));
  await clock.settle();
  assert.equal(answered.length, CALLS_OF_STRANGERS_ANSWERED_MAX);
  const friends = newCall(friend);
  finder.heard(friends);
  await clock.settle();
  assert.equal(answered.at(-1), friends.call);
  finder.stop();
});
