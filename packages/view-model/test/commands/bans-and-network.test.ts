// Goal: a ban is seen and taken back, what waits for the network is tried at once, and a room is made with or without what was said before, as one asks.
// Method: lines as one types them, on a screen that notes, with a peer that answers what the test lays out; both languages.
import assert from "node:assert/strict";
import test from "node:test";
import type { TrackerState } from "@papo/peer/api";
import { fault, succeed } from "@papo/protocol";
import { completeLine, completionContext, LANGUAGES } from "@papo/view-model";
import { AT, ScriptedScreen, user } from "../scripted-peer.ts";
import { ScriptedTabs } from "../scripted-tabs.ts";

for (const language of LANGUAGES) {
  test(`${language}: /unban says who is banned, and makes a link for one of them, whatever the capitals`, async () => {
    const screen = new ScriptedScreen(language);
    const { actions } = screen.texts;
    assert.deepEqual(await screen.types("/unban"), [actions.nobodyBanned]);
    screen.banned = [user("Troll"), user("eve")];
    assert.deepEqual(await screen.types("/bans"), [actions.banned("Troll, eve")]);
    assert.deepEqual(await screen.types("/unban nori"), [actions.banned("Troll, eve")]);
    assert.deepEqual(screen.asked, []);
    const day = await screen.types("/desbanir @troll");
    assert.deepEqual(screen.asked, ["pardon Troll"]);
    assert.deepEqual(day.slice(1), ["papo://t/#i=Troll", actions.pardonHow("Troll")]);
    assert.ok(day[0]?.includes("Troll"));
    screen.refuses = "not_allowed";
    assert.deepEqual(await screen.types("/unban eve"), ["FAULT not_allowed"]);
  });

  test(`${language}: /reconnect says what is tried, and that a tracker wants to be left alone`, async () => {
    const { actions } = new ScriptedScreen(language).texts;
    const states: readonly (readonly [TrackerState, string])[] = [
      [{ kind: "online", username: user("gabi"), encrypted: true }, `OK ${actions.reconnectOnline}`],
      [{ kind: "connecting", attempt: 3 }, `OK ${actions.reconnecting}`],
      [{ kind: "waiting", retryInMs: 9_000, reason: fault("slow_down", "") }, `OK ${actions.reconnectWaits}`],
      [{ kind: "refused", reason: fault("replaced", "") }, "FAULT replaced"],
    ];
    for (const [state, said] of states) {
      const screen = new ScriptedScreen(language, { reconnect: async () => succeed(state) });
      assert.deepEqual(await screen.types("/reconnect"), [said]);
    }
    const screen = new ScriptedScreen(language);
    screen.refuses = "slow_down";
    assert.deepEqual(await screen.types("/reconectar"), [`ERROR ${actions.reconnectedJustNow}`]);
    screen.refuses = "login_required";
    assert.deepEqual(await screen.types("/connect"), ["FAULT login_required"]);
  });
}

test("an invite for one alone is listed as such", async () => {
  const screen: ScriptedScreen = new ScriptedScreen("en", {
    invites: (room) => [
      { link: "papo://t/#i=a", room, roomName: screen.room.name, expiresMs: AT, usesLeft: 1, only: user("eve") },
    ],
  });
  assert.match((await screen.types("/invites")).join("\n"), /only for eve/u);
});

test("/create says what newcomers of a room by invitation read; elsewhere the words belong to the name, or cannot be meant", async () => {
  const asked: string[] = [];
  const screen: ScriptedScreen = new ScriptedScreen("en", {
    createRoom: async (room) => {
      asked.push(JSON.stringify(room));
      return succeed(screen.room);
    },
  });
  screen.tabs = new ScriptedTabs();
  const { actions } = screen.texts;
  for (const line of [
    "/create tea club invite all",
    "/criar chá convite novas",
    "/create tea all",
    "/create x open all",
  ])
    await screen.types(line);
  assert.deepEqual(asked, [
    `{"name":"tea club","kind":"invite","history":"all"}`,
    `{"name":"chá","kind":"invite","history":"join"}`,
    `{"name":"tea all"}`,
    `{"name":"x","kind":"open","history":"all"}`,
  ]);
  assert.deepEqual(await screen.types("/create tea open new"), [`ERROR ${actions.historyOfInvited}`]);
});

test("the banned are proposed to /unban", async () => {
  const screen = new ScriptedScreen("en");
  screen.banned = [user("eve"), user("troll")];
  const context = completionContext(screen, () => Promise.resolve([]));
  const proposed = await completeLine("/unban t", 8, context);
  assert.deepEqual(
    proposed?.candidates.map(({ text }) => text),
    ["troll "],
  );
});
