// Goal: what a user wants to hear of is kept, bounded, and never lost by two changes at once. Method: preferences over a history in memory that
// ends and starts again, refuses to write, and holds what it should not.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HIGHLIGHT_WORDS_MAX,
  HIGHLIGHT_WORD_CHARS_MAX,
  IGNORED_PEOPLE_MAX,
  NOTIFY_LEVELS_MAX,
  type Outcome,
  type RoomId,
} from "@papo/protocol";
import type { Conversation, NotifyLevel, PeerEvent } from "../src/api.ts";
import { Preferences } from "../src/preferences.ts";
import { HistorySettings } from "../src/storage/history/history-settings.ts";
import { MemoryHistory } from "../src/storage/history/memory/memory-history.ts";
import { expectOk, named } from "./world-fixture.ts";

const ROOM: Conversation = { kind: "room", id: "r".repeat(42).concat("A") as RoomId };
const NORI: Conversation = { kind: "private", username: named("nori") };

function open(history = new MemoryHistory()): { preferences: Preferences; events: PeerEvent[] } {
  const events: PeerEvent[] = [];
  const settings = new HistorySettings(history);
  const preferences = new Preferences({ settings, self: named("gabi"), emit: (event) => events.push(event) });
  return { preferences, events };
}

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "ok" : outcome.fault.code;
}

test("levels, ignored people and words are there after a restart, and each change is told once", async () => {
  const history = new MemoryHistory();
  const { preferences, events } = open(history);
  assert.deepEqual([preferences.notifyLevel(ROOM), preferences.ignored, preferences.highlightWords], ["all", [], []]);
  expectOk(await preferences.setNotifyLevel(ROOM, "none"));
  expectOk(await preferences.setNotifyLevel(NORI, "mentions"));
  expectOk(await preferences.setIgnored(named("zeca"), true));
  assert.deepEqual(expectOk(await preferences.setHighlightWords([" papo ", "turno", "papo"])), ["papo", "turno"]);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    Array.from({ length: 4 }, () => "preferences-changed"),
  );

  const again = open(history.crash()).preferences;
  assert.deepEqual([again.notifyLevel(ROOM), again.notifyLevel(NORI)], ["none", "mentions"]);
  assert.deepEqual([again.ignored, again.isIgnored(named("zeca"))], [["zeca"], true]);
  assert.deepEqual(again.highlightWords, ["papo", "turno"]);
  expectOk(await again.setNotifyLevel(ROOM, "all"));
  expectOk(await again.setIgnored(named("zeca"), false));
  assert.deepEqual([again.notifyLevel(ROOM), again.ignored], ["all", []]);
});

test("changes that are asked for at once are all made", async () => {
  const { preferences } = open();
  await Promise.all(["ana", "bia", "caio"].map((name) => preferences.setIgnored(named(name), true)));
  assert.deepEqual(preferences.ignored, ["ana", "bia", "caio"]);
});

test("each list has its bound, and what is no choice is refused", async () => {
  const { preferences, events } = open();
  const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `w${at}`);
  assert.equal(codeOf(await preferences.setHighlightWords(many(HIGHLIGHT_WORDS_MAX + 1))), "limit_reached");
  assert.equal(codeOf(await preferences.setHighlightWords(["x".repeat(HIGHLIGHT_WORD_CHARS_MAX + 1)])), "bad_text");
  assert.equal(codeOf(await preferences.setHighlightWords(["  "])), "bad_text");
  assert.equal(codeOf(await preferences.setIgnored(named("gabi"), true)), "peer_missing");
  assert.equal(codeOf(await preferences.setNotifyLevel(ROOM, "loud" as NotifyLevel)), "invalid_message");
  assert.deepEqual(events, []);
});

test("full lists take nothing more, and let go", async () => {
  const history = new MemoryHistory();
  const settings = new HistorySettings(history);
  const people = Array.from({ length: IGNORED_PEOPLE_MAX }, (_, at) => `p${at}`);
  const levels = Array.from({ length: NOTIFY_LEVELS_MAX }, (_, at) => [`room:${at}`, "none"]);
  expectOk(await settings.keep("ignored", JSON.stringify(people)));
  expectOk(await settings.keep("notify-levels", JSON.stringify(levels)));
  const { preferences } = open(history);
  assert.equal(codeOf(await preferences.setIgnored(named("um-a-mais"), true)), "limit_reached");
  assert.equal(codeOf(await preferences.setNotifyLevel(ROOM, "none")), "limit_reached");
  assert.equal(codeOf(await preferences.setNotifyLevel(ROOM, "all")), "ok");
  expectOk(await preferences.setIgnored(named("p0"), false));
  expectOk(await preferences.setIgnored(named("um-a-mais"), true));
});

test("what could not be written is not chosen, and what does not read back is none", async () => {
  const history = new MemoryHistory({ fails: () => true });
  const { preferences, events } = open(history);
  assert.equal(codeOf(await preferences.setIgnored(named("zeca"), true)), "storage_failed");
  assert.deepEqual([preferences.ignored, events], [[], []]);

  const damaged = new MemoryHistory();
  const settings = new HistorySettings(damaged);
  for (const name of ["ignored", "notify-levels", "highlight-words"]) expectOk(await settings.keep(name, '{"a":[1]'));
  const { preferences: none } = open(damaged);
  assert.deepEqual([none.ignored, none.highlightWords, none.notifyLevel(ROOM)], [[], [], "all"]);
});
