// Goal: whom to believe is decided knowingly: nothing is decided by going back, nor by Enter alone, and secrets go with their panel.
// Method: a peer that answers what the test lays out; panels are handled as a screen handles them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContactRequest, KeyChange } from "@papo/peer/api";
import { type AccountKey, succeed } from "@papo/protocol";
import { openRequests } from "../../src/flows/contact-requests.ts";
import { openInviteForm } from "../../src/flows/invite-panel.ts";
import { openRecoveryWords } from "../../src/flows/recovery-words.ts";
import { openVerify } from "../../src/flows/verify-panel.ts";
import { mayQuit } from "../../src/flows/quit-question.ts";
import { keptRoom, user } from "../scripted-peer.ts";
import { FlowRig, settled, shownBy } from "./flow-rig.ts";

const keyOf = (letter: string): AccountKey => letter.repeat(42).concat("A") as AccountKey;
const CHANGE: KeyChange = { username: user("nori"), known: keyOf("k"), offered: keyOf("o") };
const groups = Array.from({ length: 12 }, (_, at) => String(10_000 + at));

function verifying(changes: readonly KeyChange[] = []) {
  const asked: string[] = [];
  const rig = new FlowRig({
    keyChanges: () => changes,
    safetyNumber: (username) => succeed({ username, groups, qr: "papo-verify:1:a:b", verified: false }),
    verify: (username, scanned) => {
      asked.push(`verify ${username} ${scanned ?? ""}`.trim());
      return Promise.resolve(succeed(scanned === undefined || scanned === "right" ? "verified" : "mismatch"));
    },
  });
  return { rig, asked };
}

test("the safety number is compared: the same, or not", async () => {
  const { rig, asked } = verifying();
  openVerify(rig.screen, user("nori"));
  assert.match(rig.shown(), /10000 10001 10002[\s\S]*10009 10010 10011/u);
  assert.equal(rig.front.kind === "text" && rig.front.qr, "papo-verify:1:a:b");
  await rig.chooses("d");
  assert.deepEqual(asked, []);
  assert.match(rig.said.at(-1) ?? "", /do not trust this key/u);
  openVerify(rig.screen, user("nori"));
  await rig.chooses("s");
  assert.deepEqual(asked, ["verify nori"]);
  assert.match(rig.said.at(-1) ?? "", /nori is verified now/u);
  assert.equal(rig.host.front, undefined);
});

test("what a camera read is compared as well", async () => {
  const { rig, asked } = verifying();
  openVerify(rig.screen, user("nori"));
  await rig.chooses("p");
  await rig.fills(" wrong ");
  assert.match(rig.said.at(-1) ?? "", /That is not the same/u);
  assert.equal(rig.host.front, undefined);
  assert.deepEqual(asked, ["verify nori wrong"]);
});

test("a changed key shows what it means and both keys; neither Enter nor Escape decides", async () => {
  const { rig } = verifying([CHANGE]);
  openVerify(rig.screen, user("nori"));
  const { front } = rig;
  assert.ok(front.kind === "choice");
  assert.match(rig.shown(), /another key[\s\S]*kkkkkk kkkkkk[\s\S]*oooooo oooooo/u);
  assert.match(front.choices[front.selected]?.label ?? "", /later/u);
  await rig.chooses(front.choices[front.selected]?.key ?? "");
  assert.equal(rig.host.front, undefined);
  assert.deepEqual(rig.scripted.asked, []);
});

for (const [key, decided] of [
  ["a", "key accept nori"],
  ["x", "key block nori"],
] as const) {
  test(`a changed key: ${decided}`, async () => {
    const { rig } = verifying([CHANGE]);
    openVerify(rig.screen, user("nori"));
    await rig.chooses(key);
    assert.deepEqual(rig.scripted.asked, [decided]);
    assert.equal(rig.host.front, undefined);
  });
}

test("a changed key that is accepted can be compared at once", async () => {
  const { rig } = verifying([CHANGE]);
  openVerify(rig.screen, user("nori"));
  await rig.chooses("v");
  assert.deepEqual(rig.scripted.asked, ["key accept nori"]);
  assert.match(rig.shown(), /Safety number with nori/u);
});

test("requests are answered one by one; accepting opens the chat, and Enter alone answers nothing", async () => {
  const asks = (name: string): ContactRequest => ({
    username: user(name),
    account: keyOf("a"),
    text: `I am ${name}`,
    atMs: 0,
  });
  let waiting = [asks("nori"), asks("ana")];
  const answers: string[] = [];
  const rig = new FlowRig({
    contactRequests: () => waiting,
    answerContact: (name, answer) => {
      answers.push(`${answer} ${name}`);
      waiting = waiting.filter(({ username }) => username !== name);
      return Promise.resolve(succeed(name));
    },
  });
  openRequests(rig.screen);
  assert.match(rig.shown(), /nori[\s\S]*I am nori[\s\S]*ana/u);
  void rig.list.choose();
  await settled();
  const { front } = rig;
  assert.ok(front.kind === "choice");
  assert.match(front.choices[front.selected]?.label ?? "", /later/u);
  await rig.chooses("a");
  assert.deepEqual(rig.opened, [{ kind: "private", username: "nori" }]);
  void rig.list.choose();
  await settled();
  await rig.chooses("i");
  assert.deepEqual(answers, ["accept nori", "ignore ana"]);
  assert.equal(rig.host.front, undefined, "nobody is left");
  openRequests(rig.screen);
  assert.match(rig.said.at(-1) ?? "", /Nobody is waiting/u);
});

test("an invite is made for so many and so long, and its link stands beside its code", async () => {
  const terms: unknown[] = [];
  const link = "papo://127.0.0.1:6060/#i=abc";
  const rig = new FlowRig({
    createInvite: (room, asked) => {
      terms.push(asked);
      return Promise.resolve(succeed({ link, room, roomName: keptRoom().name, expiresMs: 0, usesLeft: 1 }));
    },
  });
  openInviteForm(rig.screen, keptRoom());
  await rig.fills("0", "7");
  assert.match(rig.form.remark?.text ?? "", /from 1 to 1000/u);
  await rig.fills("3", "30");
  assert.deepEqual(terms, [{ uses: 3, days: 30 }]);
  assert.match(rig.shown(), /papo:\/\/127\.0\.0\.1:6060\/#i=abc/u);
  assert.equal(rig.front.kind === "text" && rig.front.qr, link);
});

test("the 24 words are gone when their panel goes", async () => {
  const words = Array.from({ length: 24 }, (_, at) => `word${at + 1}`);
  const rig = new FlowRig({ recoveryWords: () => Promise.resolve(succeed(words)) });
  await openRecoveryWords(rig.screen);
  const { front } = rig;
  assert.match(rig.shown(), / 1\. word1 [\s\S]*24\. word24/u);
  await rig.chooses("w");
  assert.equal(rig.host.front, undefined);
  assert.doesNotMatch(shownBy(front).join("\n"), /word\d/u);
  assert.doesNotMatch(rig.said.join("\n"), /word\d/u);
});

test("leaving is asked about only while something waits that nobody has", async () => {
  const rig = new FlowRig();
  assert.equal(await mayQuit(rig.panels, rig.texts, 0), true);
  const leaving = mayQuit(rig.panels, rig.texts, 3);
  assert.match(rig.shown(), /3 messages of yours wait/u);
  await rig.chooses("n");
  assert.equal(await leaving, false);
});
