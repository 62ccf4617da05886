// Goal: frames come out as they went in, however the stream was cut, and a hostile header costs nothing.
// Method: golden bytes, one case a limit, then round trips over random frames, cuts and noise.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  encodeFrame,
  FRAME_HEADER_BYTES,
  FRAME_KIND,
  FrameDecoder,
  type FrameScan,
  writeFrameHeader,
} from "../../src/frame/frame.ts";
import { BYTES_FRAME_BYTES_MAX, JSON_FRAME_BYTES_MAX } from "../../src/limits.ts";
import { cut } from "../json/json-arbitraries.ts";

function decode(...chunks: readonly Uint8Array[]): FrameScan[] {
  const decoder = new FrameDecoder();
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

function header(length: number, frameKind: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES);
  new DataView(bytes.buffer).setUint32(0, length);
  bytes[4] = frameKind;
  return bytes;
}

function faultCodes(...chunks: readonly Uint8Array[]): string[] {
  return decode(...chunks).map((scan) => (scan.kind === "fault" ? scan.fault.code : "frame"));
}

test("golden bytes: the length is big-endian and counts the kind", () => {
  const json = new TextEncoder().encode("{}");
  assert.deepEqual([...encodeFrame(FRAME_KIND.json, json)], [0, 0, 0, 3, 0, 0x7b, 0x7d]);
  assert.deepEqual([...encodeFrame(FRAME_KIND.bytes, new Uint8Array(0))], [0, 0, 0, 1, 1]);
  assert.deepEqual([...encodeFrame(FRAME_KIND.bytes, new Uint8Array(258)).subarray(0, 6)], [0, 0, 1, 3, 1, 0]);
  assert.deepEqual(decode(Uint8Array.of(0, 0, 0, 3, 7, 1, 2)), [
    { kind: "frame", frameKind: 7, payload: Uint8Array.of(1, 2) },
  ]);
});

test("T5: random frames survive any cut, and pending ends with the last byte", () => {
  const frame = fc.record({ frameKind: fc.nat(127), payload: fc.uint8Array({ maxLength: 300 }) });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.nat(2_000)), (frames, places) => {
      const stream = Uint8Array.from(frames.flatMap((one) => [...encodeFrame(one.frameKind, one.payload)]));
      const decoder = new FrameDecoder();
      const found = cut(stream, places).flatMap((chunk) => [...decoder.push(chunk)]);
      assert.deepEqual(
        found,
        frames.map((one) => ({ kind: "frame", ...one })),
      );
      assert.equal(decoder.pending(), false);
    }),
  );
});

test("I15: any bytes in any pieces give frames or one last fault", () => {
  const hostile = fc.array(fc.oneof(fc.constantFrom(0, 1, 4, 127, 128, 255), fc.nat(255)), { maxLength: 60 });
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(100)), (bytes, places) => {
      const whole = decode(Uint8Array.from(bytes));
      assert.deepEqual(decode(...cut(Uint8Array.from(bytes), places)), whole);
      assert.ok(whole.slice(0, -1).every((scan) => scan.kind === "frame"));
    }),
  );
});

test("P8: lengths of 0, above the limit and 2^32-1 are refused on the length alone", () => {
  const lengthOnly = (length: number) => header(length, 0).subarray(0, 4);
  assert.deepEqual(faultCodes(lengthOnly(0)), ["invalid_message"]);
  assert.deepEqual(faultCodes(lengthOnly(BYTES_FRAME_BYTES_MAX + 2)), ["frame_too_large"]);
  assert.deepEqual(faultCodes(lengthOnly(2 ** 32 - 1), new Uint8Array(10)), ["frame_too_large"]);
});

test("P8: each kind's largest payload passes, one byte more is refused on the header", () => {
  const limits = [
    [FRAME_KIND.json, JSON_FRAME_BYTES_MAX],
    [FRAME_KIND.bytes, BYTES_FRAME_BYTES_MAX],
    [99, BYTES_FRAME_BYTES_MAX],
  ] as const;
  for (const [frameKind, limit] of limits) {
    const largest = encodeFrame(frameKind, new Uint8Array(limit));
    assert.deepEqual(faultCodes(largest.subarray(0, 1_000), largest.subarray(1_000)), ["frame"]);
    assert.deepEqual(faultCodes(header(limit + 2, frameKind)), ["frame_too_large"]);
  }
});

test("P8: a frame that was announced and never sent stays pending, for the timer to end", () => {
  const decoder = new FrameDecoder();
  assert.equal(decoder.pending(), false);
  for (const byte of header(4, FRAME_KIND.json)) {
    assert.deepEqual(decoder.push(Uint8Array.of(byte)), []);
    assert.equal(decoder.pending(), true);
  }
  assert.equal(decoder.push(new Uint8Array(3)).length, 1);
  assert.equal(decoder.pending(), false);
});

test("P9: unknown kinds below 128 come out, those from 128 on end the stream", () => {
  assert.deepEqual(faultCodes(header(1, 2), header(1, 127), header(1, 128), header(1, 0)), [
    "frame",
    "frame",
    "unsupported",
  ]);
  assert.deepEqual(faultCodes(header(5, 255)), ["unsupported"]);
});

test("a frame within one chunk is not copied", () => {
  const chunk = Uint8Array.from([...header(3, 1), 8, 9, ...header(1, 1)]);
  const [first] = decode(chunk);
  assert.equal(first?.kind === "frame" && first.payload.buffer === chunk.buffer, true);
});

test("encoding what the protocol does not have is our own mistake", () => {
  const empty = new Uint8Array(0);
  assert.throws(() => writeFrameHeader(new Uint8Array(9), 5, FRAME_KIND.json, 0), RangeError);
  for (const kind of [-1, 128, 1.5, Number.NaN]) assert.throws(() => encodeFrame(kind, empty), RangeError);
  assert.throws(() => encodeFrame(FRAME_KIND.json, new Uint8Array(JSON_FRAME_BYTES_MAX + 1)), RangeError);
  assert.throws(() => encodeFrame(FRAME_KIND.bytes, new Uint8Array(BYTES_FRAME_BYTES_MAX + 1)), RangeError);
});
