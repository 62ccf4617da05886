// Goal: what crosses the wire stays what it is. Method: golden messages, accepted and refused, read by the decoders of each
// direction; the files are data, so that any other implementation can read them too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  decodePeer,
  decodeSeedDownstream,
  decodeSeedPeer,
  decodeSeedUpstream,
  decodeTrackerDownstream,
  decodeTrackerUpstream,
  encodeFrame,
  FRAME_KIND,
  FrameDecoder,
  type Outcome,
} from "@papo/protocol";

type Vectors = {
  readonly accepted: readonly { readonly name: string; readonly json: string; readonly decoded: unknown }[];
  readonly refused: readonly { readonly name: string; readonly json: string; readonly code: string }[];
};

const decoders: Readonly<Record<string, (json: string) => Outcome<unknown>>> = {
  "tracker-upstream": decodeTrackerUpstream,
  "tracker-downstream": decodeTrackerDownstream,
  peer: decodePeer,
  "seed-upstream": decodeSeedUpstream,
  "seed-downstream": decodeSeedDownstream,
  "seed-peer": decodeSeedPeer,
};

function vectorsOf(direction: string): Vectors {
  return JSON.parse(readFileSync(new URL(`./vectors/${direction}.json`, import.meta.url), "utf8"));
}

/** Maps become lists of entries, the way the files write them. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Map ? [...inner] : inner)));
}

for (const [direction, decode] of Object.entries(decoders)) {
  const { accepted, refused } = vectorsOf(direction);

  for (const { name, json, decoded } of accepted) {
    test(`${direction}: ${name} is read as the vector says`, () => {
      const outcome = decode(json);
      assert.ok(outcome.ok, "refused");
      assert.deepEqual(plain(outcome.value), decoded);
    });
  }

  for (const { name, json, code } of refused) {
    test(`${direction}: ${name} is refused with a typed fault that repeats nothing`, () => {
      const outcome = decode(json);
      assert.ok(!outcome.ok, "accepted");
      assert.equal(outcome.fault.code, code);
      assert.doesNotMatch(outcome.fault.detail, /FLY|admin|example\.org|because/u);
    });
  }
}

test("a frame of each accepted message survives the frame codec byte for byte", () => {
  for (const direction of ["tracker-upstream", "tracker-downstream", "peer"]) {
    for (const { json } of vectorsOf(direction).accepted) {
      const payload = new TextEncoder().encode(json);
      const [scan] = new FrameDecoder().push(encodeFrame(FRAME_KIND.json, payload));
      assert.ok(scan?.kind === "frame");
      assert.deepEqual(Buffer.from(scan.payload), Buffer.from(payload));
    }
  }
});
