// Goal: conversations and what was said in them are found by a few letters, and /why can be looked at again.
// Method: a peer that answers what the test lays out; panels are handled as a screen handles them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, Explanation, HistoryCursor, Message, SearchHit } from "@papo/peer/api";
import { fail, type Outcome, succeed } from "@papo/protocol";
import fc from "fast-check";
import type { TabKey, TabRow } from "../../src/chat/chat-view.ts";
import { openHelp } from "../../src/flows/help-panel.ts";
import { matchSpans } from "../../src/flows/match-spans.ts";
import { openSearch } from "../../src/flows/search-panel.ts";
import { openSwitcher } from "../../src/flows/switcher.ts";
import { openWhy } from "../../src/flows/why-panel.ts";
import { HERE, keptMessage, keptRoom, user } from "../scripted-peer.ts";
import { FlowRig, settled, shownBy } from "./flow-rig.ts";

function tab(number: number, title: string, more: Partial<TabRow> = {}): TabRow {
  return {
    ...{ key: `t${number}` as TabKey, number, kind: "room", conversation: HERE, title, unread: 0, mentions: 0 },
    ...{ attention: "none", notify: "all", presence: null, roomKind: "open", standing: "member", isPlaintext: false },
    ...{ hasDraft: false, ...more },
  };
}

const NORI: Conversation = { kind: "private", username: user("nori") };

function switching() {
  const rig = new FlowRig({
    conversations: () => [{ conversation: NORI, title: "nori", unread: 0 }],
    rooms: () => [],
  });
  const active = tab(2, "TESTE");
  const quiet = tab(3, "cozinha", { conversation: { kind: "private", username: user("cozinha") } });
  const loud = tab(4, "jardim", { conversation: null, unread: 2, mentions: 1, attention: "mention" });
  rig.tabRows = [active, quiet, loud];
  openSwitcher(rig.screen, active);
  return rig;
}

test("the switcher begins with what waits and ends with the open tab and what has none", () => {
  const rig = switching();
  const titles = rig.list.rows.map(({ spans }) => spans[0]?.text);
  assert.deepEqual(titles, ["jardim", "cozinha", "TESTE", "nori"]);
  assert.match(rig.shown(), /2 new · 4/u);
});

test("a few letters lead to a tab, or open one", async () => {
  const rig = switching();
  rig.list.setFilter("czn");
  await rig.list.choose();
  assert.deepEqual(rig.activated, ["t3"]);
  const other = switching();
  other.list.setFilter("@nor");
  await other.list.choose();
  assert.deepEqual(other.opened, [NORI]);
  assert.equal(other.host.front, undefined);
});

function hit(content: string): SearchHit {
  return { message: keptMessage("nori", content), cursor: content as HistoryCursor };
}

test("a search runs while one types, marks what it found, and Enter jumps there", async () => {
  const asked: string[] = [];
  const found = hit("A Reunião é amanhã");
  const rig = new FlowRig({
    search: (text, within = {}) => {
      asked.push(`${text} ${within.in === undefined ? "everywhere" : "here"}`);
      return Promise.resolve(succeed(text.startsWith("re") ? [found] : []));
    },
  });
  openSearch(rig.screen);
  assert.match(rig.shown(), /Search in TESTE/u);
  rig.list.setFilter("reuniao");
  await settled();
  const [row] = rig.list.rows;
  assert.deepEqual(
    row?.spans.filter(({ tone }) => tone === "match"),
    [{ text: "Reunião", tone: "match" }],
  );
  await rig.chooses("e");
  assert.deepEqual(asked, ["reuniao here", "reuniao everywhere"]);
  rig.list.setFilter("nothing");
  await settled();
  assert.match(rig.shown(), /Nothing found/u);
  rig.list.setFilter("re");
  await settled();
  await rig.list.choose();
  assert.deepEqual(rig.jumps, [found]);
  assert.equal(rig.host.front, undefined);
});

test("a search that fails says why; an empty one asks nothing", async () => {
  const rig = new FlowRig({ search: () => Promise.resolve(fail("busy", "")) });
  openSearch(rig.screen, "x");
  await settled();
  assert.match(rig.list.remark ?? "", /busy/u);
  rig.list.setFilter("");
  assert.match(rig.list.remark ?? "", /Type what you look for/u);
});

test("what was found far behind is shown with what stands around it", () => {
  const spans = matchSpans(`${"before ".repeat(50)}needle${" after".repeat(50)}`, "NEEDLE");
  const text = spans.map((span) => span.text).join("");
  assert.match(text, /^….*before needle after.*…$/u);
  assert.ok(text.length < 140);
});

test("R1, R9: whatever is found, its excerpt is short, says nothing else and stays on one line", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.string({ unit: "binary", maxLength: 12 }),
      (content, query) => {
        const text = matchSpans(content, query)
          .map((span) => span.text)
          .join("");
        assert.doesNotMatch(text, /[\p{Cc}\p{Cs}]/u);
        assert.ok([...text].length <= 122);
      },
    ),
  );
});

test("/why is looked at again as often as one likes", async () => {
  const delivery = { kind: "sent", received: 0, silent: 0, of: 1 } as const;
  const message: Message = { ...keptMessage("gabi", "hi"), delivery };
  const explained = (received: number): Outcome<Explanation> =>
    succeed({ about: { kind: "message", message: { ...message, delivery: { ...delivery, received } } }, people: [] });
  let received = 0;
  const rig = new FlowRig();
  openWhy(rig.screen, () => explained(received));
  assert.match(rig.shown(), /Stored by 0 of 1/u);
  received = 1;
  await rig.chooses("r");
  assert.match(rig.shown(), /Stored by 1 of 1/u);
});

test("help shows the keys as they are bound, then the commands", () => {
  const rig = new FlowRig();
  openHelp(rig.screen, [{ keys: "Alt-K", says: "go to another tab" }]);
  assert.match(rig.shown(), /Alt-K {2}go to another tab[\s\S]*\/join/u);
});

test("a panel that was left is told nothing", async () => {
  let answer: ((found: Outcome<readonly SearchHit[]>) => void) | undefined;
  const rig = new FlowRig({ search: () => new Promise((resolve) => (answer = resolve)), room: () => keptRoom() });
  openSearch(rig.screen, "x");
  const { front } = rig;
  front.dismiss?.();
  answer?.(succeed([hit("x")]));
  await settled();
  assert.doesNotMatch(shownBy(front).join("\n"), /nori/u);
});
