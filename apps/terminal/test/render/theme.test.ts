// Goal: everything can be read on dark and on light, with as many colours as there are, and without any.
// Method: the environment of known terminals; contrast of each colour (WCAG 2) with the backgrounds that people have.
import assert from "node:assert/strict";
import test from "node:test";
import { NAME_COLOURS, type Tone } from "@papo/view-model";
import { type ColourDepth, colourDepthOf, hasLinks } from "../../src/render/colour-depth.ts";
import { Theme } from "../../src/render/theme.ts";

const TONES: readonly Tone[] = ["muted", "notice", "good", "warning", "bad", "mention", "emphasis", "match", "key"];
const DEPTHS: readonly ColourDepth[] = ["none", "16", "256", "millions"];
const BARS = ["status", "selected", "warning", "bad"] as const;

/** White, black, the dark grey of many, and both backgrounds of Solarized. */
const BACKGROUNDS: readonly Rgb[] = [
  [255, 255, 255],
  [0, 0, 0],
  [30, 30, 30],
  [0, 43, 54],
  [253, 246, 227],
];

type Rgb = readonly [number, number, number];

test("the environment tells how many colours there are; NO_COLOR is the user's word", () => {
  assert.equal(colourDepthOf({ TERM: "xterm-256color", NO_COLOR: "1", COLORTERM: "truecolor" }), "none");
  assert.equal(colourDepthOf({ TERM: "dumb" }), "none");
  assert.equal(colourDepthOf({ TERM: "xterm-256color", NO_COLOR: "" }), "256");
  assert.equal(colourDepthOf({ TERM: "xterm-256color", COLORTERM: "truecolor" }), "millions");
  assert.equal(colourDepthOf({ TERM: "xterm-kitty" }), "millions");
  assert.equal(colourDepthOf({ TERM: "xterm-direct" }), "millions");
  assert.equal(colourDepthOf({ TERM: "xterm-256color", TERM_PROGRAM: "Apple_Terminal" }), "256");
  assert.equal(colourDepthOf({ TERM: "tmux-256color" }), "256");
  assert.equal(colourDepthOf({ WT_SESSION: "x" }), "millions");
  assert.equal(colourDepthOf({ TERM: "linux" }), "16");
  assert.equal(colourDepthOf({ TERM: "xterm" }), "16");
});

test("links are left out where a terminal may print them", () => {
  for (const env of [
    {},
    { TERM: "dumb" },
    { TERM: "linux" },
    { TERM: "screen.xterm-256color" },
    { TERM: "xterm-256color", STY: "1.pts" },
    { TERM: "xterm-256color", VTE_VERSION: "4800" },
  ]) {
    assert.equal(hasLinks(env), false);
  }
  for (const env of [
    { TERM: "xterm-256color" },
    { TERM: "screen-256color", TMUX: "/tmp/x" },
    { TERM: "tmux-256color" },
    { TERM: "xterm-256color", VTE_VERSION: "7600" },
  ]) {
    assert.equal(hasLinks(env), true);
  }
});

test("each fixed colour has a contrast of 3:1 or more on light and on dark; on a bar 4:1 with the bar", () => {
  for (const depth of ["256", "millions"] as const) {
    const theme = new Theme(depth);
    const looks = [
      ...TONES.map((tone) => ({ tone })),
      ...Array.from({ length: NAME_COLOURS }, (_, name) => ({ name })),
    ];
    for (const look of looks) {
      const { front } = coloursOf(theme.attributesOf(look));
      if (front === undefined) continue;
      for (const behind of BACKGROUNDS) {
        assert.ok(contrast(front, behind) >= 3, `${depth} ${JSON.stringify(look)} on ${behind.join()}`);
      }
    }
    for (const bar of BARS) {
      for (const look of [undefined, ...looks]) {
        const { front, behind } = coloursOf(theme.attributesOf(look, { bar }));
        assert.ok(front !== undefined && behind !== undefined);
        assert.ok(contrast(front, behind) >= 4, `${depth} ${JSON.stringify(look)} on ${bar}`);
      }
    }
  }
});

test("names differ by colour where there are any, and without colours no attribute is one", () => {
  for (const depth of ["16", "256", "millions"] as const) {
    const names = Array.from({ length: NAME_COLOURS }, (_, name) => new Theme(depth).attributesOf({ name }));
    assert.equal(new Set(names).size, NAME_COLOURS);
  }
  const theme = new Theme("none");
  for (const look of [
    ...TONES.map((tone) => ({ tone })),
    ...BARS.map((bar) => ({ bar })),
    { name: 3 },
    { code: true as const },
  ]) {
    assert.match(theme.attributesOf(look), /^(?:[1247](?:;[1247])*)?$/u);
  }
  assert.match(theme.attributesOf(undefined, { bar: "status" }), /7/u);
});

test("a plain run needs no attributes, at any depth", () => {
  for (const depth of DEPTHS) assert.equal(new Theme(depth).attributesOf(undefined), "");
  assert.equal(new Theme("256").attributesOf({ bold: true, underline: true }), "1;4");
});

/** The last of each, as a terminal has it; undefined: the terminal's own. */
function coloursOf(attributes: string): { readonly front: Rgb | undefined; readonly behind: Rgb | undefined } {
  let [front, behind]: (Rgb | undefined)[] = [];
  for (const [, ground, index, rgb = ""] of attributes.matchAll(/(38|48);(?:5;(\d+)|2;(\d+;\d+;\d+))/gu)) {
    const [red = 0, green = 0, blue = 0] = rgb.split(";").map(Number);
    const colour: Rgb = index === undefined ? [red, green, blue] : colourOf256(Number(index));
    if (ground === "38") front = colour;
    else behind = colour;
  }
  return { front, behind };
}

function colourOf256(index: number): Rgb {
  assert.ok(index >= 16, "of the fixed part");
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return [grey, grey, grey];
  }
  const level = (place: number) => [0, 95, 135, 175, 215, 255][Math.floor((index - 16) / place) % 6] ?? 0;
  return [level(36), level(6), level(1)];
}

function contrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
