import stringWidth from "string-width";

// Terminals agree on letters. On what is drawn as one and written as several code points, on emoji and on what is wide in East Asia alone, each goes by a
// table of its own: a width that was measured for one cluster of a kind says how that terminal counts all of them.

/** What terminals count in different ways. */
export const CLUSTER_KINDS = [
  "box",
  "latin",
  "ambiguous",
  "wide",
  "emoji",
  "recent-emoji",
  "joined-emoji",
  "toned-emoji",
  "flag",
  "presented",
  "keycap",
  "marked",
  "jamo",
  "kana-mark",
  "spacing-mark",
  "conjunct",
] as const;

export type ClusterKind = (typeof CLUSTER_KINDS)[number];

/** Cells of one cluster, as one terminal counts them. */
export type Reading = (cluster: string) => number;

/** One of each kind, whose width tells how the rest is counted. */
export const SAMPLES: Readonly<Record<ClusterKind, string>> = {
  box: "│",
  latin: "é",
  ambiguous: "…",
  wide: "漢",
  emoji: "😀",
  "recent-emoji": "🫠",
  "joined-emoji": "👩‍👩‍👧",
  "toned-emoji": "👍🏽",
  flag: "🇧🇷",
  presented: "❤️",
  keycap: "1️⃣",
  marked: "e\u0301",
  jamo: "\u1112\u1161\u11ab",
  "kana-mark": "\uff76\uff9e",
  "spacing-mark": "நி",
  conjunct: "क्षि",
};

/** What `cluster` is, where terminals differ about it. */
export function kindOf(cluster: string): ClusterKind | undefined {
  const first = cluster.codePointAt(0) ?? 0;
  if (first < 0x80) return KEYCAP.test(cluster) ? "keycap" : cluster.length > 1 ? "marked" : undefined;
  const isOne = cluster.length === (first > 0xffff ? 2 : 1);
  return isOne ? kindOfOne(cluster, first) : kindOfSeveral(cluster, first);
}

/** How to count clusters of a kind when one of them, `sample`, was seen to take `cells`. Undefined: as the tables say. */
export function readingFor(sample: string, cells: number): Reading | undefined {
  if (stringWidth(sample) === cells) return undefined;
  return READINGS.find((reading) => reading(sample) === cells) ?? (() => cells);
}

const KEYCAP = /^[0-9#*]\uFE0F?\u20E3$/v;
const PICTURE = /\p{Extended_Pictographic}/v;
const TONE = /\p{Emoji_Modifier}/v;
const REGIONAL = /^\p{Regional_Indicator}/v;
const SPACING_MARK = /\p{Mc}/v;
const LETTERS = /\p{L}\P{L}+\p{L}/v;
const HALFWIDTH_VOICED = /[\uFF9E\uFF9F]$/v;
const LATIN_END = 0x02ff;

function kindOfOne(cluster: string, first: number): ClusterKind | undefined {
  const width = stringWidth(cluster);
  if (width === 1) {
    if (first >= 0x2500 && first <= 0x259f) return "box";
    const isAmbiguous = stringWidth(cluster, { ambiguousIsNarrow: false }) === 2;
    if (!isAmbiguous) return undefined;
    return first <= LATIN_END ? "latin" : "ambiguous";
  }
  if (!PICTURE.test(cluster)) return width === 2 ? "wide" : undefined;
  return first >= 0x1fa70 && first <= 0x1faff ? "recent-emoji" : "emoji";
}

function kindOfSeveral(cluster: string, first: number): ClusterKind | undefined {
  if (REGIONAL.test(cluster)) return "flag";
  if (PICTURE.test(cluster)) {
    if (cluster.includes("\u200d")) return "joined-emoji";
    if (TONE.test(cluster)) return "toned-emoji";
    return cluster.endsWith("\ufe0f") ? "presented" : undefined;
  }
  if (first >= 0x1100 && first <= 0x11ff) return "jamo";
  if (HALFWIDTH_VOICED.test(cluster)) return "kana-mark";
  if (LETTERS.test(cluster)) return "conjunct";
  return SPACING_MARK.test(cluster) ? "spacing-mark" : "marked";
}

/** Ways in which terminals are known to count, the likely ones first. */
const READINGS: readonly Reading[] = [
  // Each code point by itself, with what is drawn over another for nothing.
  (cluster) => sumOf(cluster, (one) => (stringWidth(one) === 0 || isMark(one) ? 0 : stringWidth(one))),
  (cluster) => sumOf(cluster, stringWidth),
  (cluster) => stringWidth(String.fromCodePoint(cluster.codePointAt(0) ?? 0)),
  (cluster) => sumOf(cluster, (one) => Math.max(1, stringWidth(one))),
];

function sumOf(cluster: string, widthOf: (one: string) => number): number {
  let sum = 0;
  for (const one of cluster) sum += widthOf(one);
  return sum;
}

function isMark(one: string): boolean {
  return /^\p{M}/v.test(one);
}
