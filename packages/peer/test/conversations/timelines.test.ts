// Goal: what is said where nothing is kept can be found by its id for as long as it is in memory. Method: messages of two authors, more than fit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type MessageId, type RoomId, TIMELINE_MESSAGES_MAX } from "@papo/protocol";
import type { Message } from "../../src/api.ts";
import { Timelines } from "../../src/conversations/timelines.ts";
import { named } from "../world-fixture.ts";

const HERE = { kind: "room", id: "r".repeat(42).concat("A") as RoomId } as const;

function said(author: string, id: string, content = id): Message {
  const common = { conversation: HERE, own: false, atMs: 0, encrypted: true, delivery: null };
  return { ...common, id: id as MessageId, author: named(author), content };
}

test("a message is found by its id, as it is now, and of two with one id the first", () => {
  const timelines = new Timelines();
  timelines.put(said("ana", "1"));
  timelines.put(said("bia", "1", "the same id"));
  timelines.put(said("ana", "1", "now"));
  assert.equal(timelines.message(HERE, "1" as MessageId)?.content, "now");
  assert.equal(timelines.message(HERE, "2" as MessageId), undefined);
  assert.equal(timelines.message({ kind: "private", username: named("ana") }, "1" as MessageId), undefined);
});

test("what had to make room is not found any more", () => {
  const timelines = new Timelines();
  for (let at = 0; at <= TIMELINE_MESSAGES_MAX; at += 1) timelines.put(said("ana", `${at}`));
  assert.equal(timelines.message(HERE, "0" as MessageId), undefined);
  assert.equal(timelines.message(HERE, "1" as MessageId)?.content, "1");
  timelines.put(said("bia", "0", "again"));
  assert.equal(timelines.message(HERE, "0" as MessageId)?.content, "again");
});
