// Goal: places stay with those who took them; a large change is told in ranges without a gap; names stay in order.
// Method: live rooms and announcements with recorded sessions, in virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "@papo/link/memory";
import { type IpLiteral, ROOM_VIEW_MEMBERS_MAX, type Username, type DeviceKey } from "@papo/protocol";
import type { RoomDelta } from "../../src/services/announcement.ts";
import { Announcements } from "../../src/services/announcements.ts";
import { LiveRoom } from "../../src/services/live-room.ts";
import type { OnlineSession } from "../../src/services/online-session.ts";
import { Presence } from "../../src/services/presence.ts";
import { SortedNames } from "../../src/services/sorted-names.ts";
import { Whereabouts } from "../../src/services/whereabouts.ts";
import { named, room } from "../conformance/samples.ts";

function session(name: string, heard: RoomDelta[]): OnlineSession {
  return {
    username: named(name),
    account: null,
    device: `device of ${name}` as DeviceKey,
    tls: null,
    address: "192.0.2.1" as IpLiteral,
    port: 7_000,
    reachedAt: "192.0.2.9",
    plaintext: false,
    outbox: {
      announce: (announcement) => void (announcement.kind === "room_updated" && heard.push(announcement)),
      end: () => {},
    },
    whereabouts: new Whereabouts("192.0.2.1", () => []),
  };
}

test("a guest keeps the place it took, and the next guest takes the free one", () => {
  const live = new LiveRoom({ ...room("TESTE", "gabi", { kind: "plain", capacity: 3 }), members: 1 }, [], 1);
  live.sit({ username: named("nori"), seat: 1, kind: "seed" });
  live.sit({ username: named("yuki"), seat: 2, kind: "seed" });
  live.rise(named("nori"));
  assert.deepEqual(live.places, [undefined, "yuki"]);
  live.sit({ username: named("zoe"), seat: 3, kind: "seed" });
  assert.deepEqual(live.places, ["zoe", "yuki"]);
});

test("T29: 120 changes at once become contiguous ranges, each short enough, told together and late", async () => {
  const clock = new VirtualClock();
  const presence = new Presence();
  const announcements = new Announcements({ clock, presence, told: () => {} });
  const heard: RoomDelta[] = [];
  const watcher = session("gabi", heard);
  presence.add(watcher, "");
  const live = new LiveRoom(
    { ...room("Turma", "gabi"), members: 1 },
    [{ username: named("gabi"), seat: 0, kind: "papo" }],
    0,
  );
  live.papoListeners.set(watcher, { known: 0, pushedAtMs: 0, timer: undefined });

  const join = (index: number) => {
    const username = named(`peer${index}`);
    live.sit({ username, seat: index + 1, kind: "papo" });
    announcements.changed(live, { username, account: null });
  };
  join(0);
  assert.equal(heard.length, 1);
  for (let index = 1; index <= 120; index += 1) join(index);
  assert.equal(heard.length, 1);
  await clock.advance(500);
  assert.equal(heard.length, 1 + 3);
  for (const [index, delta] of heard.entries()) {
    assert.equal(delta.from, index === 0 ? 0 : heard[index - 1]?.version);
    assert.ok(delta.changed.length <= ROOM_VIEW_MEMBERS_MAX);
  }
  assert.equal(heard.at(-1)?.version, live.version);
  assert.equal(new Set(heard.flatMap(({ changed }) => changed.map(({ username }) => username))).size, 121);
});

test("names stay in code point order through any additions and removals", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.string({ maxLength: 3, unit: "grapheme" }))), (steps) => {
      const names = new SortedNames();
      const expected = new Set<string>();
      for (const [adds, name] of steps) {
        if (adds) names.add(name as Username);
        else names.remove(name as Username);
        if (adds) expected.add(name);
        else expected.delete(name);
      }
      const sorted = [...expected].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.deepEqual([...names.after(undefined)], sorted);
    }),
  );
});
