// Goal: somebody who joins and leaves without end costs each member of the room two updates a second, and what is told last
// is true.
// Method: a thousand flaps in a plain room with a watcher of each dialect, on a network in memory, in virtual time; the
// moments of all updates are held against any window of a second.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOM_UPDATE_INTERVAL_MS } from "@papo/protocol";
import { TrackerRig } from "../tracker-rig.ts";

const FLAPS = 1_000;

test(`T29: JOIN and LEAVE ×${FLAPS} are at most 2 updates a second for each member, and the final state is right`, async () => {
  // No PING comes between: these clients do not listen.
  const rig = await TrackerRig.start({ pingIntervalSeconds: 86_400 });
  const [gabi, nori, yuki] = [await rig.seed(), await rig.seed(), await rig.papo("yuki")];
  await gabi.register("gabi");
  await nori.register("nori");
  await yuki.register({ plaintext: true });
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  await yuki.ask({ cmd: "JOIN_ROOM", room: "TESTE" });
  await rig.clock.advance(2_000);
  const watchers = [gabi.inbox, yuki.pushed];
  for (const heard of watchers) heard.length = 0;

  const moments: number[][] = watchers.map(() => []);
  const note = (): void => {
    for (const [index, heard] of watchers.entries()) {
      while ((moments[index]?.length ?? 0) < heard.length) moments[index]?.push(rig.clock.monotonicMs());
    }
  };
  for (let flap = 0; flap < FLAPS; flap += 1) {
    assert.equal((await nori.room("JOIN_ROOM", "nori", "TESTE")).status, "OK");
    note();
    assert.equal((await nori.room("LEAVE_ROOM", "nori", "TESTE")).status, "OK");
    note();
  }
  await rig.clock.advance(2_000);
  note();

  assert.equal(ROOM_UPDATE_INTERVAL_MS, 500);
  for (const times of moments) {
    assert.ok(times.length > FLAPS / 20, "the watchers were told at all");
    // Told by when they were heard, and the way takes a millisecond.
    const tooMany = times.findIndex((atMs, index) => atMs - (times[index - 2] ?? Number.NEGATIVE_INFINITY) < 990);
    assert.equal(tooMany, -1, `update ${tooMany} is the third within a second`);
  }
  assert.equal(gabi.inbox.at(-1).room.peer_one.username, "yuki");
  assert.equal(gabi.inbox.at(-1).room.peer_two, null);
  assert.deepEqual([yuki.pushed.at(-1).room.members, yuki.pushed.at(-1).gone], [2, ["nori"]]);
});
