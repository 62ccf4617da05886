// Goal: whatever a stranger writes, it stays text: nothing acts on the screen, hides, or counts its cells wrongly.
// Method: one case a kind of attack and of honest writing, then properties over text thick with odd characters.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { quoteSafe, safeText } from "../../src/text/safe-text.ts";

function unchanged(...texts: readonly string[]): void {
  for (const text of texts) assert.equal(safeText(text), text);
}

test("ordinary writing in any script is left as it is", () => {
  unchanged(
    "",
    "Olá, João! 100% ção",
    "Привет",
    "こんにちは、世界",
    "안녕하세요",
    "שלום עולם",
    "مرحبا",
    "नमस्ते",
    "ไทย",
    "a\u00a0b\u3000c",
  );
  unchanged("∑ ≠ ½ € «»", "┌─┐ ░▒▓", "o\u0302\u0323 e\u0301");
});

test("R1: cursor, erase and scroll sequences are shown", () => {
  assert.equal(safeText("\x1b[2J"), "␛[2J");
  assert.equal(safeText("a\x1b[10Ab"), "a␛[10Ab");
});

test("R2: title, clipboard, link and colour-query sequences are inert", () => {
  assert.equal(safeText("\x1b]0;owned\x07"), "␛]0;owned␇");
  assert.equal(safeText("\x1b]52;c;YQ==\x1b\\"), "␛]52;c;YQ==␛\\");
  assert.equal(safeText("\x1b]8;;http://x\x1b\\y"), "␛]8;;http://x␛\\y");
});

test("R3: DCS, APC, PM, SOS and an unterminated OSC are inert", () => {
  assert.equal(safeText("\x1bPq\x1b_x\x1b^y\x1bXz\x1b]"), "␛Pq␛_x␛^y␛Xz␛]");
});

test("R4: eight-bit controls are shown", () => {
  assert.equal(safeText("\u009b2J"), "⟨U+009B⟩2J");
  assert.equal(safeText("\u0090x\u009c"), "⟨U+0090⟩x⟨U+009C⟩");
  assert.equal(safeText("\0\x7f"), "␀␡");
});

test("R5: requests that a terminal would answer are inert", () => {
  for (const request of ["\x1b[6n", "\x1b[c", '\x1bP$q"p\x1b\\', "\x1b[?1$p", "\x05"]) {
    assert.doesNotMatch(safeText(request), /\p{Cc}/v);
  }
});

test("R7: no line break can forge a line; over several lines only \\n stays", () => {
  assert.equal(safeText("oi\r[12:00:00] <bob> hi"), "oi␍[12:00:00] <bob> hi");
  assert.equal(safeText("a\nb\bc\vd\fe\u0085f\u2028g\u2029h\ti"), "a␊b␈c␋d␌e⟨NEL⟩f⟨LS⟩g⟨PS⟩h␉i");
  assert.equal(safeText("a\r\nb\u2028\n", { multiline: true }), "a␍\nb⟨LS⟩\n");
});

test("R8: bidi controls are named", () => {
  assert.equal(safeText("\u202egpj.exe"), "⟨RLO⟩gpj.exe");
  assert.equal(safeText("\u2066a\u2069\u200e"), "⟨LRI⟩a⟨PDI⟩⟨LRM⟩");
  assert.equal(safeText("\u061c.\u202a.\u202b.\u202c.\u202d"), "⟨ALM⟩.⟨LRE⟩.⟨RLE⟩.⟨PDF⟩.⟨LRO⟩");
});

test("R9: zero-width, tag and variation characters out of place are shown, and a run of them is cut", () => {
  assert.equal(safeText("gabi\u200b"), "gabi⟨ZWSP⟩");
  assert.equal(safeText("a\u200d\u200cb\ufeff"), "a⟨ZWJ⟩⟨ZWNJ⟩b⟨BOM⟩");
  assert.equal(safeText(`x${"\u{e0041}".repeat(1_000)}y`), `x${"⟨U+E0041⟩".repeat(4)}⟨…⟩y`);
  assert.equal(safeText("a\ufe0fb\u3164\u00ad"), "a⟨U+FE0F⟩b⟨U+3164⟩⟨SHY⟩");
});

test("R9: emoji that everyone draws as one are kept whole", () => {
  unchanged("😀", "❤️", "❤", "👍🏽", "👨‍👩‍👧‍👦", "👩🏽‍❤️‍💋‍👨🏿", "🏳️‍🌈", "🧑🏾‍💻", "1️⃣ #️⃣", "🇧🇷🇯🇵", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☺︎");
  unchanged("👩‍❤‍👨"); // Without its selector, as some phones send it.
});

test("R9: any other chain of emoji is taken apart", () => {
  assert.equal(safeText("👍‍👍"), "👍⟨ZWJ⟩👍");
  assert.equal(safeText("👍🏽🏽"), "👍🏽⟨U+1F3FD⟩");
  assert.equal(safeText("🏴\u{e0078}\u{e007f}"), "🏴⟨U+E0078⟩⟨U+E007F⟩");
  assert.equal(safeText("👩‍".repeat(50)), "👩⟨ZWJ⟩".repeat(50));
});

test("R9: joiners stay where a script needs them, one at a time", () => {
  unchanged("می‌خواهم", "ක්‍රීඩා", "葛\u{e0100}城");
  assert.equal(safeText("م\u200c\u200cخ"), "م⟨ZWNJ⟩⟨ZWNJ⟩خ");
  assert.equal(safeText("葛\u{e0100}\u{e0101}"), "葛\u{e0100}⟨U+E0101⟩");
});

test("P19: at most four marks are shown on one base, and none sits on the frame around the text", () => {
  assert.equal(safeText(`Z${"\u0301".repeat(100)}a`), `Z${"\u0301".repeat(4)}a`);
  assert.equal(safeText("\u0301x"), "◌\u0301x");
  assert.equal(safeText("a\n\u0301", { multiline: true }), "a\n◌\u0301");
  assert.equal(safeText(`가${"\u11a8".repeat(9)}`), `가${"\u11a8".repeat(4)}`);
});

test("lone surrogates, private and unassigned characters never come through", () => {
  assert.equal(safeText("a\ud800b"), "a\ufffdb");
  assert.equal(safeText("x\ud7c7"), "x⟨U+D7C7⟩");
  assert.equal(safeText("\ue000\u{10ffff}\u0378"), "⟨U+E000⟩⟨U+10FFFF⟩⟨U+0378⟩");
});

test("a quoted field cannot be closed from inside, and is cut", () => {
  assert.equal(quoteSafe("gabi", 10), '"gabi"');
  assert.equal(quoteSafe('a" logged in "\\\n', 20), '"a\\" logged in \\"\\\\␊"');
  assert.equal(quoteSafe("😀😀😀", 2), '"😀😀…"');
  assert.equal(quoteSafe("x".repeat(10_000_000), 3), '"xxx…"');
  assert.equal(quoteSafe("👨‍👩", 2), '"👨⟨ZWJ⟩…"');
});

const ODD = [
  ...Array.from(
    "\0\n\r\x1b\x7f\u0085\u009b\u00ad\u0301\u034f\u061c\u1160\u11a8\u200b\u200c\u200d\u200e\u2028\u202e\u2066\u20e3",
  ),
  ...Array.from("\u3164\ufe00\ufe0e\ufe0f\ufeff\u{e0041}\u{e0067}\u{e007f}\u{e0100}\u{1f3fd}👍❤👩🏴🇧1#a葛가مක්क्"),
  "\ud800",
  "\udc00",
];
const oddText = fc
  .array(fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: "binary", minLength: 1, maxLength: 1 })), {
    maxLength: 30,
  })
  .map((characters) => characters.join(""));
const options = fc.record({ multiline: fc.boolean() });

// Written from the rules and not from the code: what may never reach a screen, wherever it stands.
const FORBIDDEN = /[\p{Cc}--\n]|[\u034f]|[\u00ad\u061c\u1160\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164]/v;
const FORBIDDEN_TOO = /[\ufeff\ufff9-\ufffb\p{Cn}\p{Co}\p{Cs}\u{e0000}-\u{e007f}]/v;
const FLAGS = /🏴(?:󠁧󠁢󠁥󠁮󠁧󠁿|󠁧󠁢󠁳󠁣󠁴󠁿|󠁧󠁢󠁷󠁬󠁳󠁿)/gv;

test("R1, R4, R7, R8, I15: nothing forbidden is left, whatever the text", () => {
  fc.assert(
    fc.property(oddText, options, (text, chosen) => {
      const safe = safeText(text, chosen);
      const rest = safe.replace(FLAGS, "").replace(/\p{Extended_Pictographic}/gv, "");
      assert.doesNotMatch(rest, FORBIDDEN);
      assert.doesNotMatch(rest, FORBIDDEN_TOO);
      assert.equal(!chosen.multiline && safe.includes("\n"), false);
      assert.doesNotMatch(safe, /[\p{M}--\p{Variation_Selector}]{5}/v);
      assert.doesNotMatch(safe, /[\u200c\u200d]{2}|[\u200c\u200d]$|^[\u200c\u200d\p{M}]/v);
    }),
    { numRuns: 5_000 },
  );
});

test("safe text is left as it is when made safe again", () => {
  fc.assert(
    fc.property(oddText, options, (text, chosen) => {
      const safe = safeText(text, chosen);
      assert.equal(safeText(safe, chosen), safe);
    }),
    { numRuns: 5_000 },
  );
});
