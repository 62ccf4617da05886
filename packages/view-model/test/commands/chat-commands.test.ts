// Goal: each command of talking, rooms, people and the screen asks the engine or the tabs for the right thing, and says what came of it.
// Method: lines as one types them, on a screen that notes, with and without tabs, with a peer that answers what the test lays out.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation, ListedRoom, PinnedName, Room } from "@papo/peer/api";
import { type AccountKey, fail, MESSAGE_CONTENT_BYTES_MAX, type RoomId, succeed } from "@papo/protocol";
import { LANGUAGES } from "@papo/view-model";
import { HERE, keptMessage, keptRoom, member, ScriptedScreen, user } from "../scripted-peer.ts";
import { ScriptedTabs } from "../scripted-tabs.ts";

type Script = ConstructorParameters<typeof ScriptedScreen>[1];

const KEY = `${"k".repeat(42)}A` as AccountKey;

function inTabs(
  script: Script = {},
  conversation: Conversation | null = HERE,
  language: (typeof LANGUAGES)[number] = "en",
) {
  const tabs = new ScriptedTabs();
  const screen = new ScriptedScreen(language, script, conversation);
  screen.tabs = tabs;
  return { screen, tabs };
}

function otherRoom(name: string, id: string, more: Partial<Room> = {}): Room {
  return { ...keptRoom(), id: `${id.repeat(42)}A` as RoomId, name: name as Room["name"], ...more };
}

function listed(name: string, more: Partial<ListedRoom> = {}): ListedRoom {
  const { id, kind, owner, capacity } = keptRoom();
  return {
    id,
    kind,
    owner,
    capacity,
    name: name as Room["name"],
    members: 1,
    online: 1,
    version: 1,
    joined: false,
    ...more,
  };
}

function pinned(name: string, more: Partial<PinnedName> = {}): PinnedName {
  return {
    username: user(name),
    account: KEY,
    trust: "verified",
    firstSeen: "2026-01-02T00:00:00Z",
    formerKeys: 0,
    ...more,
  };
}

test("what needs tabs says so on the classic screens, and does nothing", async () => {
  const screen = new ScriptedScreen("en");
  for (const line of [
    "/join x",
    "/create x",
    "/query nori",
    "/goto",
    "/close",
    "/clear",
    "/unread",
    "/quit",
    "/backup f",
  ])
    assert.deepEqual(await screen.types(line), ["tabs-only"], line);
  assert.deepEqual(screen.asked, []);
});

test("/join: a room one is in, whatever the capitals and with or without its sign", async () => {
  const { screen, tabs } = inTabs({}, null);
  for (const line of ["/join TESTE", "/j teste", "/entrar #Teste"]) assert.deepEqual(await screen.types(line), []);
  assert.deepEqual(tabs.asked, ["open rrr", "open rrr", "open rrr"]);
});

test("/join: another room, by its very name or by the only one that differs in capitals, and who sees the address there", async () => {
  const tea = otherRoom("Tea Club", "t");
  const { screen, tabs } = inTabs({
    joinRoom: async (name) => {
      screen.asked.push(`join ${name}`);
      return name === "Tea Club" ? succeed(tea) : fail("room_missing", "");
    },
    listRooms: async ({ query } = {}) => {
      screen.asked.push(`list ${query}`);
      return succeed({ rooms: [listed("Tea Club 2"), listed("Tea Club")], next: null });
    },
  });
  assert.deepEqual(await screen.types("/join #tea club"), []);
  assert.deepEqual(screen.asked, ["join tea club", "list tea club", "join Tea Club"]);
  assert.deepEqual(tabs.asked, ["open ttt"]);
  assert.deepEqual(tabs.told, [screen.texts.feed.notice(screen.texts.classic.addressShown)]);
  assert.deepEqual(await screen.types("/join nothing"), [`ERROR ${screen.texts.classic.roomMissing("nothing")}`]);
});

test("/join: a room that is over is opened to be read when it cannot be entered again", async () => {
  const over = otherRoom("tea", "o", { log: { ...LOG, standing: "left" } });
  const { screen, tabs } = inTabs({
    rooms: () => [over],
    joinRoom: async () => fail("room_full", ""),
  });
  assert.deepEqual(await screen.types("/join tea"), [`ERROR ${screen.texts.classic.roomFull("tea")}`]);
  assert.deepEqual(tabs.asked, ["open ooo"]);
});

const LOG = keptRoom().log ?? assert.fail("kept rooms have a log");

test("/join: an invite's link, broken by a screen or not; whoever made it may be away", async () => {
  const link = "papo://127.0.0.1:6060/#i=abc";
  let answer: Awaited<ReturnType<ScriptedScreen["peer"]["joinByInvite"]>> = succeed(keptRoom());
  const { screen, tabs } = inTabs({
    joinByInvite: async (asked) => {
      screen.asked.push(asked);
      return answer;
    },
  });
  await screen.types("/join papo://127.0.0.1:6060/#i=a\n  bc");
  assert.deepEqual([screen.asked, tabs.asked], [[link], ["open rrr"]]);
  answer = fail("peer_offline", "");
  assert.deepEqual(await screen.types(`/join ${link}`), [screen.texts.feed.notice(screen.texts.kept.inviteWaiting)]);
  answer = fail("invite_invalid", "");
  const { happened, advice } = screen.texts.faults.invite_invalid;
  assert.deepEqual(await screen.types(`/join ${link}`), [`ERROR ${happened} ${advice}`]);
});

test("/create: the last word may say the kind, and a single word is a name", async () => {
  const { screen, tabs } = inTabs({
    createRoom: async ({ name, kind }) => {
      screen.asked.push(`${name}: ${kind ?? "usual"}`);
      return screen.refuses === undefined ? succeed({ ...keptRoom(), kind: kind ?? "open" }) : fail(screen.refuses, "");
    },
  });
  for (const line of [
    "/create tea",
    "/criar #tea club invite",
    "/create convite",
    "/create a simples",
    "/create b Aberta",
  ])
    await screen.types(line);
  assert.deepEqual(screen.asked, ["tea: usual", "tea club: invite", "convite: usual", "a: plain", "b: open"]);
  assert.equal(tabs.asked.length, 5);
  const { feed, kept, classic } = screen.texts;
  assert.ok(tabs.told.includes(feed.notice(kept.inviteFirst)) && tabs.told.includes(feed.notice(classic.plainRoom)));
  const created = (room: string) => tabs.told.includes(feed.notice(classic.roomCreated(room)));
  assert.ok(!created("tea") && !created("b"), "what the conversation itself says is not said twice");
  screen.refuses = "room_exists";
  assert.deepEqual(await screen.types("/create tea"), [`ERROR ${classic.roomExists("tea")}`]);
});

test("/list and /people: what the tracker lists, all or some, made safe", async () => {
  const screen: ScriptedScreen = new ScriptedScreen("en", {
    listRooms: async ({ query } = {}) => {
      screen.asked.push(`rooms ${query}`);
      const rooms = [listed("tea", { kind: "invite", joined: true }), listed("evil\u001b[2J")];
      return succeed(query === "none" ? { rooms: [], next: null } : { rooms, next: rooms[1]?.name ?? null });
    },
    listPeers: async ({ query } = {}) => {
      screen.asked.push(`people ${query}`);
      const peers = [{ username: user("nori"), account: null, connected: true, room: "tea" as Room["name"] }];
      return succeed({ peers: query === "none" ? [] : peers, next: null });
    },
  });
  const { classic, actions } = screen.texts;
  const rooms = await screen.types("/list");
  assert.equal(
    rooms[1],
    `${classic.roomLine("tea", 1, 50)} [${classic.roomMarks.invite}, ${classic.roomMarks.joined}]`,
  );
  assert.equal(rooms.at(-1), actions.moreRooms);
  assert.doesNotMatch(rooms.join(""), /\u001b/u);
  assert.deepEqual(await screen.types("/salas #none"), [classic.roomsTitle, classic.noMatches]);
  assert.deepEqual(await screen.types("/people"), [classic.peersTitle, `- nori (${actions.inRoom("tea")})`]);
  assert.deepEqual(await screen.types("/who none"), [classic.peersTitle, classic.noMatches]);
  assert.deepEqual(screen.asked, ["rooms undefined", "rooms none", "people undefined", "people none"]);
});

test("/msg and /query: to somebody who is there, who is known and away, and who is neither", async () => {
  const reach: Script = {
    openPrivate: async (name) => {
      if (name === "nori") return succeed({ username: user("nori"), encrypted: true });
      if (name === "old") return succeed({ username: user("old"), encrypted: false });
      return fail("peer_offline", "");
    },
    pins: () => [pinned("Ana")],
    send: (to, content) =>
      screen.done(`${to.kind === "private" ? to.username : "room"}: ${content}`, keptMessage("gabi", content)),
  };
  const { screen, tabs } = inTabs(reach);
  const { actions, classic, commands, feed, kept } = screen.texts;
  assert.deepEqual(await screen.types("/msg @NORI hello  there"), [`OK ${actions.sentTo("nori")}`]);
  assert.deepEqual(await screen.types("/m ana hi"), [feed.notice(actions.waitsFor("Ana"))]);
  assert.deepEqual(await screen.types("/msg yuki hi"), [`ERROR ${classic.peerOffline("yuki")}`]);
  assert.deepEqual(await screen.types("/msg gabi hi"), [`ERROR ${classic.notYourself}`]);
  assert.deepEqual(await screen.types("/msg nori"), [`ERROR ${classic.commandUsage(commands.messagePerson.usage)}`]);
  assert.deepEqual(screen.asked, ["nori: hello  there", "Ana: hi"]);
  assert.deepEqual(tabs.asked, [], "one stays where one is");
  await screen.types("/query nori");
  await screen.types("/q ana and hello");
  await screen.types("/conversa old");
  assert.deepEqual(tabs.asked, ["open nori", "open Ana", "open old"]);
  assert.deepEqual(tabs.told, [kept.awayPrivate("Ana"), classic.plainPeer("old")].map(feed.notice));
  assert.equal(screen.asked.at(-1), "Ana: and hello");
  const long = await screen.types(`/msg nori ${"x".repeat(MESSAGE_CONTENT_BYTES_MAX + 1)}`);
  assert.deepEqual(long, [`ERROR ${classic.tooLong(MESSAGE_CONTENT_BYTES_MAX)}`]);
});

test("/me says it as other programs do; /reply answers somebody else's message", async () => {
  const { screen, tabs } = inTabs({
    send: (_to, content, { replyTo } = {}) =>
      screen.done(`${content} -> ${replyTo ?? "nobody"}`, keptMessage("gabi", content)),
  });
  screen.messages = [keptMessage("nori", "older"), keptMessage("yuki", "newer"), keptMessage("gabi", "own")];
  await screen.types("/me waves");
  await screen.types("/reply yes");
  await screen.types("/responder 2 no\nat all");
  assert.deepEqual(screen.asked, ["/me waves -> nobody", "yes -> id of newer", "no\nat all -> id of older"]);
  await screen.types("/r 2");
  assert.deepEqual(tabs.asked, ["reply to older"]);
  const { actions, classic, commands, faults } = screen.texts;
  assert.deepEqual(await screen.types("/reply 3 x"), [`ERROR ${actions.noSuchAnswered}`]);
  screen.refuses = "not_allowed";
  const why = `${faults.not_allowed.happened} ${faults.not_allowed.advice}`;
  assert.deepEqual(await screen.types("/me waves"), [`ERROR ${classic.notSent("/me waves", why)}`]);
  screen.tabs = null;
  assert.deepEqual(await screen.types("/reply"), [`ERROR ${classic.commandUsage(commands.reply.usage)}`]);
});

for (const language of LANGUAGES) {
  test(`${language}: /whois: key, trust, way, rooms, devices, and what they say of being away; nothing unsafe`, async () => {
    const nori = member("nori", { away: "lunch \u001b[2J" });
    const screen: ScriptedScreen = new ScriptedScreen(language, {
      pins: () => [pinned("nori")],
      devices: () => succeed([{ device: KEY as never, added: "", revoked: null, own: false }]),
      why: () =>
        succeed({
          about: { kind: "person", username: nori.username },
          people: [
            { ...nori, reach: { kind: "offline" }, lastSeenMs: screen.nowMs, has: null, reason: null, attempts: [] },
          ],
        }),
    });
    screen.room = keptRoom({}, [member("gabi"), nori]);
    screen.ignored = [user("nori")];
    const { actions, feed, kept, classic, commands } = screen.texts;
    const lines = await screen.types("/whois NORI");
    assert.equal(lines[0], "--- nori ---");
    assert.ok(lines.includes(actions.keyIs(`${"k".repeat(6)} `.repeat(7).concat("A"))));
    assert.ok(lines.includes(actions.trustIs(feed.trust.verified)));
    assert.ok(lines.includes(`${feed.reachOffline}, ${kept.lastSeen("2026-11-22 18:46:35")}`));
    assert.ok(lines.includes(actions.sharedRooms("TESTE")) && lines.includes(actions.deviceCount(1)));
    assert.ok(lines.includes(actions.knownSince("2026-01-02")) && lines.includes(actions.isIgnored));
    assert.ok(lines.some((line) => line.startsWith(actions.awayWith("lunch"))));
    assert.doesNotMatch(lines.join(""), /\u001b/u);
    assert.deepEqual(await screen.types("/whois"), [`ERROR ${classic.commandUsage(commands.whois.usage)}`]);
  });

  test(`${language}: away, with words or without, and back by each way that people try`, async () => {
    const { screen, tabs } = inTabs({}, HERE, language);
    const { actions } = screen.texts;
    assert.deepEqual(await screen.types("/away  out \n for lunch"), [`OK ${actions.youAreAwayWith("out for lunch")}`]);
    assert.deepEqual(await screen.types("/back"), [`OK ${actions.youAreBack}`]);
    assert.deepEqual(await screen.types("/ausente"), [`OK ${actions.youAreAway}`]);
    assert.deepEqual(await screen.types("/away"), [`OK ${actions.youAreBack}`], "as IRC has it");
    assert.deepEqual(await screen.types("/aqui"), [`OK ${actions.youWereHere}`]);
    assert.deepEqual(tabs.asked, []);
    assert.deepEqual(await screen.types("/voltar"), [], "who is here closes the tab by it");
    assert.deepEqual(tabs.asked, ["close"]);
    const home = inTabs({}, null, language);
    assert.deepEqual(await home.screen.types("/back"), [`OK ${actions.youWereHere}`], "home cannot be closed");
    assert.deepEqual(home.tabs.asked, []);
    const classic = new ScriptedScreen(language);
    classic.away = "lunch";
    await classic.types("/voltar");
    assert.deepEqual(classic.asked, ["back"]);
    assert.equal(classic.away, "lunch");
  });

  test(`${language}: what one is told of, by level, and the words that mean one`, async () => {
    const screen = new ScriptedScreen(language);
    const { actions, classic, commands } = screen.texts;
    assert.deepEqual(await screen.types("/notify"), [actions.notifyIs.all]);
    for (const line of ["/notify mentions", "/avisos MENÇÕES"]) {
      assert.deepEqual(await screen.types(line), [`OK ${actions.notifyIs.mentions}`], line);
    }
    assert.deepEqual(await screen.types("/mute"), [`OK ${actions.notifyIs.none}`]);
    assert.deepEqual(await screen.types("/reativar"), [`OK ${actions.notifyIs.all}`]);
    assert.deepEqual(await screen.types("/notify loud"), [`ERROR ${classic.commandUsage(commands.notify.usage)}`]);
    assert.deepEqual(await screen.types("/highlight"), [actions.noHighlights]);
    await screen.types("/highlight cake chá");
    assert.deepEqual(await screen.types("/hl Cake -CHA"), [actions.highlightsAre("Cake")]);
    assert.deepEqual(await screen.types("/destacar good morning, tea"), [
      actions.highlightsAre("Cake, good morning, tea"),
    ]);
    screen.refuses = "limit_reached";
    assert.deepEqual(await screen.types("/highlight x"), ["FAULT limit_reached"]);
    assert.deepEqual(await screen.types("/mute"), ["FAULT limit_reached"]);
  });

  test(`${language}: ignoring somebody, whose request that waits is put aside as well`, async () => {
    const request = { username: user("Ana"), account: KEY, text: "", atMs: 0 };
    const screen = new ScriptedScreen(language, { contactRequests: () => [request] });
    const { actions, classic } = screen.texts;
    assert.deepEqual(await screen.types("/ignore"), [actions.nobodyIgnored]);
    assert.deepEqual(await screen.types("/ignorar @ana"), [`OK ${actions.ignoring("Ana")}`]);
    assert.deepEqual(await screen.types("/ignore NORI"), [`OK ${actions.ignoring("nori")}`]);
    assert.deepEqual(screen.asked, ["ignore Ana", "ignore Ana", "ignore nori"], "her request, then her");
    assert.deepEqual(await screen.types("/ignore"), [actions.ignored("Ana, nori")]);
    assert.deepEqual(await screen.types("/unignore ana"), [`OK ${actions.notIgnoring("Ana")}`]);
    assert.deepEqual(await screen.types("/designorar yuki"), [actions.ignored("nori")]);
    assert.deepEqual(await screen.types("/ignore gabi"), [`ERROR ${classic.notYourself}`]);
  });

  test(`${language}: a name does not change, and why`, async () => {
    const screen = new ScriptedScreen(language, {}, null);
    for (const line of ["/nick", "/apelido gabriela"])
      assert.deepEqual(await screen.types(line), [screen.texts.actions.nickStays("gabi")]);
  });

  test(`${language}: keys: one's own, somebody's, nobody's; the codes`, async () => {
    const screen = new ScriptedScreen(language, {
      account: KEY,
      pins: () => [pinned("nori")],
      safetyNumber: (username) => succeed({ username, groups: [], qr: "safety", verified: false }),
      invites: () => [],
    });
    const { actions, feed, kept } = screen.texts;
    const shown = `${"k".repeat(6)} `.repeat(7).concat("A");
    assert.deepEqual(await screen.types("/fingerprint"), [feed.ownKey(shown)]);
    assert.deepEqual(await screen.types("/myid nori"), [actions.keyOf("nori", shown, feed.trust.verified)]);
    assert.deepEqual(await screen.types("/minha_chave yuki"), [`ERROR ${actions.noKeyOf("yuki")}`]);
    assert.deepEqual(await screen.types("/qr"), [kept.noInvites]);
    const chat = new ScriptedScreen(
      language,
      { safetyNumber: (username) => succeed({ username, groups: [], qr: "safety", verified: false }) },
      { kind: "private", username: user("nori") },
    );
    assert.deepEqual(await chat.types("/qr"), ["QR safety"]);
  });

  test(`${language}: moderators are made and unmade by the names that IRC has for it`, async () => {
    const screen = new ScriptedScreen(language);
    for (const line of ["/op nori", "/mod @NORI", "/moderar nori", "/deop nori", "/unmod nori", "/desmoderar nori"])
      assert.match((await screen.types(line)).join(), /^OK /u);
    assert.deepEqual(
      screen.asked,
      ["moderator", "moderator", "moderator", "member", "member", "member"].map((role) => `role nori ${role}`),
    );
  });

  test(`${language}: what cannot be undone is asked about where something can stand in front, and Enter alone does not do it`, async () => {
    for (const [line, asked] of [
      ["/kick nori", "kick nori"],
      ["/banir nori", "ban nori"],
      ["/forget teste", "forget"],
    ] as const) {
      const { screen, tabs } = inTabs({}, HERE, language);
      const typed = screen.types(line);
      const panel = tabs.panel;
      if (panel?.kind !== "choice") return assert.fail("a question was expected");
      assert.deepEqual(screen.asked, []);
      await panel.choices[panel.selected]?.run();
      assert.deepEqual([await typed, screen.asked, tabs.panel], [[], [], undefined]);
      const again = screen.types(line);
      const second = tabs.panel;
      if (second?.kind !== "choice") return assert.fail("a question was expected");
      await second.choices.find(({ tone }) => tone === "bad")?.run();
      await again;
      assert.equal(screen.asked[0], asked);
    }
  });

  test(`${language}: a backup asks for its passphrase twice where it does not show`, async () => {
    const { screen, tabs } = inTabs(
      { exportBackup: (file, passphrase) => screen.done(`${file} with ${passphrase}`, `/here/${file}`) },
      null,
      language,
    );
    await screen.types("/backup papo.backup");
    const form = tabs.panel;
    if (form?.kind !== "form") return assert.fail("a form was expected");
    assert.ok(form.fields.every(({ isSecret }) => isSecret));
    form.setValue(0, "correct horse");
    form.setValue(1, "battery");
    await form.submit();
    assert.equal(form.remark?.text, screen.texts.panels.passwordsDiffer);
    const again = async () => {
      form.setValue(0, "correct horse");
      form.setValue(1, "correct horse");
      await form.submit();
    };
    screen.refuses = "storage_failed";
    await again();
    assert.equal(form.remark?.text, screen.texts.actions.fileNotWritten("papo.backup"));
    screen.refuses = undefined;
    await again();
    assert.deepEqual(screen.asked, ["papo.backup with correct horse", "papo.backup with correct horse"]);
    assert.deepEqual(screen.shown, [`OK ${screen.texts.actions.backedUp("/here/papo.backup")}`]);
    assert.equal(tabs.panel, undefined);
  });
}

test("where panels can be opened, what is looked for and looked at opens in one", async () => {
  const { screen, tabs } = inTabs({
    listRooms: async () => succeed({ rooms: [listed("tea")], next: null }),
    listPeers: async () => succeed({ peers: [], next: null }),
    trackerAddress: { dialect: "papo", host: "127.0.0.1", port: 6060, key: undefined },
    search: (text) => screen.done(`search ${text}`, []),
    recoveryWords: async () => succeed(Array.from({ length: 24 }, (_, at) => `w${at}`)),
    safetyNumber: (username) => succeed({ username, groups: ["12345"], qr: "safety", verified: false }),
    why: () => succeed({ about: { kind: "person", username: user("nori") }, people: [] }),
    contactRequests: () => [{ username: user("Ana"), account: KEY, text: "hi", atMs: 0 }],
    createInvite: async (room, { uses = 0 } = {}) =>
      succeed({ link: "papo://x", room, roomName: keptRoom().name, expiresMs: 0, usesLeft: uses }),
  });
  screen.room = { ...keptRoom(), kind: "invite" };
  const opened: Record<string, string> = {
    "/list": "list",
    "/rooms tea": "list",
    "/people": "list",
    "/join": "list",
    "/query": "list",
    "/create": "form",
    "/search": "list",
    "/buscar cake": "list",
    "/words": "text",
    "/verify nori": "text",
    "/why nori": "text",
    "/requests": "choice",
    "/invite": "form",
    "/invite 5": "text",
  };
  for (const [line, kind] of Object.entries(opened)) {
    assert.deepEqual(await screen.types(line), [], line);
    assert.equal(tabs.panel?.kind, kind, line);
    tabs.panel?.dismiss?.();
    assert.equal(tabs.panel, undefined, line);
  }
  assert.deepEqual(screen.asked, ["search cake"]);
  assert.deepEqual(await new ScriptedScreen("en").types("/search"), [
    `ERROR ${screen.texts.classic.commandUsage(screen.texts.commands.search.usage)}`,
  ]);
});

test("/goto: by number, by a few letters, a room that has no tab yet, or from a list", async () => {
  const { screen, tabs } = inTabs({ rooms: () => [otherRoom("quiet corner", "q")] });
  tabs.list = [tabs.row(1, "Papo"), tabs.row(2, "TESTE"), tabs.row(3, "sala de aula")];
  for (const line of ["/goto 2", "/b sda", "/ir #teste", "/goto quiet corner", "/goto"]) await screen.types(line);
  assert.deepEqual(tabs.asked, ["activate TESTE", "activate sala de aula", "activate TESTE", "open qqq", "switcher"]);
  assert.deepEqual(await screen.types("/goto nowhere"), [`ERROR ${screen.texts.actions.noSuchTab("nowhere")}`]);
});

test("closing, clearing, marking and leaving the program", async () => {
  const { screen, tabs } = inTabs();
  for (const line of ["/close", "/limpar", "/unread", "/tudo_lido", "/quit"])
    assert.deepEqual(await screen.types(line), []);
  assert.deepEqual(tabs.asked, ["close", "clear", "unread", "all read", "quit"]);
  const home = inTabs({}, null);
  assert.deepEqual(await home.screen.types("/close"), ["not-here"], "home stays");
});

test("/unlatch at the menu; in tabs anywhere, once it was asked about", async () => {
  const menu: ScriptedScreen = new ScriptedScreen("en", { unlatch: () => menu.done("unlatch", user("gabi")) }, null);
  assert.deepEqual(await menu.types("/unlatch"), [`OK ${menu.texts.papo.account.unlatched("gabi")}`]);
  const { screen, tabs } = inTabs({ unlatch: () => screen.done("unlatch", user("gabi")) });
  const typed = screen.types("/destravar");
  if (tabs.panel?.kind === "choice") await tabs.panel.choices[0]?.run();
  await typed;
  assert.deepEqual(screen.asked, ["unlatch"]);
});
