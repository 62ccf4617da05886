// Goal: the screens show what is kept: what is new, how a room stands, invites by link and code, who asks, and how one comes back.
// Method: scripts through a pipe, and keys on a virtual terminal, against a peer that keeps what the test lays out.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { encode } from "uqr";
import { catalogueOf, LANGUAGES } from "@papo/view-model";
import { qrLines } from "../../src/classic/qr-lines.ts";
import { ClassicRig } from "../classic-rig.ts";
import { keyOf, user } from "../fake-peer.ts";

const LINK = `papo://127.0.0.1:6060/#i=${"Ab3_".repeat(50)}`;

for (const language of LANGUAGES) {
  const { classic, kept, feed } = catalogueOf(language);

  test(`${language}: a conversation opens with what was read before, a mark, and all that is new`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    const room = rig.peer.keep("TESTE");
    const here = { kind: "room", id: room.id } as const;
    for (let at = 1; at <= 30; at += 1) rig.peer.keepMessage(here, at % 2 === 0 ? "ana" : "gabi", `text ${at}`);
    rig.peer.unreadCount = 3;
    rig.type("4\nTESTE\n");
    await rig.sees(`${kept.unread(3)}\n`);
    await rig.sees("text 28");
    await rig.sees("text 30");
    const [before = ""] = rig.output.written.split(kept.unread(3));
    assert.match(before, /text 8\n(?:.*\n)*.*text 27\n$/u, "twenty that were read already");
    assert.doesNotMatch(before, /text 7\n/u);
    rig.type("/history\n");
    await rig.sees(kept.historyStart);
    assert.match(rig.output.written, /text 1\n(?:.*\n)*.*text 7\n/u);
  });

  test(`${language}: what comes while it is looked at is read, noted once for many, and at the latest on leaving`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    const room = rig.peer.keep("TESTE");
    rig.type("4\nTESTE\n");
    await rig.sees(classic.prompt("gabi"));
    const here = { kind: "room", id: room.id } as const;
    for (let at = 0; at < 50; at += 1) rig.peer.hear(here, "ana", `text ${at}`);
    assert.equal(rig.peer.read, 0);
    rig.clock.passes(1_000);
    assert.equal(rig.peer.read, 1);
    rig.peer.hear(here, "ana", "one more");
    rig.type("/back\n");
    await rig.until(() => rig.peer.read === 2, "read on leaving");
    rig.clock.passes(5_000);
    rig.peer.hear(here, "ana", "unseen");
    rig.clock.passes(5_000);
    assert.equal(rig.peer.read, 2, "what came to the menu is not read");
  });

  test(`${language}: the menu says what is new, and who wants to write`, async () => {
    const rig = new ClassicRig({ language });
    rig.peer.listedConversations = [
      { conversation: { kind: "private", username: user("nori") }, title: "nori", unread: 2 },
      { conversation: { kind: "private", username: user("yuki") }, title: "yuki", unread: 0 },
    ];
    rig.peer.waiting = [{ username: user("ana"), account: "a" as never, text: "oi", atMs: 0 }];
    rig.input.end("2\ngabi\nsegredo\n/requests\n/accept ana\n");
    assert.equal(await rig.ended, 0);
    const news = [kept.unreadIn(kept.unreadPlace("nori", 2)), kept.requestsWaiting(1)].map(feed.notice);
    assert.ok(rig.output.written.includes(`${classic.quit}\n${news.join("\n")}\n`), rig.output.written);
    assert.ok(rig.output.written.includes(kept.requestLine("ana", "oi")));
    assert.ok(rig.output.written.includes(classic.ok(kept.contactAccepted("ana"))));
    assert.equal(rig.output.written.split(kept.requestsWaiting(1)).length, 3, "not after the answer");
  });

  test(`${language}: whom the user has refused is let in again by name; with a stranger there is nothing to decide`, async () => {
    const rig = new ClassicRig({ language });
    rig.peer.refused.push({ username: user("ana"), account: "a" as never, text: "oi", atMs: 0 });
    rig.input.end("2\ngabi\nsegredo\n/accept ana\n/accept nori\n");
    assert.equal(await rig.ended, 0);
    assert.ok(rig.output.written.includes(classic.ok(kept.contactAccepted("ana"))), rig.output.written);
    assert.ok(rig.output.written.includes(classic.noKeyChange("nori")), rig.output.written);
  });

  test(`${language}: a chat that is opened with somebody who asks shows what they ask, and how to answer`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    rig.peer.listed.push({ username: user("ana"), account: null, connected: true, room: null });
    rig.peer.waiting = [{ username: user("ana"), account: "a" as never, text: "oi", atMs: 0 }];
    rig.input.end("5\nana\n/accept ana\n");
    assert.equal(await rig.ended, 0);
    const asked = [feed.notice(kept.contactRequest("ana", "oi")), kept.requestAnswers("ana")].join("\n");
    assert.ok(rig.output.written.includes(`${classic.headerEnd}\n${asked}\n`), rig.output.written);
  });

  test(`${language}: the list of rooms marks what is new, and goes on with rooms that only this device keeps`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    rig.peer.keep("TESTE", { unread: 3 });
    rig.peer.keep("ANTIGA", { standing: "closed", unread: 1 });
    rig.peer.keep("CHEGANDO", { standing: "joining" }, { kind: "invite" });
    rig.type("2\n");
    await rig.sees(classic.menuTitle);
    const lines = [
      `${classic.roomLine("TESTE", 2, 50)} [${classic.roomMarks.joined}, ${kept.unreadMark(3)}]\n\n${kept.keptRoomsTitle}\n`,
      `${kept.keptRoomLine("ANTIGA")} [${kept.standingMark.closed}, ${kept.unreadMark(1)}]\n`,
      `${kept.keptRoomLine("CHEGANDO")} [${kept.standingMark.joining}]\n`,
    ];
    assert.ok(rig.output.written.includes(lines.join("")), rig.output.written);
    rig.peer.refusals.set("listRooms", "tracker_unreachable");
    rig.type("2\n");
    await rig.sees(classic.trackerAway);
    await rig.sees(kept.keptRoomLine("TESTE"));
  });

  test(`${language}: the head of a room says its topic, how it stands, and who is not what the tracker says`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    rig.peer.keep("TESTE", { topic: "chá", missing: 200, unproven: [user("mallory")], unlisted: [user("ana")] });
    rig.peer.keep("FIM", { standing: "removed" });
    rig.type("4\nTESTE\n");
    await rig.sees(classic.prompt("gabi"));
    const notices = [kept.missing(200), kept.unproven("mallory"), kept.unlisted("ana")].map(feed.notice);
    const head = `${kept.topicIs("chá")}\n${classic.roomHint}\n${classic.headerEnd}\n${notices.join("\n")}\n`;
    assert.ok(rig.output.written.includes(head), rig.output.written);
    rig.type("/back\n4\nFIM\n");
    await rig.sees(feed.notice(kept.standing.removed));
    rig.type("/leave\n");
    await rig.sees(classic.menuTitle);
    assert.ok(!rig.output.written.includes(classic.stillMember("FIM")), "nobody is still in it");
  });

  test(`${language}: a room by invitation: made at 6, entered at 4 by its link, waited for when nobody is there`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    rig.type("6\nSEGREDO\n");
    await rig.sees(feed.notice(kept.inviteFirst));
    assert.equal(rig.peer.roomNamed("SEGREDO").kind, "invite");
    rig.type(`/back\n4\n${LINK}\n`);
    await rig.sees(catalogueOf(language).faults.invite_invalid.happened);
    rig.peer.refuses = "peer_offline";
    const waiting = rig.peer.keep("FESTA", { standing: "joining" });
    rig.type(`4\n${LINK}\n`);
    await rig.sees(feed.notice(kept.inviteWaiting));
    await rig.settled();
    rig.peer.emit({ kind: "room-changed", room: { ...waiting, log: { ...logOf(waiting), standing: "member" } } });
    await rig.sees(feed.notice(kept.roomEntered("FESTA")));

    rig.peer.refuses = undefined;
    rig.peer.invited = rig.peer.roomNamed("FESTA");
    rig.type(`4\n  ${LINK}  \n`);
    await rig.sees(classic.roomHeader("FESTA"));
    assert.ok(rig.peer.asked.includes(`join ${LINK}`));
  });

  test(`${language}: a room that is not open yet is waited for a moment, then shown as what it is`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    rig.peer.invited = rig.peer.keep("FESTA", { standing: "joining" });
    rig.type(`4\n${LINK}\n`);
    await rig.until(() => rig.peer.asked.length === 1, "asked");
    await rig.settled();
    assert.ok(!rig.output.written.includes(classic.roomHeader("FESTA")));
    rig.clock.passes(1_000);
    await rig.sees(classic.connectingToRoom);
    rig.clock.passes(3_000);
    await rig.sees(classic.roomHeader("FESTA"));
    await rig.sees(feed.notice(kept.standing.joining));
  });

  test(`${language}: closing a room says that copies stay`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    rig.peer.keep("MINHA", { role: "owner" }, { owner: user("gabi") });
    rig.type("4\nMINHA\n/delete_room\n");
    await rig.sees(classic.ok(classic.roomDeleted("MINHA")));
    await rig.sees(feed.notice(kept.closedForAll("MINHA")));
    await rig.sees(classic.menuTitle);
  });

  test(`${language}: a backup and the 24 words lead back in, and neither is shown`, async () => {
    for (const terminal of [undefined, { columns: 80, rows: 24 }]) {
      const enter = terminal === undefined ? "\n" : "\r";
      const restored = new ClassicRig({ language, ...(terminal === undefined ? {} : { terminal }) });
      restored.type(["3", "/tmp/gabi.papo", "hush hush", ""].join(enter));
      await restored.sees(classic.ok(classic.restored("gabi")));
      assert.deepEqual(restored.peer.asked, ["restore /tmp/gabi.papo hush hush"]);
      assert.doesNotMatch(restored.output.written, /hush/u);

      const words = new ClassicRig({ language, ...(terminal === undefined ? {} : { terminal }) });
      words.type(["4", "gabi", "zebra ".repeat(24).trim(), ""].join(enter));
      await words.sees(classic.ok(classic.restored("gabi")));
      assert.deepEqual(words.peer.asked, ["recover gabi 24"]);
      assert.doesNotMatch(words.output.written, /zebra/u);
    }
    const wrong = new ClassicRig({ language });
    wrong.peer.refuses = "backup_unreadable";
    wrong.type("3\n/tmp/gabi.papo\nhush\n");
    await wrong.sees(catalogueOf(language).faults.backup_unreadable.happened);
    await wrong.sees(classic.signInTitle);
  });

  test(`${language}: somebody who is away is written to all the same once they were met`, async () => {
    const rig = new ClassicRig({ language });
    await rig.signedUp("gabi");
    rig.peer.refusals.set("openPrivate", "peer_offline");
    rig.type("5\nnori\n");
    await rig.sees(classic.peerOffline("nori"));
    rig.peer.known = [
      { username: user("nori"), account: keyOf("nori"), trust: "unverified", firstSeen: "2026-01-02", formerKeys: 0 },
    ];
    rig.peer.keepMessage({ kind: "private", username: user("nori") }, "nori", "até amanhã");
    rig.type("5\nnori\n");
    await rig.sees(feed.notice(kept.awayPrivate("nori")));
    await rig.sees("<nori> até amanhã");
    rig.type("oi!\n");
    await rig.until(() => rig.peer.sent.length === 1, "sent");
  });
}

test("the 24 words after “use them” of the identity choice", async () => {
  const rig = new ClassicRig({ language: "en" });
  rig.peer.passwords.set("nori", "secret");
  rig.peer.elsewhere.add("nori");
  rig.type(`1\nnori\nsecret\n2\n${"word ".repeat(24).trim()}\n`);
  await rig.sees("OK: The account nori is back.");
  assert.deepEqual(rig.peer.asked, ["recover nori 24"]);
});

test("an export is a new file of one's own, never written over", async () => {
  const folder = mkdtempSync(join(tmpdir(), "papo-kept-"));
  try {
    const rig = new ClassicRig({ language: "en" });
    await rig.signedUp("gabi");
    const room = rig.peer.keep("TESTE");
    rig.peer.keepMessage({ kind: "room", id: room.id }, "ana", "to be kept");
    const file = join(folder, "chat.txt");
    rig.type(`4\nTESTE\n/export ${file}\n`);
    await rig.sees(`OK: Written to ${file}.`);
    assert.match(readFileSync(file, "utf8"), /^--- [\d-]{10} ---\n\[[\d:]{8}\] <ana> to be kept\n$/u);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    rig.type(`/export ${file}\n/export ${join(folder, "no", "where")}\n`);
    await rig.sees(`ERROR: ${file} was not written. If a file of that name is there already`);
    await rig.sees("where was not written.");
    assert.match(readFileSync(file, "utf8"), /^--- [\d-]{10} ---\n\[[\d:]{8}\] <ana> to be kept\n$/u);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a code's half blocks are its modules, white on a black that no theme changes; a link stays in one piece", async () => {
  const lines = (await qrLines(LINK)).map(({ spans }) => spans[0]?.text ?? "");
  const { data, size } = encode(LINK, { border: 2, ecc: "L" });
  assert.equal(lines.length, Math.ceil(size / 2));
  for (let y = 0; y < size; y += 1) {
    const row = [...(lines[y >> 1] ?? "")].map((block) => !(y % 2 === 0 ? "█▀" : "█▄").includes(block));
    assert.deepEqual(row, data[y], `row ${y}`);
  }

  const rig = new ClassicRig({ language: "en", terminal: { columns: 80, rows: 20 } });
  await rig.signedUp("gabi");
  rig.type("6\rTESTE\r/invite\r");
  await rig.sees("Whoever has the link can come in");
  const painted = rig.output.written.split("\u001b[38;5;231;48;5;16m").length - 1;
  assert.ok(painted > 20, "every row of it");
  assert.match(
    rig.output.written,
    /\r\npapo:\/\/127\.0\.0\.1:6060\/#i=x{60}\r\n/u,
    "as one line, which a terminal copies whole",
  );
  assert.match(rig.output.written, /To scan the code the window has to be at least \d+ columns wide/u);

  const narrow = new ClassicRig({ language: "en", terminal: { columns: 30, rows: 24 } });
  await narrow.signedUp("gabi");
  narrow.type("6\rTESTE\r/invite\r");
  await narrow.sees("To scan the code");
  assert.doesNotMatch(narrow.output.written, /█/u, "no pieces of a code");
});

test("the report's screens have no commands more than they had where nothing is kept", async () => {
  const rig = new ClassicRig({ language: "en" });
  await rig.signedUp("gabi");
  rig.input.end("2\n5\nnobody\n");
  assert.equal(await rig.ended, 0);
  assert.match(rig.fresh, /^2\n\n--- Available Rooms ---\nNo rooms available\.\n\n--- MAIN MENU ---/u);
});

function logOf<T>({ log }: { readonly log?: T }): T {
  if (log === undefined) throw new Error("a room of which nothing is kept");
  return log;
}
