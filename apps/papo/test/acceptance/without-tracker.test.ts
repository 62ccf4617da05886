// Goal: F2, F3: real programs whose tracker is killed go on talking, one that starts meanwhile is one of them again, and all are back with the tracker when it is.
// Method: headless programs behind proxies and a tracker process with its data on disk; SIGKILL for the tracker. Waits for what they tell and have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TemporaryHome } from "@papo/testing";
import { Group } from "./headless/group.ts";
import { PATIENCE_MS } from "./headless/headless-peer.ts";
import type { Person } from "./headless/person.ts";
import { RestartingTracker } from "./headless/restarting-tracker.ts";

function untilTracker({ peer }: Person, kind: "waiting" | "online"): Promise<void> {
  let now: string | undefined;
  return peer.until(`the tracker to be ${kind}`, () => {
    peer.saw((event) => {
      if (event.kind === "tracker") now = event.state.kind;
      return false;
    });
    return now === kind;
  });
}

test("F2, F3: the tracker is killed: chats go on, whoever starts without it is found again, and its return loses nothing", {
  timeout: 4 * PATIENCE_MS,
}, async () => {
  using home = new TemporaryHome();
  await using tracker = await RestartingTracker.start(home);
  await using group = await Group.gather(["ana", "bia", "caio"], home, tracker);
  const [ana, bia] = group.people;
  assert.ok(ana !== undefined && bia !== undefined);
  await group.talk(4);
  await group.untilSettled();

  await tracker.kill();
  await Promise.all(group.people.map((person) => untilTracker(person, "waiting")));
  await group.talk(4);
  await group.untilSettled();

  // An end in order: where the others are is on the disk.
  await bia.peer.call("logOut");
  await bia.peer.kill();
  await group.talkAlone(ana, 4);
  await group.comeBack(bia);
  await group.talkAlone(bia, 4);
  await group.untilSettled();

  await tracker.restart();
  await Promise.all(group.people.map((person) => untilTracker(person, "online")));
  await group.talk(4);
  await group.untilSettled();
});
