import type { Tone } from "@papo/view-model";
import type { ColourDepth } from "./colour-depth.ts";
import type { Look } from "./frame.ts";

type Bar = NonNullable<Look["bar"]>;

/** SGR attributes (ECMA-48 §8.3.117), joined by `;`. An empty text: as everything else. */
type Palette = {
  readonly tones: Readonly<Record<Tone, string>>;
  readonly bars: Readonly<Record<Bar, string>>;
  /** On a bar, whose own colours stand below. */
  readonly onBar: Readonly<Record<Tone, string>>;
  readonly names: readonly string[];
  readonly code: string;
};

/** What a look is on this terminal. Colours are readable on dark and on light: nobody tells us what is behind them. */
export class Theme {
  readonly #palette: Palette;

  constructor(depth: ColourDepth) {
    this.#palette = PALETTES[depth];
  }

  /** SGR attributes of a run that stands on `fill`; empty for plain text. Asked for each run of each row that is drawn. */
  attributesOf(look: Look | undefined, fill?: Look): string {
    if (look === undefined && fill === undefined) return "";
    if (look?.code === true) return this.#palette.code;
    const bar = look?.bar ?? fill?.bar;
    let colour = look === undefined ? "" : this.#colourOf(look, bar);
    if (colour === "" && fill !== undefined && fill !== look) colour = this.#colourOf(fill, bar);
    let attributes = bar === undefined ? colour : joined(this.#palette.bars[bar], colour);
    if (look?.bold === true || fill?.bold === true) attributes = joined(attributes, BOLD);
    if (look?.underline === true || fill?.underline === true) attributes = joined(attributes, UNDERLINED);
    return attributes;
  }

  #colourOf({ name, tone }: Look, bar: Bar | undefined): string {
    if (name !== undefined) {
      if (bar !== undefined) return "1";
      return this.#palette.names[name % this.#palette.names.length] ?? "";
    }
    if (tone === undefined) return "";
    if (bar === undefined) return this.#palette.tones[tone];
    return bar === "warning" && this.#palette.onBar[tone] !== "" ? "1" : this.#palette.onBar[tone];
  }
}

function joined(one: string, other: string): string {
  if (one === "" || other === "") return one + other;
  return `${one};${other}`;
}

const BOLD = "1";
const FAINT = "2";
const UNDERLINED = "4";
const REVERSED = "7";

const WITHOUT_COLOURS: Palette = {
  tones: {
    muted: FAINT,
    notice: FAINT,
    good: "",
    warning: BOLD,
    bad: BOLD,
    mention: BOLD,
    emphasis: BOLD,
    match: REVERSED,
    key: BOLD,
  },
  bars: { status: REVERSED, selected: REVERSED, warning: `${BOLD};${REVERSED}`, bad: `${BOLD};${REVERSED}` },
  onBar: {
    muted: "",
    notice: "",
    good: "",
    warning: BOLD,
    bad: BOLD,
    mention: BOLD,
    emphasis: BOLD,
    match: UNDERLINED,
    key: BOLD,
  },
  names: [BOLD],
  code: "",
};

/** White on black, both of the fixed part of the 256 colours. */
const CODE = "38;5;231;48;5;16";

/** The theme of the terminal decides what they look like. */
const OF_16: Palette = {
  tones: {
    muted: FAINT,
    notice: "36",
    good: "32",
    warning: "33",
    bad: "1;31",
    mention: "1;35",
    emphasis: BOLD,
    match: REVERSED,
    key: BOLD,
  },
  bars: { status: REVERSED, selected: REVERSED, warning: "30;43", bad: "1;37;41" },
  onBar: WITHOUT_COLOURS.onBar,
  names: ["36", "32", "35", "33", "34", "31", "96", "92", "95", "94"],
  code: CODE,
};

/** Of the fixed part (16 to 255): at least 3:1 on white, black, dark grey and both of Solarized, names and all. */
const OF_256: Palette = {
  tones: {
    muted: "38;5;243",
    notice: "38;5;31",
    good: "38;5;28",
    warning: "38;5;136",
    bad: "1;38;5;196",
    mention: "1;38;5;163",
    emphasis: BOLD,
    match: REVERSED,
    key: BOLD,
  },
  bars: {
    status: "38;5;231;48;5;24",
    selected: "38;5;231;48;5;60",
    warning: "38;5;16;48;5;178",
    bad: "38;5;231;48;5;124",
  },
  onBar: {
    muted: "38;5;254",
    notice: "38;5;195",
    good: "38;5;157",
    warning: "38;5;222",
    bad: "1;38;5;224",
    mention: "1;38;5;225",
    emphasis: BOLD,
    match: REVERSED,
    key: BOLD,
  },
  names: [30, 28, 133, 136, 32, 167, 29, 64, 168, 98].map((colour) => `38;5;${colour}`),
  code: CODE,
};

/** The same hues at one luminance (0.19): 3.4:1 or better on all of those. */
const OF_MILLIONS: Palette = {
  ...OF_256,
  tones: {
    ...OF_256.tones,
    notice: "38;2;8;132;157",
    good: "38;2;25;140;44",
    warning: "38;2;163;110;4",
    bad: "1;38;2;219;64;50",
    mention: "1;38;2;198;57;198",
  },
  names: [
    "8;132;157",
    "25;140;44",
    "198;57;198",
    "163;110;4",
    "43;118;225",
    "219;64;50",
    "7;137;104",
    "83;134;11",
    "213;58;136",
    "137;98;216",
  ].map((colour) => `38;2;${colour}`),
};

const PALETTES: Readonly<Record<ColourDepth, Palette>> = {
  none: WITHOUT_COLOURS,
  "16": OF_16,
  "256": OF_256,
  millions: OF_MILLIONS,
};
