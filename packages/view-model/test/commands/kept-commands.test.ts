// Goal: each command about what is kept asks the engine for the right thing, and says what came of it, in both languages.
// Method: lines as one types them, on a screen that notes, with a peer that answers what the test lays out.
import assert from "node:assert/strict";
import test from "node:test";
import type { AccountDevice, Explanation, HistoryCursor, Invite, PinnedName, RoomStanding } from "@papo/peer/api";
import { type AccountKey, type DeviceKey, fail, succeed } from "@papo/protocol";
import { LANGUAGES } from "@papo/view-model";
import { AT, keptMessage, keptRoom, member, type ROOM, ScriptedScreen, user } from "../scripted-peer.ts";

const SAID = [
  keptMessage("gabi", "first of mine"),
  keptMessage("nori", "theirs"),
  keptMessage("gabi", "second of mine"),
  keptMessage("nori", "", { kept: { notice: { kind: "left", about: null, detail: null } } }),
];

const LONG = Array.from({ length: 100 }, (_, at) => `line ${at}`).join("\n");
const LONG_REST = Array.from({ length: 99 }, (_, at) => `    line ${at + 1}\n`).join("");

function screenWith(language: (typeof LANGUAGES)[number] = "en"): ScriptedScreen {
  const screen = new ScriptedScreen(language);
  screen.messages = SAID;
  return screen;
}

test("a number counts one's own messages from the newest, whatever others said since", async () => {
  const screen = screenWith();
  await screen.types("/edit better");
  await screen.types("/editar 2 best of all");
  await screen.types("/delete");
  await screen.types("/apagar 2");
  assert.deepEqual(screen.asked, [
    "edit id of second of mine -> better",
    "edit id of first of mine -> best of all",
    "delete id of second of mine",
    "delete id of first of mine",
  ]);
  assert.deepEqual(await screen.types("/delete nori"), ["OK Deleted: “theirs”"]);
  for (const line of ["/edit 3 text", "/edit 2", "/delete 3", "/delete 0", "/delete yuki"])
    assert.deepEqual(await screen.types(line), [`ERROR ${screen.texts.kept.noSuchMessage}`], line);
  screen.refuses = "not_allowed";
  assert.deepEqual(await screen.types("/edit text"), ["FAULT not_allowed"]);
});

test("a reaction goes to the newest message, and a second one takes it back", async () => {
  const screen = screenWith();
  await screen.types("/react 👍");
  screen.messages = [
    keptMessage("nori", "new", { kept: { reactions: [{ emoji: "👍", by: [user("gabi")], own: true }] } }),
  ];
  await screen.types("/reagir 👍");
  await screen.types("/react ❤ 1");
  assert.deepEqual(screen.asked, [
    "react 👍 on id of second of mine",
    "react 👍 off id of new",
    "react ❤ on id of new",
  ]);
  assert.deepEqual(await screen.types("/react 👍 99"), [`ERROR ${screen.texts.kept.noSuchMessage}`]);
});

test("/topic shows it, or sets it", async () => {
  const screen = screenWith();
  assert.deepEqual(await screen.types("/topic"), [screen.texts.kept.noTopic]);
  screen.room = keptRoom({ topic: "tea \u001b[2J" });
  assert.doesNotMatch((await screen.types("/topico")).join(), /\u001b/u);
  await screen.types("/topic  tea and cake");
  assert.deepEqual(screen.asked, ["topic tea and cake"]);
});

for (const language of LANGUAGES) {
  test(`${language}: an invite: how many, how long, the link alone on its line, the code, and what to do with it`, async () => {
    const open: Invite[] = [];
    const link = "papo://127.0.0.1:6060/#i=abc";
    const screen: ScriptedScreen = new ScriptedScreen(language, {
      createInvite: (room, { uses = 0, days = 0 } = {}) => {
        const invite = { link, room, roomName: keptRoom().name, expiresMs: AT, usesLeft: uses };
        open.push(invite);
        return screen.done(`invite ${uses} ${days}`, invite);
      },
      invites: () => open,
      revokeInvite: (room, revoked) => screen.done(`revoke ${revoked}`, room),
    });
    const { kept, classic, commands } = screen.texts;
    assert.deepEqual(await screen.types("/invite"), [`ERROR ${kept.noInviteNeeded}`], "in a room that is open to all");
    screen.room = { ...keptRoom(), kind: "invite" };
    assert.deepEqual(await screen.types("/invites"), [kept.noInvites]);
    assert.deepEqual(await screen.types("/invite"), [`QR ${link}`, kept.inviteMade(1, 7), link, kept.inviteSecret]);
    await screen.types("/convidar 5 30");
    const listed = [1, 5].map((left, at) => kept.inviteLine(at + 1, link, left, "2026-11-22"));
    assert.deepEqual(await screen.types("/convites"), [kept.invitesTitle, ...listed, kept.inviteRevokeHint]);
    const revoke = commands.invites.usage.includes("revoke") ? "/invites revoke 2" : "/convites cancelar 2";
    assert.deepEqual(await screen.types(revoke), [`OK ${kept.inviteRevoked}`]);
    assert.deepEqual(screen.asked, ["invite 1 7", "invite 5 30", `revoke ${link}`]);
    for (const line of ["/invite many", "/invite 0", "/invite 1 2 3"])
      assert.deepEqual(await screen.types(line), [`ERROR ${classic.commandUsage(commands.invite.usage)}`], line);
    assert.deepEqual(await screen.types("/invites revoke 9"), [
      `ERROR ${classic.commandUsage(commands.invites.usage)}`,
    ]);
  });

  test(`${language}: removing, barring and giving a role`, async () => {
    const screen = screenWith(language);
    const { kept, classic, commands } = screen.texts;
    assert.deepEqual(await screen.types("/kick NORI"), [`OK ${kept.kicked("nori")}`]);
    assert.deepEqual(await screen.types("/banir @nori"), [`OK ${kept.banned("nori")}`]);
    assert.deepEqual(await screen.types("/role nori moderator"), [
      `OK ${kept.roleGiven("nori", kept.roles.moderator)}`,
    ]);
    assert.deepEqual(await screen.types("/papel nori DONA"), [`OK ${kept.roleGiven("nori", kept.roles.owner)}`]);
    assert.deepEqual(screen.asked, ["kick nori", "ban nori", "role nori moderator", "role nori owner"]);
    assert.deepEqual(await screen.types("/role nori queen"), [`ERROR ${classic.commandUsage(commands.role.usage)}`]);
    screen.refuses = "not_allowed";
    assert.deepEqual(await screen.types("/kick nori"), ["FAULT not_allowed"]);
  });

  test(`${language}: /why of a message: where it is, with whom, what helps, each cause once`, async () => {
    const offline = { kind: "offline" } as const;
    const people = ["nori", "yuki"].map((name) => ({
      ...{
        username: user(name),
        account: null,
        trust: "unverified" as const,
        reach: offline,
        lastSeenMs: AT,
        attempts: [],
      },
      ...{ has: "waiting" as const, reason: { code: "peer_offline" as const, detail: "" } },
    }));
    const explanation: Explanation = {
      about: { kind: "message", message: SAID[0] ?? keptMessage("gabi", "") },
      people,
    };
    const screen: ScriptedScreen = new ScriptedScreen(language, {
      why: (about) => {
        screen.asked.push("username" in about ? about.username : about.id);
        return succeed(explanation);
      },
    });
    screen.messages = SAID;
    const { kept, feed } = screen.texts;
    const lines = await screen.types("/why");
    assert.equal(lines[0], kept.whyStored(0, 1, 0, false));
    const facts = [kept.has.waiting, feed.reachOffline, kept.lastSeen("2026-11-22 18:46:35"), feed.trust.unverified];
    assert.equal(lines[1], `- nori: ${facts.join(", ")}`);
    assert.equal(lines.filter((line) => line.startsWith("→")).length, 1);
    assert.equal(lines.at(-1), `→ ${kept.whyOffline}`);
    await screen.types("/porque 2");
    await screen.types("/why nori");
    assert.deepEqual(screen.asked, ["id of second of mine", "id of first of mine", "nori"]);
    assert.deepEqual(await screen.types("/why 9"), [`ERROR ${kept.noSuchMessage}`]);
  });
}

for (const language of LANGUAGES)
  test(`${language}: /why of a request says that it is not accepted yet, of the message and of the person`, async () => {
    const reason = { code: "not_accepted", detail: "" } as const;
    const delivery = { kind: "held", reason } as const;
    const message = keptMessage("gabi", "oi", { conversation: { kind: "private", username: user("nori") }, delivery });
    const person = {
      username: user("nori"),
      account: null,
      trust: "unverified",
      lastSeenMs: null,
      reason,
      attempts: [],
    } as const;
    const linked = { kind: "linked", encrypted: true, path: "direct" } as const;
    const waits = { ...person, reach: linked, has: "waiting" } as const;
    const screen = new ScriptedScreen(language, {
      why: (about) => {
        const ofPerson: Explanation = {
          about: { kind: "person", username: user("nori") },
          people: [{ ...waits, has: null }],
        };
        const ofMessage: Explanation = { about: { kind: "message", message }, people: [waits] };
        return succeed("username" in about ? ofPerson : ofMessage);
      },
    });
    screen.messages = [message];
    const { kept, feed, faults, reach } = screen.texts;
    const line = `- nori: ${kept.has.asked}, ${reach.linked.direct}, ${feed.trust.unverified}`;
    const helps = `→ ${faults.not_accepted.happened} ${faults.not_accepted.advice}`;
    assert.deepEqual(await screen.types("/why"), [kept.whyAsking, line, helps]);
    assert.deepEqual(await screen.types("/porque nori"), [kept.whyPerson("nori"), line, helps]);
  });

test("/why lists no more people than a screen holds, and counts the rest", async () => {
  const person = {
    account: null,
    trust: "verified",
    lastSeenMs: null,
    has: "stored",
    reason: null,
    attempts: [],
  } as const;
  const people = Array.from({ length: 40 }, (_, at) => ({
    ...{ ...person, username: user(`peer${at}`) },
    reach: { kind: "linked", encrypted: true, path: "direct" } as const,
  }));
  const about = { kind: "person", username: user("nori") } as const;
  const screen = new ScriptedScreen("en", { why: () => succeed({ about, people }) }, null);
  const lines = await screen.types("/why nori");
  assert.equal(lines[0], screen.texts.kept.whyPerson("nori"));
  assert.equal(lines.length, 17);
  assert.equal(lines.at(-1), screen.texts.classic.andMore(25));
  assert.match((await screen.types("/why"))[0] ?? "", /Usage/u, "at the menu there is no last message");
});

test("/history goes back page by page to the beginning and says so", async () => {
  const all = Array.from({ length: 45 }, (_, at) => keptMessage("nori", `text ${at}`));
  const screen = new ScriptedScreen("en", {
    history: (_of, { before, limit = 0 } = {}) => {
      const end = before === undefined ? all.length : Number(before);
      const start = Math.max(0, end - limit);
      const cursor = start === 0 ? null : (String(start) as HistoryCursor);
      return succeed({ messages: all.slice(start, end), before: cursor, after: null });
    },
  });
  const { kept } = screen.texts;
  const texts = (lines: readonly string[]) => lines.flatMap((line) => /text \d+$/u.exec(line)?.[0] ?? []);
  const first = await screen.types("/history");
  assert.equal(first[0], kept.historyTitle);
  assert.equal(first.at(-1), kept.historyMore);
  assert.deepEqual(texts(first), texts(all.slice(25).map(({ content }) => content)));
  assert.deepEqual(texts(await screen.types("/historico 20")).length, 20);
  const last = await screen.types("/history");
  assert.deepEqual(texts(last), ["text 0", "text 1", "text 2", "text 3", "text 4"]);
  assert.equal(last.at(-1), kept.historyStart);
  assert.deepEqual(await screen.types("/history"), [kept.historyStart]);
  assert.match((await screen.types("/history some")).join(), /^ERROR/u);
});

test("/search numbers what it found from the newest, and /context shows what was said around", async () => {
  const found = keptMessage("nori", "found it");
  const screen: ScriptedScreen = new ScriptedScreen("en", {
    search: (text, within) =>
      screen.done(`search ${text} ${within?.in === undefined ? "everywhere" : "here"}`, [
        { message: found, cursor: "7" as HistoryCursor },
        { message: keptMessage("gabi", "older"), cursor: "3" as HistoryCursor },
      ]),
    history: (_of, { before, after } = {}) => {
      const content = before === undefined ? `after ${after}` : `before ${before}`;
      return succeed({ messages: [keptMessage("yuki", content)], before: null, after: null });
    },
  });
  const lines = await screen.types("/search found it");
  assert.deepEqual(screen.asked, ["search found it here"]);
  assert.equal(lines[0], screen.texts.kept.foundTitle(2));
  assert.ok(lines.findIndex((line) => line.startsWith("2. <gabi> older")) > 0);
  assert.ok(lines.findIndex((line) => line.startsWith("1. <nori> found it")) > lines.indexOf("2. <gabi> older"));
  const around = (await screen.types("/contexto 1")).filter((line) => line.startsWith("<"));
  assert.deepEqual(around, ["<yuki> before 7", "<nori> found it", "<yuki> after 7"]);
  assert.deepEqual(await screen.types("/context 3"), [`ERROR ${screen.texts.kept.noSuchHit}`]);

  const menu: ScriptedScreen = new ScriptedScreen("en", { search: (text) => menu.done(`search ${text}`, []) }, null);
  assert.deepEqual(await menu.types("/buscar nada"), [menu.texts.kept.nothingFound]);
});

for (const language of LANGUAGES) {
  test(`${language}: comparing keys: the number in rows, the code, and each answer`, async () => {
    const groups = Array.from({ length: 12 }, (_, at) => String(10_000 + at));
    const screen: ScriptedScreen = new ScriptedScreen(language, {
      safetyNumber: (name) => succeed({ username: name, groups, qr: "code", verified: false }),
      verify: (name, scanned) =>
        screen.done(`verify ${name} ${scanned}`, scanned === "other" ? "mismatch" : "verified"),
    });
    const { kept } = screen.texts;
    const lines = await screen.types("/verify nori");
    const rows = ["    10000 10001 10002 10003", "    10004 10005 10006 10007", "    10008 10009 10010 10011"];
    const how = [kept.safetyHow("nori"), kept.safetyDone("nori")];
    assert.deepEqual(lines, ["QR code", kept.safetyTitle("nori"), ...rows, ...how]);
    assert.deepEqual(await screen.types("/verify nori ok"), [`OK ${kept.verified("nori")}`]);
    assert.deepEqual(await screen.types("/verificar nori papo-verify"), [`OK ${kept.verified("nori")}`]);
    assert.deepEqual(await screen.types("/verify nori other"), [`ERROR ${kept.verifyMismatch("nori")}`]);
    assert.deepEqual(screen.asked, ["verify nori undefined", "verify nori papo-verify", "verify nori other"]);
    assert.deepEqual(await screen.types("/unverify nori"), [`OK ${kept.unverified("nori")}`]);
  });

  test(`${language}: keys that are known, and devices`, async () => {
    const pin: PinnedName = {
      ...{ username: user("nori"), account: `${"n".repeat(42)}A` as AccountKey, trust: "verified" },
      ...{ firstSeen: "2026-01-02T03:04:05Z", formerKeys: 1 },
    };
    const device: AccountDevice = {
      ...{ device: `${"d".repeat(42)}A` as DeviceKey, added: "2026-01-02T03:04:05Z", revoked: null, own: true },
    };
    const screen = new ScriptedScreen(language, { pins: () => [pin], devices: () => succeed([device]) }, null);
    const { kept, feed } = screen.texts;
    const facts = { name: "nori", key: "n".repeat(12), trust: feed.trust.verified, since: "2026-01-02", former: 1 };
    assert.deepEqual(await screen.types("/keys"), [kept.keysTitle, kept.keyLine(facts)]);
    const line = kept.deviceLine("d".repeat(12), "2026-01-02", null, true);
    assert.deepEqual(await screen.types("/aparelhos"), [kept.devicesTitle("gabi"), line]);
    assert.deepEqual(await screen.types("/devices NORI"), [kept.devicesTitle("nori"), line]);
    const nobody = new ScriptedScreen(language, { devices: () => fail("peer_missing", "") }, null);
    assert.deepEqual(await nobody.types("/chaves"), [kept.noKeys]);
    assert.deepEqual(await nobody.types("/devices yuki"), ["FAULT peer_missing"]);
  });

  test(`${language}: strangers who ask: listed safely, accepted, put aside, blocked`, async () => {
    const request = {
      username: user("Ana"),
      account: `${"a".repeat(42)}A` as AccountKey,
      text: "hi \u001b[2J",
      atMs: AT,
    };
    const screen = new ScriptedScreen(language, { contactRequests: () => [request] }, null);
    const { kept } = screen.texts;
    const lines = await screen.types("/requests");
    assert.deepEqual([lines[0], lines.at(-1)], [kept.requestsTitle, kept.requestHint]);
    assert.doesNotMatch(lines.join(""), /\u001b/u);
    assert.deepEqual(await screen.types("/accept @ana"), [`OK ${kept.contactAccepted("Ana")}`]);
    assert.deepEqual(await screen.types("/bloquear ANA"), [`OK ${kept.contactBlocked("Ana")}`]);
    assert.deepEqual(await screen.types("/recusar ana"), [`OK ${kept.ignored("Ana")}`]);
    await screen.types("/accept @nori");
    assert.deepEqual(screen.asked, ["accept Ana", "block Ana", "ignore Ana", "key accept nori"]);
    assert.deepEqual(await new ScriptedScreen(language, {}, null).types("/pedidos"), [kept.noRequests]);
  });

  test(`${language}: read receipts, the words, a file, and forgetting`, async () => {
    const screen: ScriptedScreen = new ScriptedScreen(language, {
      eachMessage: () => succeed(each([...SAID, keptMessage("nori", LONG, { kept: { edited: true } })])),
      exportHistory: () => succeed(each(["one", "two"])),
    });
    const { kept, classic, commands } = screen.texts;
    assert.deepEqual(await screen.types("/receipts on"), [`OK ${kept.receiptsOn}`]);
    assert.deepEqual(await screen.types("/lidas não"), [`OK ${kept.receiptsOff}`]);
    assert.deepEqual(await screen.types("/lidas talvez"), [`ERROR ${classic.commandUsage(commands.receipts.usage)}`]);
    assert.deepEqual(await screen.types("/export chat.txt"), [`OK ${kept.exported("/here/chat.txt")}`]);
    await screen.types("/exportar chat.JSON");
    const text = screen.saved.slice(0, -2).join("");
    assert.match(text, /^--- 2026-11-22 ---\n\[18:46:35\] <gabi> first of mine\n\[18:46:35\] <nori> theirs\n/u);
    assert.ok(text.includes(`\n[18:46:35] ${screen.texts.feed.left("nori")}\n`));
    assert.ok(
      text.endsWith(`] <nori> line 0 ${kept.edited}\n${LONG_REST}`),
      "whole, and no line of it for one of its own",
    );
    assert.deepEqual(screen.saved.slice(-2), ["one", "two"]);
    assert.deepEqual(await screen.types("/forget"), [`OK ${kept.forgotten("TESTE")}`]);
    assert.deepEqual(screen.asked.slice(2), ["forget", "back"]);

    const words = Array.from({ length: 24 }, (_, at) => `w${at + 1}`);
    const menu = new ScriptedScreen(language, { recoveryWords: async () => succeed(words) }, null);
    const shown = await menu.types("/words");
    assert.equal(shown.length, 8);
    assert.match(shown[1] ?? "", /^ {5}1\. w1 +2\. w2 +3\. w3 +4\. w4$/u);
    assert.equal(shown.at(-1), kept.wordsWarning);
    assert.deepEqual(await screen.types("/words"), ["not-here"], "never in a room, where it could be scrolled past");
  });
}

test("/forget by name means the room that is over, not the one that has its name now", async () => {
  const over = { ...keptRoom({ standing: "closed" satisfies RoomStanding }), id: `${"o".repeat(42)}A` as typeof ROOM };
  const screen: ScriptedScreen = new ScriptedScreen(
    "en",
    { rooms: () => [keptRoom(), over], forgetRoom: (id) => screen.done(`forget ${id}`, id) },
    null,
  );
  await screen.types("/forget TESTE");
  assert.deepEqual(screen.asked, [`forget ${over.id}`]);
  assert.match((await screen.types("/forget teste")).join(), /^ERROR Room 'teste' does not exist/u);
  screen.refuses = "not_allowed";
  assert.deepEqual(await screen.types("/forget TESTE"), ["FAULT not_allowed"]);
});

test("names of people of the room are understood whatever the capitals, the exact one first", async () => {
  const screen = new ScriptedScreen("en");
  screen.room = keptRoom({}, [member("gabi"), member("Nori"), member("nori")]);
  await screen.types("/kick nori");
  await screen.types("/kick NORI");
  assert.deepEqual(screen.asked, ["kick nori", "kick Nori"]);
});

async function* each<T>(pieces: readonly T[]): AsyncIterable<T> {
  yield* pieces;
}
