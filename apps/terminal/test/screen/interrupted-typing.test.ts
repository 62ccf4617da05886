// Goal: no letter of what is being said answers a question that came up by itself.
// Method: the full screen over a peer that talks to nobody, whose session ends in the middle of a sentence; one key at a time, time moved by the test.
import assert from "node:assert/strict";
import test from "node:test";
import { TYPING_PAUSE_MS } from "@papo/protocol";
import { catalogueOf } from "@papo/view-model";
import { KEYS, ScreenRig } from "./screen-rig.ts";

const { panels } = catalogueOf("pt-BR");

test("R13: when the session ends in the middle of a sentence, its letters choose nothing of what is asked then", async () => {
  await using rig = await ScreenRig.open();
  for (const letter of "sim, ") rig.input.write(letter);
  await rig.drawn();
  await rig.peer.logOut();
  await rig.drawn();
  for (const letter of `${panels.quit.key}${panels.create.key}eja`) {
    rig.input.write(letter);
    await rig.drawn();
  }
  rig.input.write(KEYS.enter);
  await rig.sees(panels.signInTitle);
  assert.equal(rig.isOver, false);
  rig.clock.passes(TYPING_PAUSE_MS);
  await rig.type(panels.quit.key);
  await rig.until(() => rig.isOver, "the end");
});

test("what a key has asked for takes the next key at once", async () => {
  await using rig = await ScreenRig.open();
  for (const letter of "/help") rig.input.write(letter);
  rig.input.write(KEYS.enter);
  await rig.drawn();
  rig.input.write(KEYS.escape);
  await rig.settled();
  for (const letter of "/logout") rig.input.write(letter);
  rig.input.write(KEYS.enter);
  for (let turn = 0; turn < 5; turn += 1) await rig.drawn();
  rig.input.write(panels.quit.key);
  await rig.until(() => rig.isOver, "the end");
});
