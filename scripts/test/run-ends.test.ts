// Goal: a run of the tests always ends and names what did not pass, whatever a test leaves running, and leaves nothing running itself.
// Method: the runner in a checkout of its own whose test files fail, wait for ever, and leave programs behind that hold their streams.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** A program without end, on the streams of the test's process. */
const LEAVE_ONE = `
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
const left = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
writeFileSync("pid", String(left.pid));
`;

function checkout(t: TestContext) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "papo-run-")));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(REPOSITORY, "scripts"), join(root, "scripts"), { recursive: true });
  rmSync(join(root, "scripts", "test"), { recursive: true });
  symlinkSync(join(REPOSITORY, "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "packages"));
  return {
    root,
    put: (name: string, content: string) => writeFileSync(join(root, "packages", name), content),
    run(...args: readonly string[]) {
      const runner = join(root, "scripts", "test.mjs");
      const { status, stdout, stderr } = spawnSync(process.execPath, [runner, ...args], { encoding: "utf8" });
      return { status, stdout, stderr };
    },
  };
}

/** One that has ended may still be listed, when nobody has asked how. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/u.test(stdout.trim());
}

test("what passes is counted, what fails is named with its reason", (t) => {
  const { put, run } = checkout(t);
  put("a.test.ts", `import { test } from "node:test"; test("one", () => {}); test("two", () => {});`);
  put("b.test.ts", `import { test } from "node:test"; test("three", () => { throw new Error("the reason"); });`);
  put("c.test.ts", "import './nothing.ts';");
  const { status, stdout } = run();
  assert.equal(status, 1);
  assert.match(stdout, /✖ three [^\n]+\n +Error: the reason/u);
  const end = "Failed:\n  packages/b.test.ts: three\n  packages/c.test.ts: ended with 1\n\n2 passed, 2 failed\n";
  assert.ok(stdout.endsWith(end), stdout);
  assert.deepEqual(run("packages/a.test.ts").status, 0);
});

test("what did not run is counted by its reason, and does not count as passed", (t) => {
  const { put, run } = checkout(t);
  const skips = (why: string) => `(t) => t.skip("needs ${why}")`;
  put(
    "a.test.ts",
    `import { test } from "node:test"; test("one", ${skips("a moon")}); test("two", ${skips("a moon")}); test("three", ${skips("a sun")});`,
  );
  const alone = run();
  assert.equal(alone.status, 1, "a run that executed nothing proves nothing");
  assert.ok(
    alone.stdout.endsWith("2 skipped: needs a moon\n1 skipped: needs a sun\n0 passed, 0 failed\n"),
    alone.stdout,
  );
  put("b.test.ts", `import { test } from "node:test"; test("four", () => {});`);
  const { status, stdout } = run();
  assert.equal(status, 0);
  assert.ok(stdout.endsWith("1 skipped: needs a sun\n1 passed, 0 failed\n"), stdout);
});

test("a program that a file leaves behind ends with the file", (t) => {
  const { root, put, run } = checkout(t);
  put("leaves.test.ts", `${LEAVE_ONE} left.unref(); test("passes", () => {});`);
  const { status, stdout } = run();
  assert.equal(status, 0, stdout);
  assert.equal(isRunning(Number(readFileSync(join(root, "pid"), "utf8"))), false);
});

test("a file that does not end is ended and named, and what failed in it is told", (t) => {
  const { put, run } = checkout(t);
  put("a.test.ts", `${LEAVE_ONE} test("waits for ever", () => new Promise(() => {}));`);
  put("b.test.ts", "for (;;);");
  const { status, stdout } = run("--file-minutes=0.02");
  assert.equal(status, 1);
  for (const name of ["a", "b"]) assert.match(stdout, new RegExp(`^  packages/${name}\\.test\\.ts: ended after`, "mu"));
  assert.match(stdout, /\n0 passed, \d failed\n$/u);
});
