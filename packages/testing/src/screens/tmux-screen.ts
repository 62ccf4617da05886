import { execFileSync, spawnSync } from "node:child_process";
import { PAPO_COMMAND } from "../processes/papo.ts";
import { EXPECT_TIMEOUT_MS } from "../processes/transcript.ts";
import { type LiveScreen, type Shown, shows, untilShown } from "./live-screen.ts";
import type { ScreenOptions } from "./xterm-screen.ts";

const LOOK_INTERVAL_MS = 60;

/** Why there is no tmux here, or undefined where there is. */
export function tmuxMissing(): string | undefined {
  return spawnSync("tmux", ["-V"]).error === undefined ? undefined : "needs tmux";
}

/** The real `papo` in a tmux of its own, which nobody else has. Rows are what tmux says that stands there. */
export class TmuxScreen implements LiveScreen {
  columns: number;
  rows: number;
  readonly #socket: string;
  readonly #env: Record<string, string>;

  constructor(args: readonly string[], options: ScreenOptions) {
    const { home, columns, rows, env = {}, name = "papo" } = options;
    this.columns = columns;
    this.rows = rows;
    this.#env = home.environment({ TERM: "xterm-256color", ...env });
    this.#socket = home.at(`tmux-${name}`);
    const command = [process.execPath, PAPO_COMMAND, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const size = ["-x", String(columns), "-y", String(rows)];
    const quiet = ["set-option", "-g", "status", "off", ";"];
    this.#run(
      "-f",
      "/dev/null",
      "start-server",
      ";",
      ...quiet,
      "new-session",
      "-d",
      ...size,
      `exec ${command.join(" ")}`,
    );
  }

  /** As bytes: keys reach the program as this terminal would have sent them. */
  type(...keys: readonly string[]): void {
    const bytes = [...Buffer.from(keys.join(""))].map((byte) => byte.toString(16).padStart(2, "0"));
    if (bytes.length > 0) this.#run("send-keys", "-H", ...bytes);
  }

  async screen(): Promise<readonly string[]> {
    return this.#run("capture-pane", "-p")
      .split("\n")
      .slice(0, this.rows)
      .map((row) => row.trimEnd());
  }

  waitFor(shown: Shown, forMs = EXPECT_TIMEOUT_MS): Promise<readonly string[]> {
    const changed = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    };
    return untilShown("papo in tmux", shown, () => this.screen(), changed, forMs);
  }

  waitWithout(shown: Shown): Promise<readonly string[]> {
    return this.waitFor((rows) => !shows(rows, shown));
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.columns = columns;
    this.rows = rows;
    this.#run("resize-window", "-x", String(columns), "-y", String(rows));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    spawnSync("tmux", ["-S", this.#socket, "kill-server"]);
  }

  #run(...args: readonly string[]): string {
    return execFileSync("tmux", ["-u", "-S", this.#socket, ...args], { encoding: "utf8", env: this.#env });
  }
}
