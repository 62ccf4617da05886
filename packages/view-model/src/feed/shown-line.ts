import type { Username } from "@papo/protocol";
import { nameColour } from "../names/name-colour.ts";

/** What a piece of text is, for a screen to show it by. */
export type Tone =
  | "muted"
  | "notice"
  | "good"
  | "warning"
  | "bad"
  | "mention"
  | "emphasis"
  /** What was searched for. */
  | "match"
  /** What can be typed or pressed. */
  | "key";

/**
 * A piece of a line, safe to show; with a colour index (below NAME_COLOURS) when it is somebody's name. `code`: part of a
 * picture that cameras read, which is white on black whatever the terminal's colours are. `link`: an address of the web that it leads to, safe.
 */
export type Span = {
  readonly text: string;
  readonly colour?: number;
  readonly tone?: Tone;
  readonly link?: string;
  readonly code?: true;
};

/**
 * One line of a conversation. `atMs` is milliseconds since 1970, for a clock time in front; `more` holds the further
 * lines of a text of several lines, which a screen shows indented, so that none of them can pass for a line of its own.
 */
export type ShownLine = {
  readonly atMs?: number;
  readonly spans: readonly Span[];
  readonly more?: readonly string[];
};

export function textLine(text: string): ShownLine {
  return { spans: [{ text }] };
}

export function timedLine(atMs: number, text: string): ShownLine {
  return { atMs, spans: [{ text }] };
}

export function nameSpan(username: Username, shown: string): Span {
  return { text: shown, colour: nameColour(username) };
}

/** `2026-11-22`, in the time zone of this computer. */
export function dayOf(atMs: number): string {
  const date = new Date(atMs);
  const parts = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return [date.getFullYear(), ...parts].join("-");
}

/** `18:47:41`, in the time zone of this computer. */
export function clockTime(atMs: number): string {
  const date = new Date(atMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
