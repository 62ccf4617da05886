/** How many colours a terminal has. */
export type ColourDepth = "none" | "16" | "256" | "millions";

export type TerminalEnvironment = Readonly<Record<string, string | undefined>>;

/** What the environment says of the terminal's colours; NO_COLOR (no-color.org) is the user's own word. */
export function colourDepthOf(env: TerminalEnvironment): ColourDepth {
  const term = env["TERM"] ?? "";
  if (isSet(env["NO_COLOR"]) || term === "dumb") return "none";
  if (/^(?:truecolor|24bit)$/i.test(env["COLORTERM"] ?? "")) return "millions";
  if (isSet(env["WT_SESSION"]) || /-direct$|^xterm-(?:kitty|ghostty)$|^(?:alacritty|foot|wezterm)\b/.test(term)) {
    return "millions";
  }
  const program = env["TERM_PROGRAM"] ?? "";
  if (/^(?:iTerm\.app|WezTerm|vscode|ghostty|Hyper)$/.test(program)) return "millions";
  return program === "Apple_Terminal" || /256color/.test(term) ? "256" : "16";
}

/** Whether OSC 8 does no harm there: the console of Linux and GNU screen may print it, and so did old VTE. */
export function hasLinks(env: TerminalEnvironment): boolean {
  const term = env["TERM"] ?? "";
  if (term === "" || /^(?:dumb|linux|vt\d+|cons25|eterm)/.test(term) || isSet(env["STY"])) return false;
  if (term.startsWith("screen") && !isSet(env["TMUX"])) return false;
  const vte = Number(env["VTE_VERSION"] ?? Number.NaN);
  return !(vte < VTE_WITH_LINKS);
}

/** 0.50, the first in which a long link does not end the terminal. */
const VTE_WITH_LINKS = 5_000;

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
