// Goal: the first frame of `papo` stands before anything else, keeps what is typed meanwhile, and is gone without a trace where nothing comes after it.
// Method: the real process behind a pseudo-terminal with xterm as the screen, on a real tracker; waits for what is shown.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { KEYS, type RunningTracker, startTrackerProgram, TemporaryHome, XtermScreen } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";

const SIZE = { columns: 90, rows: 20 };
const { papo, panels } = catalogueOf("en");
const home = new TemporaryHome();
let tracker: RunningTracker;

before(async () => {
  tracker = await startTrackerProgram(["--store", "memory"], { home });
});

after(async () => {
  await tracker.program[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

function start(profile: string): Promise<XtermScreen> {
  const args = ["--tracker", tracker.address, "--profile", home.at(profile), "--lang", "en", "--no-lan"];
  return XtermScreen.start(args, { home, ...SIZE });
}

test("R14: what goes wrong before the screen opens is told on the normal screen, with every mode undone", async () => {
  mkdirSync(home.at("open"));
  chmodSync(home.at("open"), 0o755);
  mkdirSync(home.at("keys"), { mode: 0o700 });
  writeFileSync(home.at("keys", "keys.toml"), '"no-such-key" = "redraw"\n');
  for (const profile of ["open", "keys"]) {
    await using screen = await start(profile);
    const { code } = await screen.program.endWithin();
    assert.notEqual(code, 0);
    const { text } = screen.program.out;
    assert.ok(text.indexOf(papo.starting.says) > text.indexOf("\u001b[?1049h"), "the first frame was there");
    const behind = text.slice(text.lastIndexOf("\u001b[?1049l"));
    assert.match(behind, profile === "open" ? /chmod\s+700/u : /keys\.toml:1/u);
    assert.doesNotMatch(behind, /\u001b\[\?\d+h/u);
  }
});

test("what is typed before the account is open stands in the line of the conversation, and nothing of it was sent", async () => {
  {
    await using screen = await start("gabi");
    await screen.waitFor(panels.create.label);
    screen.type(panels.create.key);
    await screen.waitFor(panels.passwordAgain);
    screen.type("gabi", KEYS.enter, "segredo", KEYS.enter, "segredo", KEYS.enter);
    await screen.waitFor(panels.firstStepsTitle("gabi"));
  }
  await using screen = await start("gabi");
  await screen.program.out.see(papo.starting.says);
  screen.type("olá, salaa", "\u007f");
  await screen.waitFor(/^> olá, sala$/mu);
  const { text } = screen.program.out;
  assert.equal(text.split("\u001b[?1049h").length, 2, "one screen, from the first frame on");
});
