// Goal: a text is accepted only if every reader understands the same by it.
// Method: one case a rule, then JSON.parse as the oracle on random and on damaged JSON.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JSON_DEPTH_MAX } from "../../src/limits.ts";
import { parseStrictJson } from "../../src/json/strict-json.ts";
import { damagedJson } from "./json-arbitraries.ts";

function codeOf(json: string | Uint8Array): string {
  const parsed = parseStrictJson(json);
  return parsed.ok ? "ok" : parsed.fault.code;
}

function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

test("ordinary messages come out as JSON.parse gives them", () => {
  const text = '{"cmd":"LOGIN","port":5000,"tags":["a",null,true,-0.5e3],"at":{"a":{"a":1},"b":{"a":2}}}';
  assert.deepEqual(parseStrictJson(text), { ok: true, value: JSON.parse(text) });
  assert.deepEqual(parseStrictJson(new TextEncoder().encode(' {"ç":"\\ud83d\\ude00 😀"}\n')), {
    ok: true,
    value: { ç: "😀 😀" },
  });
});

test("bad syntax is refused", () => {
  for (const text of [
    "",
    " ",
    "{",
    "{]",
    "nope",
    "01",
    "1.",
    '{"a":1,}',
    "{'a':1}",
    '"\t"',
    '"\\x"',
    "1 2",
    "[1]]",
    "NaN",
  ]) {
    assert.equal(codeOf(text), "not_json", text);
  }
});

test("T4: more than sixteen levels are refused, sixteen are not", () => {
  assert.equal(codeOf(nested(JSON_DEPTH_MAX)), "ok");
  assert.equal(codeOf(nested(JSON_DEPTH_MAX + 1)), "json_too_deep");
  assert.equal(codeOf("[".repeat(32_000)), "json_too_deep");
  assert.equal(codeOf('{"a":"[[[[[[[[[[[[[[[[[[[[\\"{{{"}'), "ok");
});

test("T6: a byte order mark and NUL are refused", () => {
  assert.equal(codeOf("\ufeff{}"), "not_json");
  assert.equal(codeOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)), "not_json");
  assert.equal(codeOf("{}\0"), "not_json");
});

test("T8: the key __proto__ is refused however it is spelt, and reaches no prototype", () => {
  for (const text of ['{"__proto__":{"x":1}}', '{"\\u005f_proto__":1}', '[{"a":{"__prot\\u006f__":null}}]']) {
    assert.equal(codeOf(text), "forbidden_key", text);
  }
  assert.equal(Object.hasOwn(Object.prototype, "x"), false);
  assert.equal(codeOf('{"constructor":1,"toString":2,"hasOwnProperty":3}'), "ok");
});

test("T10: numbers that are not finite are refused", () => {
  for (const text of ["1e400", "[-1e400]", '{"a":1e999}']) assert.equal(codeOf(text), "invalid_message", text);
  for (const text of ["1e308", "9007199254740993", "-0", "1e-400"]) assert.equal(codeOf(text), "ok", text);
});

test("T12: invalid and overlong UTF-8 are refused", () => {
  for (const bytes of [
    [0xff],
    [0xc0, 0xaf],
    [0xe0, 0x80, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x82],
  ]) {
    assert.equal(codeOf(Uint8Array.from([0x22, ...bytes, 0x22])), "bad_text");
  }
});

test("a key twice in one object is refused, at any level and however it is escaped", () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"a":1,"c":2,"a":3}}]',
    '{"":1,"":1}',
    '{"1":1,"1":2}',
  ]) {
    assert.equal(codeOf(text), "duplicate_key", text);
  }
  // The lost twin takes its own members with it; none may make up for them.
  assert.equal(codeOf('{"a":{"x":1,"y":2},"a":{"x":1}}'), "duplicate_key");
  assert.equal(codeOf('{"a":":","b":{"a":1}}'), "ok");
});

test("lone surrogates are refused, escaped or raw, in keys and values", () => {
  for (const text of ['"\\ud800"', '"\\udc00\\ud800"', '{"\\uDBFF":1}', '"\ud800"', '["x\\ud83dx"]']) {
    assert.equal(codeOf(text), "bad_text", text);
  }
});

test("what is accepted equals what JSON.parse gives, and what JSON.parse refuses is refused", () => {
  fc.assert(
    fc.property(damagedJson, (bytes) => {
      const parsed = parseStrictJson(bytes);
      const expected = oracle(bytes);
      if (parsed.ok) assert.deepEqual(parsed.value, expected?.value);
      else if (expected === undefined) assert.match(parsed.fault.code, /not_json|bad_text|json_too_deep/u);
      else assert.doesNotMatch(parsed.fault.code, /not_json/u);
    }),
    { numRuns: 2_000 },
  );
});

test("any JSON without a refused feature is accepted", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: "binary" }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes("__proto__"));
      assert.deepEqual(parseStrictJson(text), { ok: true, value: JSON.parse(text) });
    }),
  );
});

test("I15: any string and any bytes give a value or a fault, and faults never repeat what came in", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array()), (input) => {
      const parsed = parseStrictJson(input);
      if (!parsed.ok) assert.match(parsed.fault.detail, /^(?:expected|limit) [\w .-]+$/u);
    }),
  );
});

function oracle(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) };
  } catch {
    return undefined;
  }
}
