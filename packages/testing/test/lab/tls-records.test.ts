// Goal: a stream counts as TLS only when every byte of it is.
// Method: records made here, whole, cut, and with something readable between them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { areTlsRecords } from "../../src/lab/tls-records.ts";

function record(type: number, length: number): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3, length >> 8, length & 255]), Buffer.alloc(length, 0x61)]);
}

const hello = record(22, 300);
const dummy = record(20, 1);
const data = record(23, 16_640);

test("hello, dummy and encrypted records are TLS, also when the last one is cut", () => {
  assert.ok(areTlsRecords(hello));
  assert.ok(areTlsRecords(Buffer.concat([hello, dummy, data, data])));
  for (const cut of [1, 4, 6, 1_000]) assert.ok(areTlsRecords(Buffer.concat([hello, data, data.subarray(0, cut)])));
});

test("nothing, text, records of other kinds, over-long ones and a hello among encrypted ones are not", () => {
  const text = Buffer.from('{"type":"hello","name":"gabi"}');
  for (const bytes of [
    Buffer.alloc(0),
    text,
    Buffer.concat([hello, data, text]),
    Buffer.concat([hello, data, hello]),
    Buffer.concat([hello, record(24, 10)]),
    Buffer.concat([hello, record(23, 16_641)]),
    Buffer.concat([hello, record(23, 0)]),
  ])
    assert.equal(areTlsRecords(bytes), false);
});
