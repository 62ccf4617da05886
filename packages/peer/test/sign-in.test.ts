// Goal: keys that a tracker may have heard of are never thrown away.
// Method: a whole engine with real files, and a tracker in memory whose answer nobody can read.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Rig } from "./engine-fixture.ts";
import { named } from "./world-fixture.ts";

test("S8: a registration whose answer cannot be read keeps its keys: the tracker may know them", async (t) => {
  const rig = await Rig.create(t);
  const one = await rig.engine();
  rig.tracker.intercept = ({ cmd }) => (cmd === "REGISTER" ? { username: 5 } : undefined);
  const registered = await one.register({ username: named("gabi"), password: "segredo" });
  assert.equal(!registered.ok && registered.fault.code, "invalid_message");
  const accounts = await readdir(join(rig.folder, "profile", "accounts"));
  assert.equal(accounts.filter((name) => !name.startsWith(".")).length, 1);
});
