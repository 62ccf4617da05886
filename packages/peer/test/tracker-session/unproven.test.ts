// Goal: who has not proven the tracker's key can neither fill our memory nor speak for the tracker.
// Method: a tracker on the in-memory network whose HELLO goes wrong; news without a listener.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LINE_NEWS_KEPT_MAX, type RoomId } from "@papo/protocol";
import { LineNews } from "../../src/tracker-session/line-news.ts";
import { error } from "../fake-tracker-fixture.ts";
import { World } from "../world-fixture.ts";

test("a refusal by somebody who has not proven to be the tracker is no word of the tracker's, and is tried again", async () => {
  const world = await World.create();
  const gabi = await world.person("gabi");
  world.tracker.intercept = ({ cmd }) => (cmd === "HELLO" ? error("replaced") : undefined);
  await world.tracker.die();
  await world.tracker.listen();
  await world.until(() => gabi.of("tracker").some(({ state }) => state.kind === "waiting"));
  await world.clock.advance(60_000);
  assert.ok(world.tracker.asked.filter((cmd) => cmd === "HELLO").length > 2);
  assert.ok(!gabi.of("tracker").some(({ state }) => state.kind === "refused"));

  world.tracker.intercept = undefined;
  await world.until(() => gabi.live.state.kind === "online");
});

test("I11: news that nobody listens to yet is kept in order, and too much of it ends the line", () => {
  let isTooMuch = false;
  const news = new LineNews(() => (isTooMuch = true));
  const told: string[] = [];
  const rooms = Array.from({ length: LINE_NEWS_KEPT_MAX }, (_, index) => `${index}`) as RoomId[];
  for (const room of rooms) news.roomClosed(room, "left");
  assert.ok(!isTooMuch);
  const receiver = {
    ...{ delta() {}, snapshot() {}, closed() {}, observed() {}, calls() {} },
    roomClosed: (id: RoomId) => told.push(id),
  };
  news.listen(receiver);
  assert.deepEqual(told, rooms);

  const other = new LineNews(() => (isTooMuch = true));
  for (const room of [...rooms, ...rooms]) other.roomClosed(room, "left");
  assert.ok(isTooMuch);
});
