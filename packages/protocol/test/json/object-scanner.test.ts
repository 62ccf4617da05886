// Goal: unframed objects are found exactly, however the bytes were split, and whatever comes costs little.
// Method: one case a rule of docs/protocol/seed.md §1, then properties over splits, damage and JSON.parse.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ObjectScanner, type Scan } from "../../src/json/object-scanner.ts";
import { JSON_DEPTH_MAX, SEED_OBJECT_BYTES_MAX } from "../../src/limits.ts";
import { cut, damagedJson } from "./json-arbitraries.ts";

const encoder = new TextEncoder();

function scan(...pieces: readonly (string | Uint8Array)[]): string[] {
  const scanner = new ObjectScanner();
  return pieces.flatMap((piece) => scanner.push(bytesOf(piece)).map(brief));
}

function bytesOf(piece: string | Uint8Array): Uint8Array {
  return typeof piece === "string" ? encoder.encode(piece) : piece;
}

function brief(found: Scan): string {
  if (found.kind === "object") return found.text;
  return found.fault.fatal ? `fatal ${found.fault.code}` : found.fault.code;
}

const TEN_OBJECTS = [
  '{"cmd":"LOGIN","username":"gabi"}',
  '{"a":"}{\\"]["}',
  '{"b":"\\\\"}',
  '{"emoji":"😀 ção \\ud83d\\ude00"}',
  "{}",
  '{"deep":[[{"x":[]}]]}',
  '{ "spaced" : [ 1 , true , null ] }',
  '{"n":-1.5e-3}',
  '{"":""}',
  '{"last":"\\u007d"}',
] as const;

test("T5: ten objects in one segment, and cut in two at every byte, are the same ten", () => {
  const bytes = encoder.encode(TEN_OBJECTS.join(""));
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(scan(bytes.subarray(0, at), bytes.subarray(at)), [...TEN_OBJECTS]);
  }
  assert.deepEqual(scan(...cut(bytes, [...bytes.keys()])), [...TEN_OBJECTS]);
  assert.deepEqual(scan(`\r\n ${TEN_OBJECTS.join("\t\n ")} `), [...TEN_OBJECTS]);
});

test("T5, I15: the same bytes give the same scans however they are split, and never throw", () => {
  fc.assert(
    fc.property(
      fc.array(damagedJson, { maxLength: 3 }),
      fc.array(fc.nat(1_000)),
      fc.boolean(),
      (texts, places, opened) => {
        const bytes = Uint8Array.from([...encoder.encode(opened ? "{}" : ""), ...texts.flatMap((text) => [...text])]);
        assert.deepEqual(scan(...cut(bytes, places)), scan(bytes));
      },
    ),
    { numRuns: 2_000 },
  );
});

test("T6: an accepted text is JSON, and damaged JSON is never accepted", () => {
  fc.assert(
    fc.property(damagedJson, (bytes) => {
      const scanner = new ObjectScanner();
      const found = scanner.push(bytes);
      const texts = found.flatMap((one) => (one.kind === "object" ? [one.text] : []));
      for (const text of texts) assert.equal(typeof JSON.parse(text), "object");
      const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      if (isJsonObject(whole)) assert.equal(found.length, 1);
      else assert.ok(!texts.includes(whole));
    }),
    { numRuns: 2_000 },
  );
});

test("T6: `}{`, leading garbage, a byte order mark and NUL end the scanning at once", () => {
  for (const text of [
    "}{",
    "SSH-2.0-x\r\n",
    "GET / HTTP/1.1",
    "\ufeff{}",
    "\0{}",
    "{}\0{}",
    "{}}{}",
    "{},{}",
    "{}:",
    "{} ;",
  ]) {
    const found = scan(text, '{"after":1}');
    assert.equal(found.at(-1), "fatal not_json", text);
    assert.ok(!found.includes('{"after":1}'), text);
  }
});

test("T6: malformed objects are fatal, so that no text inside them is taken for a command", () => {
  for (const text of [
    "{nope}",
    "{]",
    "{'a':1}",
    '{"a":1,}',
    '{"a" 1}',
    '{"a":tru}',
    '{"a":"x"y}',
    '{"a":"\n"}',
    '{"a":1}}',
  ]) {
    assert.equal(scan(text, '{"after":1}').at(-1), "fatal not_json", text);
  }
  assert.deepEqual(scan('{"a": "unclosed}\n{"cmd":"LOGOUT"}'), ["fatal not_json"]);
  // A quote too many swallows what follows: no object comes out, and the sender is on the clock.
  assert.deepEqual(scan('{"a":"x"y"}{"cmd":"LOGOUT"}'), []);
  assert.deepEqual(scan(`{"a":"\n${" ".repeat(SEED_OBJECT_BYTES_MAX)}`), ["fatal not_json"]);
});

test("T7: after the first object a top-level value that is no object is refused and scanning goes on", () => {
  for (const text of ["1", '"x"', "null", "[]", "true", "false", "-0.5e3", '["}",{"a":[1]}]', '"\\"{"']) {
    assert.deepEqual(scan("{}", `${text} `, '{"b":2}'), ["{}", "invalid_message", '{"b":2}'], text);
    assert.deepEqual(scan("{}", text), ["{}", "invalid_message"], `${text} is answered without waiting for more`);
  }
  assert.deepEqual(scan('{}1"x"[]{}'), ["{}", "invalid_message", "invalid_message", "invalid_message", "{}"]);
});

test("T7: before the first object, and when malformed, such a value is fatal", () => {
  for (const text of ["1", '"x"', "null", "[]", "true"]) assert.deepEqual(scan(text, "{}"), ["fatal not_json"], text);
  for (const text of ["truely ", "01 ", "- ", "[1,] ", '"\\x" ', "[}"]) {
    assert.deepEqual(scan(`{}${text}{}`), ["{}", "invalid_message", "fatal not_json"], text);
  }
});

test("T4: the seventeenth level is refused when it opens, and scanning goes on behind it", () => {
  const deep = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  assert.deepEqual(scan(deep(JSON_DEPTH_MAX)), [deep(JSON_DEPTH_MAX)]);
  assert.deepEqual(scan(deep(JSON_DEPTH_MAX + 1), "{}"), ["json_too_deep", "{}"]);
  assert.deepEqual(scan(`{"a":${"[".repeat(32_000)}`), ["json_too_deep"]);
  assert.deepEqual(scan("{}", "[".repeat(32_000)), ["{}", "invalid_message"]);
  assert.deepEqual(scan(deep(40).replace("[]", "[}"), "{}"), ["json_too_deep", "fatal not_json"]);
});

test("T8: duplicate keys, __proto__, lone surrogates and infinite numbers refuse one object only", () => {
  const cases = { '{"a":1,"\\u0061":2}': "duplicate_key", '{"\\u005f_proto__":1}': "forbidden_key" };
  const others = { '{"a":"\\ud800"}': "bad_text", '{"a":1e400}': "invalid_message" };
  for (const [text, code] of Object.entries({ ...cases, ...others })) {
    assert.deepEqual(scan(`${text}{"b":2}`), [code, '{"b":2}'], text);
  }
});

test("T12: invalid and overlong UTF-8 are fatal", () => {
  for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
    const object = Uint8Array.from([...encoder.encode('{"a":"'), ...bytes, ...encoder.encode('"}')]);
    assert.deepEqual(scan(object, "{}"), ["fatal bad_text"]);
  }
});

test("T1: an object of the largest size passes, one byte more is fatal before it ends", () => {
  const largest = `{"a":"${"x".repeat(SEED_OBJECT_BYTES_MAX - 8)}"}`;
  assert.deepEqual(scan(largest, "{}"), [largest, "{}"]);
  assert.deepEqual(scan(`{"a":"${"x".repeat(SEED_OBJECT_BYTES_MAX)}`), ["fatal frame_too_large"]);
  assert.deepEqual(scan("{}", "1".repeat(SEED_OBJECT_BYTES_MAX + 1)), [
    "{}",
    "invalid_message",
    "fatal frame_too_large",
  ]);
});

test("T3: a large object in small pieces is refused at the limit, and nothing after it is read", () => {
  const scanner = new ObjectScanner();
  const pieces = [encoder.encode('{"a":"'), ...Array.from({ length: 1_024 }, () => encoder.encode("x".repeat(1_024)))];
  const found = pieces.map((piece) => scanner.push(piece).map(brief));
  assert.deepEqual(found.flat(), ["fatal frame_too_large"]);
  assert.equal(
    found.findIndex((scans) => scans.length > 0),
    64,
  );
});

test("T2: pending is true exactly from an object's first byte to its last", () => {
  const scanner = new ObjectScanner();
  const steps: readonly (readonly [string, boolean])[] = [
    [" \n", false],
    ["{", true],
    ['"a":"}', true],
    ['"', true],
    ["}", false],
    ['{}{"b"', true],
    [":1} ", false],
    ["1", false],
    [" [", true],
    ["] null", false],
    [" }", false],
  ];
  for (const [piece, pending] of steps) {
    scanner.push(encoder.encode(piece));
    assert.equal(scanner.pending(), pending, piece);
  }
});

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
