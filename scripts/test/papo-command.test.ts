// Goal: the command runs the sources in a checkout, dist/ once installed, and tells an old Node what it needs.
// Method: bin/papo.js copied beside small programs in an empty folder, run as real processes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import ts from "typescript";

const COMMAND = new URL("../../apps/papo/bin/papo.js", import.meta.url);
const MAIN = `
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { where } from "@papo/place";

export async function main(argv: readonly string[]): Promise<number> {
  const required: unknown = createRequire(import.meta.url)("@papo/place").where;
  const lazily: string = (await import("@papo/place")).where;
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { execArgv: ["--conditions=source"] });
  const inWorker = await new Promise((resolve) => worker.once("message", resolve));
  console.log(JSON.stringify([argv, where, required, lazily, inWorker]));
  return 3;
}`;

function place(t: TestContext, files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "papo-command-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ "apps/papo/package.json": '{ "type": "module" }', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  cpSync(COMMAND, join(root, "apps/papo/bin/papo.js"));
  return {
    root,
    run(...args: readonly string[]) {
      const env = { ...process.env, HOME: root, XDG_CACHE_HOME: "", NODE_OPTIONS: "" };
      return spawnSync(process.execPath, [join(root, "apps/papo/bin/papo.js"), ...args], { env, encoding: "utf8" });
    },
  };
}

test("in a checkout, imports, require and workers all get the sources, and main's answer is the exit code", (t) => {
  const { root, run } = place(t, {
    "apps/papo/src/main.ts": MAIN,
    "apps/papo/src/worker.ts":
      'import { parentPort } from "node:worker_threads"; import { where } from "@papo/place"; parentPort?.postMessage(where);',
    "packages/place/package.json":
      '{ "name": "@papo/place", "type": "module", "exports": { ".": { "source": "./src/index.ts", "default": "./dist/index.js" } } }',
    "packages/place/src/index.ts": 'export const where: string = "source";',
    "packages/place/dist/index.js": 'export const where = "dist";',
  });
  mkdirSync(join(root, "node_modules/@papo"), { recursive: true });
  symlinkSync(join(root, "packages/place"), join(root, "node_modules/@papo/place"), "junction");
  const { status, stdout, stderr } = run("tracker", "--port", "0");
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), [["tracker", "--port", "0"], "source", "source", "source", "source"]);
  assert.equal(status, 3);
});

test("without sources it runs dist/", (t) => {
  const { run } = place(t, { "apps/papo/dist/main.js": "export const main = async (argv) => argv.length;" });
  assert.equal(run("a", "b").status, 2);
});

test("what main throws is shown, and the exit code says that it was our mistake", (t) => {
  const { run } = place(t, {
    "apps/papo/dist/main.js": 'export const main = async () => { throw new Error("ours"); };',
  });
  const { status, stderr } = run();
  assert.equal(status, 70);
  assert.match(stderr, /^Error: ours/);
});

test("an old Node gets one sentence, from syntax and modules that it knows", (t) => {
  const { root } = place(t, {});
  const command = join(root, "apps/papo/bin/papo.js");
  const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '24.6.9' } });";
  const preload = `--import=data:text/javascript,${encodeURIComponent(old)}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [preload, command], { encoding: "utf8" });
  assert.deepEqual([status, stdout], [1, ""]);
  assert.equal(stderr, "Papo needs Node.js 24.7 or newer; this is Node.js 24.6.9.\n");

  const text = readFileSync(COMMAND, "utf8");
  const source = ts.createSourceFile("papo.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const asWritten = ts.createPrinter({ removeComments: true }).printFile(source);
  const compilerOptions = { target: ts.ScriptTarget.ES2019, module: ts.ModuleKind.ES2020, removeComments: true };
  const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: "papo.js" });
  assert.equal(outputText.replaceAll(/\s+|export \{\};/g, ""), asWritten.replaceAll(/\s+/g, ""));
  assert.doesNotMatch(text, /^import /m);
});
