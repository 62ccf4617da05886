// Goal: a name shows as its owner typed it when it could be registered today, and can forge nothing otherwise.
// Method: examples and properties over arbitrary names, as an original tracker's files might hold them.
import assert from "node:assert/strict";
import test from "node:test";
import type { RoomMember } from "@papo/peer/api";
import { type AccountKey, decodeWith, roomName, type Username, username } from "@papo/protocol";
import { NAME_COLOURS, nameColour, shownMembers, shownName, shownRoomName } from "@papo/view-model";
import fc from "fast-check";

function user(name: string): Username {
  const outcome = decodeWith(username, name);
  if (!outcome.ok) throw new Error(outcome.fault.detail);
  return outcome.value;
}

const keyOf = (text: string): AccountKey => text.padEnd(42, "x").concat("A") as AccountKey;

function member(name: string, account: AccountKey | null): RoomMember {
  return { username: user(name), account, online: true, trust: "unverified", reach: { kind: "offline" } };
}

test("usual names stay as they are", () => {
  for (const name of ["gabi", "Zé", "nori_2", "a.b-c", "日本", "Ωμέγα", "x".repeat(32)])
    assert.equal(shownName(user(name)), name);
});

test("any other name is quoted, cut, and has no quote of its own", () => {
  assert.equal(shownName(user("bob> oi")), '"bob> oi"');
  assert.equal(shownName(user('a" (Online: True, Sala: "b')), '"a″ (Online: True, Sala: ″b"');
  assert.equal(shownName(user("x".repeat(200))), `"${"x".repeat(32)}…"`);
  assert.equal(shownName(user("-nori")), '"-nori"');
});

test("no name brings a control character, a line break, a bracket or a blank outside of its quotes", () => {
  const anyName = fc
    .string({ unit: "binary", minLength: 1, maxLength: 60 })
    .filter((text) => decodeWith(username, text).ok);
  fc.assert(
    fc.property(anyName, (text) => {
      const shown = shownName(user(text));
      assert.doesNotMatch(shown, /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      assert.match(shown, /^(?:"[^"]*"|[^\s<>[\](){}",:*~]+)$/u);
    }),
  );
});

test("a room's name is one safe line", () => {
  const name = decodeWith(roomName, "a\n[AVISO] b\u202ec");
  assert.ok(name.ok);
  assert.equal(shownRoomName(name.value), "a␊[AVISO] b⟨RLO⟩c");
});

test("names that look alike show part of their keys, others do not", () => {
  const shown = shownMembers([
    member("gabi", keyOf("one")),
    member("gаbi", keyOf("two")),
    member("nori", keyOf("x")),
    member("GABI", null),
  ]);
  assert.equal(shown.get(user("gabi")), "gabi~onexxx");
  assert.equal(shown.get(user("gаbi")), "gаbi~twoxxx");
  assert.equal(shown.get(user("GABI")), "GABI~?");
  assert.equal(shown.get(user("nori")), "nori");
});

test("a colour belongs to a name for good", () => {
  assert.deepEqual(
    ["gabi", "nori", "yuki"].map((name) => nameColour(user(name))),
    [2, 3, 1],
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 30 }), (text) => {
      const colour = nameColour(user(text));
      assert.ok(Number.isInteger(colour) && colour >= 0 && colour < NAME_COLOURS);
    }),
  );
});
