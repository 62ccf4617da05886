// Goal: the process rigs wait for what a program says, complain with what it said instead, and leave nothing behind.
// Method: small programs of this Node, through pipes and through a pseudo-terminal.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Program } from "../../src/processes/program.ts";
import { TemporaryHome } from "../../src/processes/temporary-home.ts";
import { readable, TerminalProgram } from "../../src/processes/terminal-program.ts";

const ECHO = `process.stdin.setEncoding("utf8").on("data", (t) => process.stdout.write("got " + t)).on("end", () => console.log("bye"));`;

test("expect consumes in order, see looks at everything", async () => {
  using home = new TemporaryHome("with space é");
  await using program = new Program(process.execPath, ["-e", ECHO], { env: home.environment() });
  program.type("one\n");
  await program.out.expect(/got one\n/);
  program.type("two\n");
  await program.out.expect("got two");
  await program.out.see("got one");
  program.endInput();
  assert.deepEqual(await program.endWithin(), { code: 0, signal: null });
  await assert.rejects(program.out.expect("three"), /expected three, it ended with 0[\s\S]*got two/);
});

test("a wait that is in vain tells what was said", async () => {
  using home = new TemporaryHome();
  await using program = new Program(process.execPath, ["-e", ECHO], { env: home.environment() });
  program.type("one\n");
  await program.out.see("one");
  await assert.rejects(program.out.expect("two", 1), /not within 1 ms[\s\S]*got one/);
});

test("disposing kills the program and removes the home", async () => {
  const home = new TemporaryHome();
  const program = new Program(process.execPath, ["-e", ECHO], { env: home.environment() });
  await program[Symbol.asyncDispose]();
  assert.equal(program.isRunning, false);
  home[Symbol.dispose]();
  assert.equal(existsSync(home.path), false);
});

test("behind a pseudo-terminal a program sees a TTY of the asked size, and keys", async () => {
  using home = new TemporaryHome();
  const code = `console.log([process.stdin.isTTY, process.stdout.columns, process.stdout.rows].join()); ${ECHO}`;
  await using program = await new TerminalProgram([process.execPath, "-e", code], {
    env: home.environment(),
    columns: 77,
    rows: 21,
  }).ready();
  await program.out.expect("true,77,21");
  program.type("don't\n");
  await program.out.expect("got don't");
  program.type("\x04");
  await program.out.expect("bye");
  assert.equal((await program.endWithin()).code, 0);
});

test("readable shows what is left on each line", () => {
  assert.equal(
    readable("Você: par\r\x1b[K[12:00] <gabi> oi\r\n\x1b[32mVocê\x1b[0m: par"),
    "[12:00] <gabi> oi\nVocê: par",
  );
});
