// Goal: an engine can be put down and taken up at any moment, and leaves nothing running.
// Method: whole engines with real files on an in-memory network, closed and logged out in the middle of things.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pause, systemClock } from "@papo/link";
import { Rig, next } from "./engine-fixture.ts";
import { expectOk, named } from "./world-fixture.ts";

const PASSWORD = "correct horse battery";

test("log out, log in as somebody else, and as the first again, in one engine", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  const other = await rig.engine({ profile: `${rig.folder}/other` });
  expectOk(await other.register({ username: named("nori"), password: PASSWORD }));
  expectOk(await one.register({ username: named("gabi"), password: PASSWORD }));
  await one.logOut();
  expectOk(await one.register({ username: named("yuki"), password: PASSWORD }));
  await one.logOut();
  const again = expectOk(await one.logIn({ username: named("gabi"), password: PASSWORD }));

  const room = expectOk(await one.createRoom({ name: "TESTE" }));
  const heard = next(other, "message", ({ message }) => message.content !== "");
  expectOk(await other.joinRoom("TESTE"));
  expectOk(await one.send({ kind: "room", id: room.id }, "back"));
  const { message } = await heard;
  assert.deepEqual([again, message.author, message.content], ["gabi", "gabi", "back"]);
});

test("closing while somebody is dialled, or while a login is under way, waits for no time-out", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  expectOk(await one.register({ username: named("gabi"), password: PASSWORD }));
  const room = expectOk(await one.createRoom({ name: "TESTE" }));
  const other = await rig.engine({ profile: `${rig.folder}/other` });
  expectOk(await other.register({ username: named("nori"), password: PASSWORD }));
  rig.network.partition(["10.0.0.1", "10.0.0.2"], ["10.0.0.1", "10.0.0.3"]);
  expectOk(await other.joinRoom("TESTE"));
  assert.equal(other.room(room.id)?.members.find(({ username }) => username === "gabi")?.reach.kind, "connecting");
  const opening = other.openPrivate("gabi");
  await other.close();
  await opening;

  // Nothing of it reaches the tracker: the dial alone would take ten seconds to fail.
  const late = await rig.engine({ profile: `${rig.folder}/late` });
  const registering = late.register({ username: named("yuki"), password: PASSWORD });
  await late.close();
  const registered = await registering;
  assert.equal(!registered.ok && registered.fault.code, "closed");
  await one.close();
  while (rig.network.openLinks > 0) await pause(systemClock, 1);
});
