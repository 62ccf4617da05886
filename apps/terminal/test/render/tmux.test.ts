// Goal: in a real terminal, whatever it counts wide, joined and combining characters for, every text stands in its column; and its counts are learned.
// Method: a program draws samples of every kind in a tmux of its own; tmux tells what stands in its cells.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, TemporaryHome } from "@papo/testing";
import { Cells } from "../../src/render/cells.ts";
import { CLUSTER_KINDS, SAMPLES } from "../../src/render/cluster-widths.ts";

const PROGRAM = fileURLToPath(new URL("screen-program.ts", import.meta.url));
const TEXT_COLUMNS = 20;

/** A server that nobody else has, with one window that runs the program. */
class Tmux {
  readonly #home: TemporaryHome;

  constructor(home: TemporaryHome) {
    this.#home = home;
    const program = `exec "${process.execPath}" --conditions=source "${PROGRAM}"`;
    this.#run("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", program);
  }

  /** The rows of its window, as text. */
  rows(): readonly string[] {
    return this.#run("capture-pane", "-p", "-N").split("\n");
  }

  [Symbol.dispose](): void {
    spawnSync("tmux", ["-S", this.#home.at("tmux"), "kill-server"]);
  }

  #run(...args: readonly string[]): string {
    const env = this.#home.environment({ TERM: "xterm-256color" });
    return execFileSync("tmux", ["-u", "-S", this.#home.at("tmux"), ...args], { encoding: "utf8", env });
  }
}

test("R9: in tmux every part begins in its column, before and after its counts were learned", async (t) => {
  if (spawnSync("tmux", ["-V"]).error !== undefined) return t.skip("needs tmux");
  using home = new TemporaryHome();
  using tmux = new Tmux(home);

  const status = await eventually("tmux has answered", () => {
    return tmux.rows().find((row) => row.startsWith("answered "));
  });
  const cells = status.split(" ")[2]?.split(",").map(Number) ?? [];
  const asTmux = new Cells();
  asTmux.learn(new Map(CLUSTER_KINDS.map((kind, at) => [kind, cells[at] ?? 0])));
  const rows = tmux.rows();
  for (const [at, kind] of CLUSTER_KINDS.entries()) {
    const row = rows[at] ?? "";
    const blanks = " ".repeat(TEXT_COLUMNS - (cells[at] ?? 0));
    assert.ok(row.startsWith(`[${SAMPLES[kind]}${blanks}│ok`), `${kind}: ${row}`);
    assert.match(row, /│ok\s*$/u, kind);
    assert.equal(asTmux.width(row.trimEnd()), 47, kind);
  }
  t.diagnostic(`cells in tmux: ${CLUSTER_KINDS.map((kind, at) => `${kind} ${cells[at]}`).join(", ")}`);
});
