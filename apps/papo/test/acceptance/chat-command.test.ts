// Goal: `papo` says clearly what is wrong with its surroundings, and works where they are merely unusual.
// Method: the real process with pipes in homes of every kind; waits for lines and exits.
import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { type Program, type RunningTracker, startPapo, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";

const { classic, papo } = catalogueOf("en");
const home = new TemporaryHome();
let tracker: RunningTracker;

before(async () => {
  tracker = await startTrackerProgram(["--store", "memory"], { home });
});

after(async () => {
  await tracker.program[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

function start(profile: string, env: Readonly<Record<string, string>> = {}): Program {
  return startPapo(["--classic", "--tracker", tracker.address, "--profile", profile], { home, env });
}

test("S9: a profile in a folder with spaces and Unicode works, and needs no HOME", async () => {
  await using program = start(home.at("Área de trabalho", "perfil da gabi 🎉"), { HOME: "" });
  program.type("2\ngabi\nsegredo\n");
  await program.out.see(classic.registered);
  program.endInput();
  assert.equal((await program.endWithin()).code, 0);
});

test("S9: a profile that cannot be one is told with what to do", async () => {
  writeFileSync(home.at("a-file"), "");
  mkdirSync(home.at("open"));
  chmodSync(home.at("open"), 0o755);
  const cases = [
    { profile: home.at("a-file"), says: /a-file: / },
    { profile: home.at("a-file", "below"), says: /below: / },
    { profile: home.at("open"), says: /other users of this machine could read it\. Type: chmod 700/u },
  ];
  for (const { profile, says } of cases) {
    await using program = start(profile);
    assert.equal((await program.endWithin()).code, 1, profile);
    assert.match(program.err.text, says);
    assert.equal(program.err.text.trimEnd().split("\n").length, 1, "one line");
    assert.equal(program.out.text, "");
  }
});

test("S9: without a home and without a profile it says what to set", async () => {
  await using program = startPapo(["--classic"], { home, env: { HOME: "" } });
  assert.equal((await program.endWithin()).code, 1);
  assert.equal(program.err.text.trim(), papo.problems.noHome);
});

test("S9: a home with spaces and Unicode is a home; one that is read-only or a file is told in a line", async () => {
  using unusual = new TemporaryHome("Área da gabi 🎉");
  await using works = startPapo(["--classic", "--tracker", tracker.address], { home: unusual });
  works.type("2\nzeca\nsegredo\n");
  await works.out.see(classic.registered);
  works.endInput();
  assert.equal((await works.endWithin()).code, 0);

  writeFileSync(home.at("a-home-that-is-a-file"), "");
  for (const HOME of [`${readOnlyFolder()}/of-nobody`, home.at("a-home-that-is-a-file")]) {
    await using program = startPapo(["--classic", "--tracker", tracker.address], { home, env: { HOME } });
    assert.equal((await program.endWithin()).code, 1, HOME);
    assert.match(program.err.text, new RegExp(`${RegExp.escape(HOME)}.*: `, "u"));
    assert.equal(program.err.text.trimEnd().split("\n").length, 1, "one line");
    assert.equal(program.out.text, "");
  }
});

/** A folder in which this user may make nothing. To root no mode says no, but the kernel's own file system does. */
function readOnlyFolder(): string {
  if (process.getuid?.() === 0) return "/sys";
  mkdirSync(home.at("read-only"), { mode: 0o555 });
  return home.at("read-only");
}

test("S6: a profile of another user is refused with the command that mends it", async () => {
  mkdirSync(home.at("foreign"), { mode: 0o700 });
  // Root can give a folder away; anybody else has root's own to look at.
  if (process.getuid?.() === 0) chownSync(home.at("foreign"), 12_345, 12_345);
  const profile = process.getuid?.() === 0 ? home.at("foreign") : "/usr";
  await using program = start(profile);
  assert.equal((await program.endWithin()).code, 1);
  assert.match(program.err.text, /another user.*sudo chown -R/u);
  assert.equal(program.err.text.trimEnd().split("\n").length, 1, "one line");
});

test("the profile's configuration wins over the user's, and a wrong one ends with its line and exit code 2", async () => {
  const other = new TemporaryHome();
  using _other = other;
  mkdirSync(other.at(".config", "papo"), { recursive: true });
  writeFileSync(other.at(".config", "papo", "config.toml"), `lang = "pt-BR"\ntracker = "seed://nowhere:1"\n`);
  mkdirSync(other.at("profile"), { mode: 0o700 });
  writeFileSync(other.at("profile", "config.toml"), `tracker = "${tracker.address}"\n`);
  await using program = startPapo(["--classic", "--profile", other.at("profile")], { home: other });
  await program.out.see(catalogueOf("pt-BR").classic.signInTitle);
  program.type("2\nnori\nsegredo\n");
  await program.out.see(catalogueOf("pt-BR").classic.registered);

  writeFileSync(other.at("profile", "config.toml"), `tracker = 7\n`);
  await using wrong = startPapo(["--classic", "--profile", other.at("profile")], { home: other });
  assert.equal((await wrong.endWithin()).code, 2);
  assert.match(wrong.err.text, /profile\/config\.toml:1: tracker/u);
});

test("an address that is none is told, with exit code 2", async () => {
  for (const address of ["http://x", "papo://", "papo://h:99999", "papo://h/#k=short"]) {
    await using program = startPapo(["--tracker", address], { home });
    assert.equal((await program.endWithin()).code, 2, address);
    assert.match(program.err.text, /--tracker must look like papo:\/\/host:port/u);
  }
});

test("end of input and SIGTERM leave cleanly with exit code 0", async () => {
  await using ended = start(home.at("ended"));
  await ended.out.see(classic.choose);
  ended.endInput();
  assert.deepEqual(await ended.endWithin(), { code: 0, signal: null });
  await using told = start(home.at("told"));
  await told.out.see(classic.choose);
  assert.deepEqual(await told.stop("SIGTERM"), { code: 0, signal: null });
});
