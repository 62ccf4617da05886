// Goal: a screen says what is kept and how it stands: what changed, what is missing, who asks, how a room ends, and each once.
// Method: events through the pure step, in both languages; lines compared as text.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation, Message, PeerEvent, Room, RoomNotice } from "@papo/peer/api";
import type { AccountKey } from "@papo/protocol";
import {
  awaitEntry,
  type Catalogue,
  catalogueOf,
  clockTime,
  type FeedState,
  feedStep,
  focusOn,
  INITIAL_FEED,
  keptLines,
  type Language,
  LANGUAGES,
  memberLines,
  type ShownLine,
  standingTexts,
} from "@papo/view-model";
import { AT, HERE, keptMessage, keptRoom, member, ROOM, user } from "../scripted-peer.ts";

class Screen {
  readonly texts: Catalogue;
  readonly lines: string[] = [];
  state: FeedState;
  room: Room | undefined = keptRoom();

  constructor(language: Language = "en", focus: Conversation | null = HERE) {
    this.texts = catalogueOf(language);
    this.state = focusOn(INITIAL_FEED, focus);
  }

  /** What these events add to it. */
  tells(...events: readonly PeerEvent[]): readonly string[] {
    const before = this.lines.length;
    const room = (id: Room["id"]) => (id === ROOM ? this.room : undefined);
    for (const event of events) {
      const view = { texts: this.texts, atMs: AT, room, keyChanges: () => [] };
      const step = feedStep(this.state, event, view);
      this.state = step.state;
      this.lines.push(...step.lines.map(textOf));
    }
    return this.lines.slice(before);
  }
}

function textOf({ atMs, spans }: ShownLine): string {
  const time = atMs === undefined ? "" : `[${clockTime(atMs)}] `;
  return `${time}${spans.map(({ text }) => text).join("")}`;
}

const time = `[${clockTime(AT)}]`;

for (const language of LANGUAGES) {
  test(`${language}: a message says what is unusual about it, and stands in for what is gone`, () => {
    const screen = new Screen(language);
    const { kept } = screen.texts;
    const told = (content: string, more: NonNullable<Parameters<typeof keptMessage>[2]>["kept"]) =>
      screen.tells({ kind: "message", message: keptMessage("nori", content, { kept: more ?? {} }) });
    assert.deepEqual(told("oi", { edited: true, late: true, afterGap: true }), [
      `${time} <nori> oi ${kept.edited} ${kept.late} ${kept.afterGap}`,
    ]);
    assert.deepEqual(told("", { gone: "deleted" }), [`${time} <nori> ${kept.deleted}`]);
    assert.deepEqual(told("", { gone: "expired" }), [`${time} <nori> ${kept.expired}`]);
    assert.deepEqual(told("", { needsNewer: true }), [`${time} <nori> ${kept.needsNewer}`]);
    const by = [user("gabi"), user("yuki")];
    assert.deepEqual(told("oi", { reactions: [{ emoji: "👍", by, own: true }] }), [
      `${time} <nori> oi [${kept.reaction("👍", "gabi, yuki")}]`,
    ]);
  });

  test(`${language}: what becomes of a message is a line of its own, in its conversation alone`, () => {
    const screen = new Screen(language);
    const { kept } = screen.texts;
    const changed = (content: string, more: NonNullable<Parameters<typeof keptMessage>[2]>) =>
      screen.tells({ kind: "message-changed", message: keptMessage("nori", content, more) });
    assert.match(changed("hello!", { kept: { edited: true } })[0] ?? "", /nori .*: hello!/u);
    assert.deepEqual(changed("", { kept: { gone: "deleted" } }), [`${time} ${kept.tookBack("nori")}`]);
    assert.deepEqual(changed("", { kept: { gone: "expired" } }), []);
    const reactions = [{ emoji: "👍", by: [user("gabi")], own: true }];
    assert.deepEqual(changed("oi", { kept: { reactions } }), [
      `${time} ${kept.reacted("nori", kept.reaction("👍", "gabi"))}`,
    ]);
    const conversation = { kind: "private", username: user("nori") } as const;
    assert.deepEqual(changed("x", { kept: { edited: true }, conversation }), []);
  });

  test(`${language}: what happened in a room by its log, unless an event of its own tells it`, () => {
    const screen = new Screen(language);
    const { kept } = screen.texts;
    const notice = (kind: RoomNotice["kind"], about: string | null, detail: string | null = null) => {
      const what = { kind, about: about === null ? null : user(about), detail };
      return screen.tells({ kind: "message", message: keptMessage("gabi", "", { kept: { notice: what } }) });
    };
    assert.deepEqual(notice("admitted", "yuki"), [`${time} ${kept.admitted("yuki", "gabi")}`]);
    assert.deepEqual(notice("removed", "yuki"), [`${time} ${kept.removed("yuki", "gabi")}`]);
    assert.deepEqual(notice("role", "nori", "moderator"), [
      `${time} ${kept.gaveRole("gabi", "nori", kept.roles.moderator)}`,
    ]);
    assert.deepEqual(notice("topic", null, "tea\u001b[2J"), [`${time} ${kept.topicSet("gabi", "tea␛[2J")}`]);
    assert.deepEqual(notice("upgraded", null), [`${time} ${kept.upgraded("gabi")}`]);
    for (const kind of ["created", "joined", "left", "closed"] as const)
      assert.deepEqual(notice(kind, "nori"), [], kind);
  });

  test(`${language}: a stranger's request, a fork, a copied profile and a refused invite are told anywhere`, () => {
    const screen = new Screen(language, null);
    const { kept, feed } = screen.texts;
    const request = { username: user("ana"), account: "a" as AccountKey, text: "oi \u001b[2J", atMs: AT };
    const asked = screen.tells({ kind: "contact-request", request });
    assert.deepEqual(asked, [feed.notice(kept.contactRequest("ana", "oi ␛[2J")), kept.requestAnswers("ana")]);
    const room = keptRoom();
    assert.deepEqual(screen.tells({ kind: "forked", room, username: user("nori") }), [kept.forked("nori")]);
    assert.deepEqual(screen.tells({ kind: "copied" }), [feed.notice(kept.copied)]);
    const reason = { code: "invite_invalid", detail: "" } as const;
    const refused = screen.tells({ kind: "invite-refused", room, username: user("ana"), reason });
    assert.deepEqual(refused, [feed.notice(kept.inviteRefused("ana", "TESTE"))]);
  });

  test(`${language}: a kept room's end says that it stays readable; a room of which nothing is kept is gone`, () => {
    const { kept, feed } = catalogueOf(language);
    const ends = { kind: "room-closed", id: ROOM, name: keptRoom().name } as const;
    const screen = new Screen(language);
    assert.deepEqual(screen.tells({ ...ends, reason: "deleted" }), [feed.notice(kept.roomClosed("TESTE"))]);
    assert.deepEqual(screen.tells({ ...ends, reason: "removed" }), [feed.notice(kept.roomRemoved("TESTE"))]);
    screen.room = undefined;
    assert.deepEqual(screen.tells({ ...ends, reason: "deleted" }), [feed.notice(feed.roomDeleted("TESTE"))]);
    assert.deepEqual(screen.tells({ ...ends, reason: "removed" }), [feed.notice(feed.roomLeft("TESTE"))]);
  });

  test(`${language}: how a room stands, only where that is not as usual`, () => {
    const texts = catalogueOf(language);
    const { kept } = texts;
    assert.deepEqual(standingTexts(keptRoom(), texts), []);
    assert.deepEqual(standingTexts(keptRoom({ missing: 3 }), texts), [], "they come while one looks");
    const { log: _log, ...plain } = keptRoom();
    assert.deepEqual(standingTexts(plain, texts), []);
    const odd = keptRoom({ missing: 300, unproven: [user("mallory")], unlisted: [user("nori")] });
    assert.deepEqual(standingTexts(odd, texts), [kept.missing(300), kept.unproven("mallory"), kept.unlisted("nori")]);
    for (const standing of ["joining", "read-only", "closed", "removed", "left"] as const)
      assert.deepEqual(standingTexts(keptRoom({ standing }), texts), [kept.standing[standing]]);
    const over = keptRoom({ standing: "closed", missing: 3, unproven: [user("mallory")] });
    assert.deepEqual(standingTexts(over, texts), [kept.standing.closed], "of what is over nothing more comes");

    const people = [member("gabi"), member("nori", { role: "moderator" })];
    const lines = memberLines(keptRoom({ unproven: [user("mallory")] }, people), texts).map(textOf);
    assert.match(lines[1] ?? "", new RegExp(texts.feed.owner, "u"));
    assert.match(lines[2] ?? "", new RegExp(kept.moderator, "u"));
    assert.equal(lines.at(-1), kept.unproven("mallory"));
  });
}

test("a room that was said to open later says when it has, once; others open silently", () => {
  const screen = new Screen("en", null);
  const changed = (standing: "joining" | "member" | "removed") =>
    screen.tells({ kind: "room-changed", room: keptRoom({ standing }) });
  assert.deepEqual(changed("member"), []);
  screen.state = awaitEntry(screen.state, ROOM);
  assert.deepEqual(changed("joining"), []);
  assert.deepEqual(changed("member"), [screen.texts.feed.notice(screen.texts.kept.roomEntered("TESTE"))]);
  assert.deepEqual(changed("member"), []);
  screen.state = awaitEntry(screen.state, ROOM);
  assert.deepEqual(changed("removed"), []);
});

test("what waits on disk says so, and does not claim to be lost at the end", () => {
  const screen = new Screen("en");
  const reason = { code: "peer_offline", detail: "" } as const;
  const [, told] = screen.tells({
    kind: "message",
    message: keptMessage("gabi", "oi", { delivery: { kind: "held", reason } }),
  });
  assert.equal(told, screen.texts.feed.notice(screen.texts.kept.heldRoom));
  const some = { kind: "sent", received: 1, silent: 0, of: 3 } as const;
  screen.room = keptRoom({}, [member("gabi", { reach: { kind: "self" } }), member("nori")]);
  const partial = new Screen("en");
  partial.room = screen.room;
  const [, progress] = partial.tells({ kind: "message", message: keptMessage("gabi", "oi", { delivery: some }) });
  assert.equal(progress, partial.texts.feed.notice(partial.texts.kept.deliveredSome(1, 3)));
  const nobody = new Screen("en");
  const alone = { kind: "sent", received: 0, silent: 0, of: 0 } as const;
  const [, said] = nobody.tells({ kind: "message", message: keptMessage("gabi", "oi", { delivery: alone }) });
  assert.equal(said, nobody.texts.feed.notice(nobody.texts.kept.nobodyElse));
});

test("earlier messages stand under their days, notices among them", () => {
  const texts = catalogueOf("en");
  const yesterday = AT - 86_400_000;
  const peer = { room: () => keptRoom(), keyChanges: () => [] };
  const notice = { kind: "created", about: null, detail: null } as const;
  const lines = keptLines(
    [
      keptMessage("gabi", "", { atMs: yesterday, kept: { notice } }),
      keptMessage("gabi", "oi", { atMs: yesterday }),
      keptMessage("nori", "bom dia"),
    ],
    { texts, peer },
  ).map(textOf);
  assert.deepEqual(lines, [
    texts.kept.day("2026-11-21"),
    `${time} ${texts.kept.created("gabi")}`,
    `${time} <gabi> oi`,
    texts.kept.day("2026-11-22"),
    `${time} <nori> bom dia`,
  ]);
});

for (const language of LANGUAGES)
  test(`${language}: a request that waits for its answer is told once, and so is the answer`, () => {
    const conversation: Conversation = { kind: "private", username: user("nori") };
    const screen = new Screen(language, conversation);
    const { feed, kept } = screen.texts;
    const reason = { code: "not_accepted", detail: "" } as const;
    const said = (content: string, delivery: NonNullable<Message["delivery"]>): Message =>
      keptMessage("gabi", content, { conversation, delivery });
    const texts = ["oi", "e mais isto"];
    const waiting = screen.tells(
      ...texts.flatMap((text): readonly PeerEvent[] => {
        const message = said(text, { kind: "held", reason });
        return [
          { kind: "message", message },
          { kind: "delivery", message },
        ];
      }),
    );
    assert.deepEqual(
      waiting.filter((line) => !line.startsWith(time)),
      [feed.notice(kept.heldForAnswer("nori"))],
    );
    const under = { kind: "sent", received: 0, silent: 0, of: 1 } as const;
    const accepted = texts.flatMap((text): readonly PeerEvent[] => [
      { kind: "delivery", message: said(text, under) },
      { kind: "delivery", message: said(text, { ...under, received: 1 }) },
    ]);
    assert.deepEqual(screen.tells(...accepted), [feed.notice(kept.requestAccepted("nori"))]);
    const request = { username: user("yuki"), account: "" as AccountKey, text: "", atMs: AT };
    const [asked] = screen.tells({ kind: "contact-request", request });
    assert.equal(asked, feed.notice(kept.contactRequest("yuki", "")));
    assert.ok(!asked?.includes("“"), "a request without its text quotes nothing");
  });
