// Goal: a text and a question can be read and answered on any screen.
// Method: panels drawn without a terminal, at sizes from 120x40 down to one cell; keys as a terminal tells them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ChoicePanel, TextPanel } from "@papo/view-model";
import { DrawnPanel, SIZES } from "./drawn.ts";

function textPanel(more: Partial<TextPanel> = {}): TextPanel {
  const many = Array.from({ length: 60 }, (_, at) => ({ spans: [{ text: `line ${at + 1}` }] }));
  return { kind: "text", title: "Read this", lines: many, choices: [], dismiss: () => undefined, ...more };
}

test("a long text scrolls, and says so", () => {
  const drawn = new DrawnPanel(textPanel());
  assert.match(drawn.text(), /line 1\n/u);
  assert.match(drawn.text(), /↑ ↓ more/u);
  drawn.press("page-down");
  assert.doesNotMatch(drawn.text(), /line 1\n/u);
  drawn.press("end");
  assert.match(drawn.text(), /line 60/u);
});

test("letters choose, Escape goes back, and keys that work everywhere are left alone", () => {
  const done: string[] = [];
  const choice = { key: "s", label: "Same", run: () => void done.push("same") };
  const drawn = new DrawnPanel(textPanel({ choices: [choice], dismiss: () => void done.push("gone") }));
  assert.match(drawn.text(), /S Same/u);
  drawn.type("S");
  drawn.press("escape");
  assert.deepEqual(done, ["same", "gone"]);
  for (const chord of ["ctrl-c", "ctrl-l", "ctrl-z"]) assert.equal(drawn.take({ kind: "chord", chord }), false);
});

/** As long as they are: a room, two keys and a secret. */
const LINK = `papo://chat.example:6060/#i=${"Ab3".repeat(52)}&k=${"c-D_".repeat(11)}`;
const BEFORE = "A link for one person:";
const AFTER = "Send it only to those whom you mean.";

/** The panel of a link before its code has been made, and how to make it. */
function linkPanel(): { readonly drawn: DrawnPanel; readonly made: () => Promise<void> } {
  const lines = [BEFORE, LINK, AFTER].map((text) => ({ spans: [{ text }] }));
  const drawn = new DrawnPanel(textPanel({ qr: LINK, lines }));
  const made = async (): Promise<void> => {
    while (drawn.redraws === 0) await nextTurn();
  };
  return { drawn, made };
}

function areaOf(columns: number, rows: number): (typeof SIZES)[number] {
  return { row: 0, column: 0, rows, columns };
}

/** The rows that are nothing but a piece of the link, put together. */
function linkIn(rows: readonly string[]): string {
  return rows
    .map((row) => row.trim())
    .filter((row) => LINK.includes(row))
    .join("");
}

/** Of the screens that people have, without the two rows below a panel. */
const SCREENS = [areaOf(80, 22), areaOf(120, 38), areaOf(110, 34), areaOf(110, 44), areaOf(40, 10), areaOf(64, 48)];

for (const area of SCREENS) {
  test(`a link stands above its code, whole and where it stood before the code was there (${area.columns}x${area.rows + 2})`, async () => {
    const { drawn, made } = linkPanel();
    const before = drawn.rows(area);
    await made();
    const after = drawn.rows(area);
    for (const rows of [before, after]) assert.equal(linkIn(rows), LINK);
    const at = (rows: readonly string[]) => rows.findIndex((row) => row.includes("papo://"));
    assert.equal(at(after), at(before));
    const code = after.findIndex((row) => CODE.test(row));
    assert.ok(code === -1 || code > at(after), "above");
  });
}

const CODE = /[█▀▄]/u;
const codeRows = (rows: readonly string[]): number => rows.filter((row) => CODE.test(row)).length;

test("a code has the larger border where all of it is seen with the link, else the smaller one, else it is scrolled to", async () => {
  const { drawn, made } = linkPanel();
  drawn.rows();
  await made();
  const scrolls = (rows: readonly string[]): boolean => rows.some((row) => row.includes("↑ ↓ more"));
  const heights = Array.from({ length: 16 }, (_, at) => 34 + at).map((rows) => {
    const shown = drawn.rows(areaOf(110, rows));
    return { rows: codeRows(shown), scrolls: scrolls(shown) };
  });
  const whole = heights.filter((height) => !height.scrolls).map(({ rows }) => rows);
  const [smaller = 0] = whole;
  const larger = whole.at(-1) ?? 0;
  assert.equal(larger, smaller + 1);
  assert.deepEqual(whole, [smaller, ...whole.slice(1).map(() => larger)], "one row between both");
  assert.ok(heights.slice(0, -whole.length).every((height) => height.scrolls && height.rows < larger));
  const low = areaOf(110, 34);
  drawn.rows(low);
  drawn.press("end");
  assert.ok(codeRows(drawn.rows(low)) >= smaller, "all of it, once it is scrolled to");
});

test("beside a code stands what has room there, and a hint in its place where there is none", async () => {
  const { drawn, made } = linkPanel();
  drawn.rows();
  await made();
  assert.match(drawn.text(areaOf(120, 40)), /Send it only .*[█▀▄]/u);
  const narrow = drawn.rows(areaOf(64, 50));
  assert.ok(narrow.findIndex((row) => CODE.test(row)) > narrow.findIndex((row) => row.includes("Send it")), "below");
  assert.match(drawn.text(areaOf(60, 20)), /at least\s+\d+\s+columns\s+wide\s+and\s+\d+\s+rows\s+high/u);
});

test("how a text and a question stand depends on the screen alone, not on those before", async () => {
  const choices = KEYS.map((key) => ({ key, label: `answer ${key}`, run: () => undefined }));
  const lines = [{ spans: [{ text: "words ".repeat(60) }] }];
  const question: ChoicePanel = { kind: "choice", title: "?", lines, choices, selected: 0, dismiss: () => undefined };
  for (const panel of [textPanel({ lines }), textPanel({ lines, choices }), question]) {
    const drawn = new DrawnPanel(panel);
    for (const area of [...SCREENS, ...SCREENS.toReversed()])
      assert.deepEqual(drawn.rows(area), new DrawnPanel(panel).rows(area));
  }
});

test("a question is answered by its letter, by arrows and Enter, and by a click", () => {
  const done: string[] = [];
  const panel: ChoicePanel = {
    ...{ kind: "choice", title: "Sure?", lines: [{ spans: [{ text: "It goes." }] }], selected: 1, dismiss: undefined },
    choices: ["yes", "no"].map((label) => ({ key: label.charAt(0), label, run: () => void done.push(label) })),
  };
  const drawn = new DrawnPanel(panel);
  assert.match(drawn.text(), /> N {2}no/u);
  drawn.press("enter", "up", "enter");
  drawn.type("n");
  const row = drawn.rows().findIndex((text) => text.includes("yes"));
  drawn.take({ kind: "mouse", button: "left", row, column: 5 });
  assert.deepEqual(done, ["no", "yes", "no", "yes"]);
});

const KEYS = ["a", "b", "c", "d", "e", "f", "g", "h"];

test("however small the screen, the selected answer is on it", () => {
  const long = [{ spans: [{ text: "words ".repeat(100) }] }];
  const many = KEYS.map((key) => ({ key, label: `answer ${key}`, run: () => undefined }));
  const drawn = new DrawnPanel({
    kind: "choice",
    title: "?",
    lines: long,
    choices: many,
    selected: 0,
    dismiss: undefined,
  });
  for (const key of KEYS) {
    for (const area of SIZES.filter(({ columns }) => columns > 1)) {
      assert.match(drawn.text(area), new RegExp(`> ${key.toUpperCase()}  answer`, "u"));
    }
    drawn.press("down");
  }
});
