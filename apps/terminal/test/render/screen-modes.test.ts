// Goal: whatever ends or stops the full screen, the terminal is as it was: no mode is left on, and what is said then can be read.
// Method: a real process behind a pseudo-terminal, ended in every way; what it wrote is read as a terminal reads it, and `stty` says what is left.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, TemporaryHome, TerminalProgram } from "@papo/testing";

const PROGRAM = fileURLToPath(new URL("screen-program.ts", import.meta.url));
const NODE = `"${process.execPath}" --conditions=source "${PROGRAM}"`;
const READY = /ready 0 [\d,]+/u;
/** Modes of DEC and xterm that a shell expects to be on; it expects the others to be off. */
const ON_IN_A_SHELL = new Set(["25", "7"]);

async function started(shell: string, env: Readonly<Record<string, string>> = {}): Promise<TerminalProgram> {
  const program = new TerminalProgram(["sh", "-c", shell], { env: { PATH: process.env["PATH"] ?? "", ...env } });
  await program.ready();
  return program;
}

/** What the terminal's line discipline is. */
const DISCIPLINE = `echo; stty -a | tr ' ;' '\\n\\n' | grep -x -- '-*\\(icanon\\|echo\\|isig\\)'`;
const REPORT = `echo "ended=$?"; ${DISCIPLINE}; echo over`;
const FOREGROUND = `${NODE}; ${REPORT}`;

/** The last that was said of each mode. */
function modesAfter(written: string): ReadonlyMap<string, boolean> {
  const modes = new Map<string, boolean>();
  for (const [, numbers = "", set] of written.matchAll(/\u001b\[\?([\d;]+)([hl])/gu)) {
    for (const number of numbers.split(";")) modes.set(number, set === "h");
  }
  return modes;
}

function assertGivenBack(written: string): void {
  const modes = modesAfter(written);
  for (const mode of ["1049", "25", "7", "2004", "1004", "1000", "1006", "2026"]) {
    assert.equal(modes.get(mode), ON_IN_A_SHELL.has(mode), `mode ${mode}`);
  }
  const behind = written.slice(written.lastIndexOf("\u001b[?1049l"));
  assert.doesNotMatch(behind, /\u001b\[\?\d+h|\u001b\]/u);
  assert.match(behind, /^icanon\r?$/mu);
  assert.match(behind, /^echo\r?$/mu);
  assert.match(behind, /^isig\r?$/mu);
}

/** The process itself, not the shell that started it. */
function pidIn(program: TerminalProgram): number {
  return Number(/^node=(\d+)/mu.exec(program.out.text)?.[1]);
}

const ENDS: readonly (readonly [string, string, RegExp])[] = [
  ["it leaves by itself", "q", /ended=0/u],
  ["it ends without having left", "x", /ended=3/u],
  ["something is thrown", "t", /thrown on purpose[\s\S]*ended=1/u],
  ["a promise is rejected", "r", /rejected on purpose[\s\S]*ended=1/u],
];

for (const [how, key, says] of ENDS) {
  test(`R14: ${how}: every mode is undone, and what is said can be read`, async () => {
    await using program = await started(FOREGROUND);
    await program.out.see(READY);
    program.type(key);
    await program.out.see(/over\r?\n/u);
    await program.endWithin();
    assertGivenBack(program.out.text);
    const behind = program.out.text.slice(program.out.text.lastIndexOf("\u001b[?1049l"));
    assert.match(behind, says);
  });
}

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
  test(`R14: ${signal}: every mode is undone before it ends of it`, async () => {
    await using program = await started(FOREGROUND);
    await program.out.see(READY);
    process.kill(pidIn(program), signal);
    await program.out.see(/over\r?\n/u);
    assertGivenBack(program.out.text);
    assert.match(program.out.text, /ended=1[234]\d/u);
  });
}

test("R14: a signal that somebody else takes is theirs; the next one, which nobody takes, ends it with every mode undone", async () => {
  await using program = await started(FOREGROUND);
  await program.out.see(READY);
  program.type("ha");
  await program.out.see(/a 0 [\d,]+/u);
  process.kill(pidIn(program), "SIGTERM");
  await program.out.see(/told 0 [\d,]+/u);
  assert.equal(modesAfter(program.out.text).get("1049"), true);
  process.kill(pidIn(program), "SIGTERM");
  await program.out.see(/over\r?\n/u);
  assertGivenBack(program.out.text);
});

test("R14: a terminal that stops reading stops the screen, not the program; when it goes on it gets the newest", async () => {
  using home = new TemporaryHome();
  const diary = home.at("diary");
  writeFileSync(diary, "");
  await using program = await started(FOREGROUND, { DIARY: diary });
  await program.out.see(READY);
  const pid = pidIn(program);
  process.kill(program.pid, "SIGSTOP");
  for (const lines of [1, 2, 3]) {
    process.kill(pid, "SIGUSR2");
    await eventually("it lives", () => readFileSync(diary, "utf8").split("\n").length > lines || undefined);
  }
  assert.equal(readFileSync(diary, "utf8"), "full\nfull\nfull\n");
  process.kill(program.pid, "SIGCONT");
  program.type("b");
  await program.out.see(/b 0 [\d,]+/u);
  program.type("q");
  await program.out.see(/over\r?\n/u);
  assertGivenBack(program.out.text);
});

test("R14: suspended, the terminal is the shell's, as it was; brought back, the screen is whole again", async () => {
  const shell = `set -m; ${NODE}; ${DISCIPLINE}; echo asleep; read go; fg; ${REPORT}`;
  await using program = await started(shell);
  await program.out.see(READY);
  program.type("z");
  await program.out.see(/asleep\r?\n/u);
  assertGivenBack(program.out.text);

  const before = program.out.text.length;
  program.type("\r");
  await program.out.expect(/\u001b\[\?1049l/u);
  await program.out.expect(/\u001b\[\?1049h[\s\S]*ready/u);
  const modes = modesAfter(program.out.text.slice(before));
  for (const mode of ["1049", "2004", "1004", "1000", "1006"]) assert.equal(modes.get(mode), true, mode);
  assert.equal(modes.get("7"), false);
  program.type("q");
  await program.out.see(/over\r?\n/u);
  assertGivenBack(program.out.text);
});

test("the title is never touched, and the mouse is let go of when that is wanted", async () => {
  await using program = await started(FOREGROUND);
  await program.out.see(READY);
  assert.equal(modesAfter(program.out.text).get("1000"), true);
  program.type("ma");
  await program.out.see(/\n?a 0 [\d,]+/u);
  assert.equal(modesAfter(program.out.text).get("1000"), false);
  program.type("q");
  await program.out.see(/over\r?\n/u);
  assert.doesNotMatch(program.out.text, /\u001b\](?!8;)/u);
});
