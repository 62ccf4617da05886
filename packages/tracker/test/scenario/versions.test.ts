// Goal: programs of older and newer versions meet at one tracker: each is greeted and served in what both know, what it does not know is a typed answer, and nobody else notices.
// Method: small Papo clients that say another version, features and commands that nobody here knows, on a network in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PROTOCOL_VERSION } from "@papo/protocol";
import { TrackerRig } from "../tracker-rig.ts";
import { hashOf } from "../tracker-in-reach.ts";

const VERSIONS = { gabi: 1, nori: PROTOCOL_VERSION + 1, yuki: 999 };

test("F19: a program of an older or a newer version is told ours, and works; what it knows alone is a typed answer", async () => {
  const rig = await TrackerRig.start();
  for (const [name, version] of Object.entries(VERSIONS)) {
    const client = await rig.papo(name);
    const greeted = await client.ask({ cmd: "HELLO", version, features: ["from-the-future/9"] });
    assert.deepEqual([greeted.status, greeted.version, greeted.features], ["OK", PROTOCOL_VERSION, []]);
    const account = { username: name, password: hashOf(name), statement: client.profile.statement, port: 7_001 };
    assert.equal((await client.ask({ cmd: "REGISTER", ...account })).status, "OK");
    assert.equal((await client.ask({ cmd: "FROM_THE_FUTURE", room: 7 })).code, "unknown_command");
    assert.equal((await client.ask({ cmd: "CREATE_ROOM", room: `of ${name}` })).status, "OK");
    assert.equal(client.closedBy, undefined);
  }
});

test("F19: no version at all, or one that is no number from 1 on, is a mistake", async () => {
  const rig = await TrackerRig.start();
  for (const version of [undefined, 0, -1, 1.5, "3", null]) {
    const client = await rig.papo("gabi");
    assert.equal((await client.ask({ cmd: "HELLO", version, features: [] })).code, "invalid_message");
  }
});
