// Goal: what a command prints line by line holds up nobody when its reader is slow, stops or goes, and no line before its end is left out.
// Method: a stream whose reader takes lines only when the test says so; once, a process of its own with a pipe that nobody reads.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { Writable } from "node:stream";
import { test } from "node:test";
import { LineOutput } from "../src/line-output.ts";

class Reader extends Writable {
  read = "";
  #take: (() => void) | undefined;

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(text: string, _encoding: string, done: (error?: Error) => void): void {
    this.#take = () => {
      this.read += text;
      done();
    };
  }

  takeOne(): void {
    this.#take?.();
  }

  fail(code: string): void {
    this.destroy(Object.assign(new Error(code), { code }));
  }
}

test("T27: lines wait for a slow reader up to the limit; what was printed before stays to be read", async () => {
  const reader = new Reader();
  const output = new LineOutput(reader, 20);
  for (const line of ["one", "two", "three", "four", "five", "six"]) output.line(line);
  assert.deepEqual(await output.end, { kind: "slow" });
  while (reader.writableLength > 0) {
    reader.takeOne();
    await Promise.resolve();
  }
  assert.equal(reader.read, "one\ntwo\nthree\nfour\nfive\n");
});

test("R14: a reader who goes away ends it quietly, and a full disk says so", async () => {
  const gone = new Reader();
  const output = new LineOutput(gone, 20);
  gone.fail("EPIPE");
  assert.deepEqual(await output.end, { kind: "gone" });
  output.line("to nobody");

  const full = new Reader();
  const lost = new LineOutput(full, 20);
  full.fail("ENOSPC");
  const end = await lost.end;
  assert.equal(end.kind === "failed" ? end.error.message : end.kind, "ENOSPC");
});

test("R14: a process ends although nobody reads what it has printed", async (t) => {
  const source = new URL("../src/line-output.ts", import.meta.url).href;
  const code = `
    const { LineOutput } = await import(${JSON.stringify(source)});
    const output = new LineOutput(process.stdout, 1e9);
    for (let count = 0; count < 4000; count += 1) output.line("x".repeat(1000));
    output.giveUpAfter(1, { after: (delayMs, callback) => setTimeout(callback, delayMs) });`;
  // Its output is a pipe that is held open and never read.
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const [exitCode] = await new Promise<readonly unknown[]>((resolve) => child.once("exit", (...end) => resolve(end)));
  assert.equal(exitCode, 0);
});
