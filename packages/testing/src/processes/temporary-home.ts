import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A user's home that did not exist before and will not exist after: nothing of the machine's own user is read or written. */
export class TemporaryHome {
  readonly path: string;

  constructor(name = "home") {
    this.path = join(realpathSync(mkdtempSync(join(tmpdir(), "papo-test-"))), name);
    mkdirSync(this.path, { mode: 0o700 });
  }

  /** A path under this home. */
  at(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** The whole environment of a program of this user. Nothing is inherited but where programs are found. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      HOME: this.path,
      TMPDIR: tmpdir(),
      LANG: "C.UTF-8",
      // Shared by all tests of this machine's user: compiling the sources anew in each process is what costs.
      NODE_COMPILE_CACHE:
        process.env["NODE_COMPILE_CACHE"] ?? join(tmpdir(), `papo-test-compiled-${process.getuid?.() ?? "user"}`),
      ...more,
    };
  }

  [Symbol.dispose](): void {
    rmSync(join(this.path, ".."), { recursive: true, force: true, maxRetries: 5 });
  }
}
