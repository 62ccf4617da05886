import { ALERT_INTERVAL_MS, ALERT_TEXT_CHARS_MAX, ALERTS_PER_MINUTE_MAX, safeText } from "@papo/protocol";
import { BELL, noticeOfIterm, noticeOfUrxvt, throughTmux } from "../sequences.ts";
import type { TerminalOutput } from "../terminal-output.ts";

/** What the user wants to hear and see beside the screen. */
export type AlertSettings = {
  readonly bell: boolean;
  /** `osc9`: iTerm2, kitty, WezTerm, Ghostty, Windows Terminal and others; `osc777`: urxvt, foot, Ghostty and those of VTE that were built for it. */
  readonly desktop: "off" | "osc9" | "osc777";
  /** Hand them through tmux, which needs `allow-passthrough on` there. */
  readonly throughTmux: boolean;
};

export type AlertClock = { wallMs(): number };

const MINUTE_MS = 60_000;

/** Rings and tells the desktop, as far as the user wants it, never more often than anybody can bear. */
export class Alerts {
  readonly #output: TerminalOutput;
  readonly #clock: AlertClock;
  #settings: AlertSettings;
  /** When it happened within the last minute, the latest at the end. */
  #times: readonly number[] = [];

  constructor(output: TerminalOutput, clock: AlertClock, settings: AlertSettings) {
    this.#output = output;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** From the next alert on. */
  change(settings: AlertSettings): void {
    this.#settings = settings;
  }

  /** Texts from anywhere. Whether anything was told. */
  tell(title: string, text: string): boolean {
    const { bell, desktop } = this.#settings;
    if ((!bell && desktop === "off") || !this.#mayTell()) return false;
    const notice = desktop === "off" ? "" : this.#notice(desktop, title, text);
    this.#output.write(`${bell ? BELL : ""}${notice}`);
    return true;
  }

  #mayTell(): boolean {
    const now = this.#clock.wallMs();
    // A clock that was put back must not keep it silent.
    const recent = this.#times.filter((at) => at <= now && now - at < MINUTE_MS);
    const last = recent.at(-1);
    const isTooSoon = last !== undefined && now - last < ALERT_INTERVAL_MS;
    if (isTooSoon || recent.length >= ALERTS_PER_MINUTE_MAX) return false;
    this.#times = [...recent, now];
    return true;
  }

  #notice(desktop: "osc9" | "osc777", title: string, text: string): string {
    const [first, second] = [toldText(title), toldText(text)];
    const notice = desktop === "osc777" ? noticeOfUrxvt(first, second) : noticeOfIterm(`${first}: ${second}`);
    return this.#settings.throughTmux ? throughTmux(notice) : notice;
  }
}

/** One short line without `;`, which ends a field. A digit at the beginning would be another command of OSC 9 (`4;…` is a progress bar): a blank stands in front. */
function toldText(text: string): string {
  const characters = Array.from(safeText(text).replaceAll(";", ","));
  const short =
    characters.length > ALERT_TEXT_CHARS_MAX ? [...characters.slice(0, ALERT_TEXT_CHARS_MAX - 1), "…"] : characters;
  return short.join("").replace(/^(?=\d)/, " ");
}
