// Goal: a checkout installs itself once, says so, passes on a failure, and costs nothing afterwards.
// Method: the script in an empty folder with a stand-in for npm that notes each call; nothing is downloaded.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

const STAND_IN = `
const fs = require("node:fs");
fs.appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
if (fs.existsSync("fail")) process.exit(7);
fs.mkdirSync("node_modules", { recursive: true });
fs.writeFileSync("node_modules/.package-lock.json", "{}");
`;

function checkout(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), "papo-set-up-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "scripts"));
  cpSync(new URL("../set-up.mjs", import.meta.url), join(root, "scripts", "set-up.mjs"));
  writeFileSync(join(root, "package-lock.json"), "{}");
  writeFileSync(join(root, "npm-cli.js"), STAND_IN);
  return {
    root,
    run() {
      const env = { ...process.env, npm_execpath: join(root, "npm-cli.js") };
      return spawnSync(process.execPath, [join(root, "scripts", "set-up.mjs")], { env, encoding: "utf8" });
    },
    calls: () => (existsSync(join(root, "calls")) ? readFileSync(join(root, "calls"), "utf8").trim().split("\n") : []),
  };
}

test("a bare clone is installed once, with one sentence about it", (t) => {
  const { run, calls } = checkout(t);
  const first = run();
  assert.equal(first.status, 0);
  assert.match(first.stderr, /^Installing [^\n]+\n$/);
  assert.equal(first.stdout, "");
  const second = run();
  assert.deepEqual([second.status, second.stderr, calls()], [0, "", ["ci --include=dev --loglevel=error"]]);
});

test("a changed lock file installs again, even one dated in the future, and does not loop", (t) => {
  const { root, run, calls } = checkout(t);
  run();
  const later = new Date("2100-01-01T00:00:00Z");
  utimesSync(join(root, "package-lock.json"), later, later);
  run();
  run();
  assert.equal(calls().length, 2);
});

test("npm's failure is the script's, and the next run tries again", (t) => {
  const { root, run, calls } = checkout(t);
  writeFileSync(join(root, "fail"), "");
  assert.equal(run().status, 7);
  rmSync(join(root, "fail"));
  assert.equal(run().status, 0);
  assert.equal(calls().length, 2);
});

test("what a killed set-up left behind does not block the next one", (t) => {
  const { root, run } = checkout(t);
  mkdirSync(join(root, ".tmp"));
  const gone = spawnSync(process.execPath, ["-e", "process.stdout.write(String(process.pid))"], { encoding: "utf8" });
  writeFileSync(join(root, ".tmp", "set-up.pid"), gone.stdout);
  assert.equal(run().status, 0);
});
