// Goal: one address, or many, cannot keep known devices out; a penalty falls on the session that earned it.
// Method: the limits made small, clients on a network in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RESERVED_LOGIN_TIMEOUT_MS } from "@papo/protocol";
import { PapoClient } from "../papo-client.ts";
import { SeedClient } from "../seed-client.ts";
import { hashOf } from "../tracker-in-reach.ts";
import { TrackerRig } from "../tracker-rig.ts";

test("T26: connections of one address are limited, of loopback they are not", async () => {
  const rig = await TrackerRig.start({ limits: { connectionsPerAddress: 3 } });
  for (let index = 0; index < 3; index += 1) await rig.seed("10.7.0.1");
  await assert.rejects(SeedClient.dial(rig, "10.7.0.1"));
  await rig.seed("10.7.0.2");
  for (let index = 0; index < 6; index += 1) await rig.seed("127.0.0.1");
});

test("T26: connections that came with a ticket take none of an address's places, nor of the tracker's", async () => {
  const rig = await TrackerRig.start({ limits: { connectionsPerAddress: 3, sessions: 4, reservedPercent: 0 } });
  const gabi = await rig.papo("gabi", "10.7.0.6");
  await gabi.register();
  const { host, port } = rig.tracker;
  for (let index = 0; index < 8; index += 1) {
    const ticket = Buffer.from((await gabi.ask({ cmd: "OBSERVE" })).ticket, "base64url");
    const beside = rig.host("10.7.0.6").rendezvous({ host, port, ticket, timeoutMs: 1_000 });
    assert.ok((await rig.during(beside)).ok);
    assert.equal((await gabi.hear("OBSERVED")).address, "10.7.0.6");
  }
  for (let index = 0; index < 2; index += 1) await rig.seed("10.7.0.6");
  await assert.rejects(SeedClient.dial(rig, "10.7.0.6"));
  await rig.seed("10.7.0.7");
  await assert.rejects(SeedClient.dial(rig, "10.7.0.8"), "four in all");

  // Nor does their end give places that they never had.
  gabi.link.destroy({ code: "lost", detail: "cable" });
  await rig.clock.advance(1_000);
  await rig.seed("10.7.0.6");
  await assert.rejects(SeedClient.dial(rig, "10.7.0.6"));
});

test("T26: the last places are kept for devices that are known", async () => {
  const rig = await TrackerRig.start({ limits: { sessions: 10, reservedPercent: 20 } });
  const gabi = await rig.papo("gabi");
  await gabi.register();
  gabi.link.destroy({ code: "lost", detail: "cable" });
  await rig.clock.advance(10);
  for (let index = 0; index < 8; index += 1) await rig.seed();

  const stranger = await rig.papo("nori");
  assert.equal((await stranger.register()).code, "busy");
  const known = await PapoClient.dial(rig, { name: "gabi", address: rig.newHost(), profile: gabi.profile });
  assert.equal((await known.enter()).status, "OK");
  await assert.rejects(SeedClient.dial(rig, "10.7.0.3"));
  await rig.clock.advance(11_000);
  assert.ok(stranger.closedBy !== undefined, "a place that is kept is not sat on");
});

test("T26: who does not log in is waited for no longer for asking what anybody may ask", async () => {
  const rig = await TrackerRig.start({ limits: { sessions: 10, reservedPercent: 20 } });
  for (let index = 0; index < 8; index += 1) await rig.seed();
  const stranger = await rig.papo("nori");
  await stranger.hello();
  for (
    let passedMs = 0;
    passedMs < 2 * RESERVED_LOGIN_TIMEOUT_MS && stranger.closedBy === undefined;
    passedMs += 2_000
  ) {
    stranger.send({ cmd: "OBSERVE" });
    await rig.clock.advance(2_000);
  }
  assert.ok(stranger.closedBy !== undefined);
});

test("registrations and attempts with a password are limited by address; a login by key is not", async () => {
  const rig = await TrackerRig.start({
    limits: { registrationsPerAddressPerHour: 2, loginAttemptsPerAddressPerMinute: 2 },
  });
  const gabi = await rig.papo("gabi", "10.7.0.4");
  await gabi.register();
  assert.equal((await (await rig.seed("10.7.0.4")).register("nori")).status, "OK");
  const third = await rig.seed("10.7.0.4");
  assert.equal((await third.register("yuki")).msg, "Comandos demais. Aguarde um instante.");
  await third.closed();
  assert.equal((await (await rig.seed("10.7.0.5")).register("yuki")).status, "OK");

  const papo = await PapoClient.dial(rig, { name: "gabi", address: "10.7.0.4", profile: gabi.profile });
  await papo.hello();
  const wrong = { password: hashOf("wrong") };
  assert.equal((await papo.login(wrong)).code, "invalid_credentials");
  assert.equal((await papo.login(wrong)).code, "invalid_credentials");
  const slowed = await papo.login(wrong);
  assert.equal(slowed.code, "slow_down");
  assert.ok(slowed.retryAfterMs > 0);
  const byKey = await PapoClient.dial(rig, { name: "gabi", address: "10.7.0.4", profile: gabi.profile });
  assert.equal((await byKey.enter()).status, "OK");
});
