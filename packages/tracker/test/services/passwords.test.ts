// Goal: each check costs one computation, whoever asks for whom; few run at once, and no more than so many wait.
// Method: the real argon2id once, a counted stand-in for the rest.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ARGON2_CONCURRENT_MAX, ARGON2_QUEUE_MAX, type PasswordHash } from "@papo/protocol";
import { type DeriveKey, Passwords } from "../../src/services/passwords.ts";
import { formatPhc, parsePhc } from "../../src/services/phc.ts";
import { hashOf } from "../tracker-in-reach.ts";

const RIGHT = hashOf("right") as PasswordHash;
const WRONG = hashOf("wrong") as PasswordHash;

function counted(): { readonly derive: DeriveKey; readonly calls: { count: number } } {
  const calls = { count: 0 };
  const derive: DeriveKey = async (password, salt) => {
    calls.count += 1;
    return createHash("sha256").update(password).update(salt).digest();
  };
  return { derive, calls };
}

test("argon2id, as it is stored and read back", async () => {
  const passwords = new Passwords();
  const hashed = await passwords.hash(RIGHT);
  assert.ok(hashed.ok && hashed.value.kind === "argon2id");
  assert.match(hashed.value.phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
  assert.deepEqual(await passwords.check(RIGHT, hashed.value), {
    ok: true,
    value: { isRight: true, upgrade: undefined },
  });
  assert.deepEqual(await passwords.check(WRONG, hashed.value), {
    ok: true,
    value: { isRight: false, upgrade: undefined },
  });
});

test("T19: right, wrong, unknown, damaged and unsalted: each one computation", async () => {
  const { derive, calls } = counted();
  const passwords = new Passwords(derive);
  const hashed = await passwords.hash(RIGHT);
  assert.ok(hashed.ok);
  const cases = [
    { stored: hashed.value, password: RIGHT, isRight: true },
    { stored: hashed.value, password: WRONG, isRight: false },
    { stored: undefined, password: RIGHT, isRight: false },
    { stored: { kind: "argon2id", phc: "$argon2id$damaged" }, password: RIGHT, isRight: false },
    { stored: { kind: "sha256", hex: RIGHT }, password: RIGHT, isRight: true },
    { stored: { kind: "sha256", hex: RIGHT.slice(0, 56) }, password: RIGHT, isRight: false },
    { stored: { kind: "sha256", hex: RIGHT }, password: WRONG, isRight: false },
  ] as const;
  for (const { stored, password, isRight } of cases) {
    const before = calls.count;
    const checked = await passwords.check(password, stored);
    assert.ok(checked.ok);
    assert.equal(checked.value.isRight, isRight);
    assert.equal(calls.count, before + 1);
    assert.equal(checked.value.upgrade !== undefined, isRight && stored?.kind === "sha256");
  }
});

test("I11: few at once, so many waiting, and one more is told so", async () => {
  let running = 0;
  let most = 0;
  const releases: (() => void)[] = [];
  const passwords = new Passwords(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => releases.push(resolve));
    running -= 1;
    return new Uint8Array(32);
  });
  const all = Array.from({ length: ARGON2_CONCURRENT_MAX + ARGON2_QUEUE_MAX + 1 }, () => passwords.hash(RIGHT));
  const last = await all.at(-1);
  assert.equal(last?.ok === false && last.fault.code, "busy");
  let done = 0;
  for (const each of all) void each.finally(() => (done += 1));
  while (done < all.length) {
    releases.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(most, ARGON2_CONCURRENT_MAX);
  assert.equal(passwords.queued, 0);
});

test("a PHC text reads back, and nothing else does", () => {
  const text = formatPhc({ memoryKib: 19_456, passes: 2, salt: new Uint8Array(16), tag: new Uint8Array(32) });
  assert.equal(parsePhc(text)?.memoryKib, 19_456);
  for (const other of [
    "",
    text.replace("argon2id", "argon2i"),
    text.replace("p=1", "p=9"),
    `${text}x`,
    text.replace("m=19456", "m=99999999"),
  ]) {
    assert.equal(parsePhc(other), undefined);
  }
});
