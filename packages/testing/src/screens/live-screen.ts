import { EXPECT_TIMEOUT_MS } from "../processes/transcript.ts";

/** What somebody waits for: a text, a pattern over the rows joined by line feeds, anything that can be said of the rows, or several of these at once. */
export type Shown = string | RegExp | ((rows: readonly string[]) => boolean) | readonly Shown[];

/** A program's screen as a person has it before them: keys go in, rows of text are seen. */
export type LiveScreen = AsyncDisposable & {
  readonly columns: number;
  readonly rows: number;
  /** Sends what these keys send; texts and keys (`KEYS`) alike. */
  type(...keys: readonly string[]): void;
  /** The rows as they are now, without blanks at their ends. */
  screen(): Promise<readonly string[]>;
  /** Waits until the screen shows it, and says what else it shows then. */
  waitFor(shown: Shown, forMs?: number): Promise<readonly string[]>;
  /** Waits until the screen shows it no more. */
  waitWithout(shown: Shown): Promise<readonly string[]>;
  /** The terminal gets another size, as when a window is pulled. */
  resize(columns: number, rows: number): Promise<void>;
};

/** What the keys of a terminal send. */
export const KEYS = {
  enter: "\r",
  escape: "\x1b",
  tab: "\t",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  pageUp: "\x1b[5~",
  pageDown: "\x1b[6~",
  f1: "\x1bOP",
  f7: "\x1b[18~",
  f8: "\x1b[19~",
  altEnd: "\x1b[1;3F",
  altHome: "\x1b[1;3H",
  /** `ctrl("c")`: with Ctrl held. */
  ctrl: (letter: string): string => String.fromCodePoint((letter.codePointAt(0) ?? 0) & 0x1f),
  /** `alt("a")`: with Alt held. */
  alt: (letter: string): string => `\x1b${letter}`,
  paste: (text: string): string => `\x1b[200~${text}\x1b[201~`,
} as const;

/** Whether these rows show it. */
export function shows(rows: readonly string[], shown: Shown): boolean {
  if (typeof shown === "function") return shown(rows);
  if (isSeveral(shown)) return shown.every((one) => shows(rows, one));
  const text = rows.join("\n");
  return typeof shown === "string" ? text.includes(shown) : shown.test(text);
}

function isSeveral(shown: string | RegExp | readonly Shown[]): shown is readonly Shown[] {
  return Array.isArray(shown);
}

/** For a complaint: of several only what is not there. */
function missing(rows: readonly string[], shown: Shown): string {
  if (typeof shown === "function" || !isSeveral(shown)) return String(shown);
  return shown
    .filter((one) => !shows(rows, one))
    .map((one) => missing(rows, one))
    .join(", ");
}

/** Looks at the rows whenever `changed` resolves; says what was there instead when it does not come in time. */
export async function untilShown(
  name: string,
  shown: Shown,
  look: () => Promise<readonly string[]>,
  changed: (atMostMs: number) => Promise<void>,
  forMs: number = EXPECT_TIMEOUT_MS,
): Promise<readonly string[]> {
  const endsAt = performance.now() + forMs;
  for (;;) {
    const rows = await look();
    if (shows(rows, shown)) return rows;
    const left = endsAt - performance.now();
    if (left <= 0) throw new Error(`${name}: never showed ${missing(rows, shown)}. It shows:\n${framed(rows)}`);
    await changed(left);
  }
}

function framed(rows: readonly string[]): string {
  return rows.map((row) => `  |${row}`).join("\n");
}
