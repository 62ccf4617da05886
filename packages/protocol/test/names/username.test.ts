// Goal: a name that may be registered is plain to read and to type, and nobody's voice but its owner's.
// Method: tables of names that are fine and of names that are not, with the reason; then any text at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { USERNAME_CHARS_MAX } from "../../src/limits.ts";
import { checkUsername } from "../../src/names/username.ts";

function refuses(problem: string, ...names: readonly string[]): void {
  for (const name of names) assert.equal(checkUsername(name), problem, JSON.stringify(name));
}

function admits(...names: readonly string[]): void {
  for (const name of names) assert.equal(checkUsername(name), undefined, JSON.stringify(name));
}

test("T13: names of people, in many scripts, as typed", () => {
  admits("gabi", "nori", "yuki", "João", "José-Carlos", "ana_2", "a.b", "a__b", "x", "7", "O-Neil", "Đặng");
  admits(
    "ゆき",
    "ユキ太郎",
    "さくらー",
    "田中",
    "김철수",
    "金철수",
    "محمد",
    "Дмитрий",
    "Νίκος",
    "नमस्ते",
    "สมชาย",
    "דוד",
  );
  admits("a".repeat(USERNAME_CHARS_MAX), "𠮷".repeat(USERNAME_CHARS_MAX), "१२", "अ१");
});

test("T13: empty, too long and ten megabytes", () => {
  refuses("empty", "");
  refuses("too_long", "a".repeat(USERNAME_CHARS_MAX + 1), "𠮷".repeat(USERNAME_CHARS_MAX + 1), "a".repeat(10_000_000));
});

test("T13: spaces, controls, invisible and bidi characters, symbols", () => {
  refuses(
    "bad_character",
    "a b",
    " ",
    "a\0",
    "a\n",
    "\x1b[2J",
    "a\u200db",
    "a\u200b",
    "\u202eabc",
    "a\u00adb",
    "\u3164",
    "\ufeffa",
  );
  refuses(
    "bad_character",
    "a/b",
    "a@b",
    "<b>",
    'a"',
    "😀",
    "a\ufe0f",
    "a\ud800",
    "\u0301a",
    `a\u0323${"\u0301".repeat(4)}`,
    "a\u20dd",
  );
});

test("T13: what NFKC would change", () => {
  refuses("not_nfkc", "Joa\u0303o", "Ａna", "ﬁm", "ªb", "ﾕｷ", "aſ", "１");
});

test("T13: two scripts in one name, two kinds of digits in one name", () => {
  refuses("mixed_script", "раураl", "gаbi", "anaゆき", "αna", "김ゆ", "a१", "Ꭺna", "कa");
  refuses("mixed_digits", "१1", "٣۳");
});

test("T13: `_ - .` only inside", () => {
  refuses("bad_edge", "_a", "a_", "-a", "a-", ".a", "a.", ".", "__", "__proto__");
});

test("T8: members of every object are no names", () => {
  refuses(
    "reserved",
    "constructor",
    "toString",
    "hasOwnProperty",
    "prototype",
    "valueOf",
    "tostring",
    "HASOWNPROPERTY",
  );
  refuses("bad_edge", "__proto__", "__defineGetter__");
});

test("T13: names that read as the program's or an authority's voice, in both languages", () => {
  refuses(
    "reserved",
    "papo",
    "Papo",
    "p.a.p.o",
    "bate-papo",
    "pap0",
    "PAPO1",
    "papo-tracker",
    "Papo.Bot",
    "раро",
    "РАРО",
  );
  refuses(
    "reserved",
    "admin1",
    "adm1n",
    "r00t",
    "ADMlN",
    "Moderação",
    "ádmin",
    "1root",
    "sistema",
    "System",
    "tracker",
  );
  refuses("reserved", "ana-admin", "suporte.papo", "papo_oficial", "server-2", "segurança");
  refuses(
    "reserved",
    "você",
    "Voce",
    "you",
    "eu",
    "me",
    "todos",
    "all",
    "aqui",
    "everyone",
    "erro",
    "info",
    "null",
    "undefined",
  );
});

test("real names near the reserved ones are free", () => {
  admits(
    "Ali",
    "Ella",
    "Mel",
    "Amin",
    "Adamo",
    "Root2Tree".replace("Root2", "Ru"),
    "Todor",
    "Hera",
    "Nilo",
    "Mia",
    "Noel",
  );
  admits("papoila", "Serverino", "Equipedro", "user1", "peer2", "alice", "bob", "carol");
});

test("I15: any text gives an answer, and what is admitted holds nothing but the rule's characters", () => {
  const any = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(any, (name) => {
      if (checkUsername(name) !== undefined) return;
      assert.match(name, /^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{Nd}_\-.]*[\p{L}\p{M}\p{Nd}])?$/v);
      assert.equal(name.normalize("NFKC"), name);
      assert.ok(Array.from(name).length <= USERNAME_CHARS_MAX);
    }),
    { numRuns: 2_000 },
  );
});
