// Goal: an account with keys opens itself for programs of the founding report when its owner says so, and only until it comes back with a key.
// Method: a whole engine, a real tracker in this process, and raw sockets that speak as the original program does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf, SeedClient } from "./seed-client.ts";
import { PASSWORD, TrustRig, must } from "./trust-rig.ts";

async function seedLogin(rig: TrustRig): Promise<unknown> {
  const client = await SeedClient.connect(rig.tracker.port);
  const answer = await client.ask({ cmd: "LOGIN", username: "gabi", password: hashOf(PASSWORD), port: 7_000 });
  client.send({ cmd: "LOGOUT", username: "gabi" });
  return answer.status;
}

test("unlatched, the password opens the original dialect; the next login with a key shuts it again", async (t) => {
  const rig = await TrustRig.create(t);
  const gabi = await rig.register("gabi");
  assert.equal(await seedLogin(rig), "ERROR", "an account with a key");
  assert.equal(must(await gabi.api.unlatch()), "gabi");
  assert.equal(await seedLogin(rig), "OK");
  await gabi.api.close();
  assert.equal(await seedLogin(rig), "OK", "until a key is shown");

  const back = await rig.resume("gabi");
  assert.equal(await seedLogin(rig), "ERROR");
  await back.api.logOut();
  const nobody = await back.api.unlatch();
  assert.equal(!nobody.ok && nobody.fault.code, "login_required");
});
