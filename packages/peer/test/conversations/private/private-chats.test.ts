// Goal: a private message is on the disk before it is shown, reaches a device of the other account once and in order, whatever ends or changes on
// the way, and never goes to another key. Method: two or three devices with memory histories, links that the test moves word by word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import {
  CONTACT_REQUEST_CHARS_MAX,
  CONTACT_REQUESTS_PENDING_MAX,
  HISTORY_PAGE_MAX,
  PRIVATE_PROGRESS_MAX,
  REOFFER_LAST_MS,
  STATEMENT_DEVICES_MAX,
} from "@papo/protocol";
import { privateId } from "../../../src/conversations/private/private-id.ts";
import { Device, accountOf, connect, deviceOf, expectOk, settle } from "./chat-fixture.ts";

function two(): { readonly clock: VirtualClock; readonly ana: Device; readonly bia: Device } {
  const clock = new VirtualClock();
  return { clock, ana: new Device({ name: "ana", clock }), bia: new Device({ name: "bia", clock }) };
}

test("a message goes from held to received, and is told only when it is on the disk", async () => {
  const { ana, bia } = two();
  const sent = expectOk(await ana.send(bia, "oi"));
  assert.deepEqual(sent.delivery, { kind: "held", reason: { code: "peer_offline", detail: "not online" } });
  connect(ana, bia);
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["oi"]);
  assert.equal(bia.told("message").length, 1);
  assert.deepEqual(ana.lastDelivery(), { kind: "sent", received: 1, silent: 0, of: 1 });
  assert.equal(ana.chats.isWaitingFor(bia.account), false);
});

test("I1: what was sent survives the end of the program and arrives later", async () => {
  const { ana, bia } = two();
  expectOk(await ana.send(bia, "um"));
  expectOk(await ana.send(bia, "dois"));
  await ana.restart();
  assert.deepEqual(
    ana.chats.waiting().map(({ account }) => account),
    [bia.account],
  );
  connect(ana, bia);
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["um", "dois"]);
});

test("F1: nothing is confirmed or shown before it is on the disk", async () => {
  const clock = new VirtualClock();
  const flushes: (() => void)[] = [];
  const ana = new Device({ name: "ana", clock });
  const bia = new Device({ name: "bia", clock, history: { sync: (flush) => flushes.push(flush) } });
  expectOk(await ana.send(bia, "oi"));
  connect(ana, bia);
  await settle(ana, bia);
  assert.deepEqual(
    [bia.told("message").length, ana.lastDelivery()],
    [0, { kind: "sent", received: 0, silent: 0, of: 1 }],
  );
  // Power fails before the disk was written: the author still has it.
  await bia.restart(0, {});
  assert.deepEqual(bia.texts(ana), []);
  connect(ana, bia);
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["oi"]);
});

test("I9: a crash between the disk and the answer uses no number twice", async () => {
  const clock = new VirtualClock();
  const ana = new Device({ name: "ana", clock, history: { sync: () => undefined } });
  const bia = new Device({ name: "bia", clock });
  void ana.send(bia, "um");
  await ana.restart(1, {});
  expectOk(await ana.send(bia, "dois"));
  const chain = ana.history.privateChain(bia.account, ana.device, 1, 10);
  assert.deepEqual(
    chain.map(({ seq, text }) => [seq, text]),
    [
      [1, "um"],
      [2, "dois"],
    ],
  );
  assert.equal(chain[1]?.prev, chain[0]?.id);
});

test("F9: a full disk fails the message, uses no number, and heals by itself on the other side", async () => {
  const clock = new VirtualClock();
  let isFull = true;
  const fails = (): boolean => isFull;
  const ana = new Device({ name: "ana", clock, history: { fails } });
  const bia = new Device({ name: "bia", clock });
  const failed = await ana.send(bia, "um");
  assert.equal(!failed.ok && failed.fault.code, "storage_failed");
  assert.equal(ana.told("message").length, 0);
  isFull = false;
  expectOk(await ana.send(bia, "dois"));
  assert.equal(ana.history.privateHeads(bia.account)[0]?.seq, 1);

  const caio = new Device({ name: "caio", clock, history: { fails } });
  isFull = true;
  connect(bia, caio);
  expectOk(await bia.send(caio, "oi"));
  await settle(bia, caio);
  assert.deepEqual(bia.lastDelivery()?.kind === "held" && bia.lastDelivery(), {
    kind: "held",
    reason: { code: "storage_failed", detail: "the other side takes nothing now" },
  });
  isFull = false;
  await clock.advance(5_000);
  await settle(bia, caio);
  assert.deepEqual(caio.texts(bia), ["oi"]);
  assert.equal(bia.lastDelivery()?.kind, "sent");
});

test("F16: two links at once, in any order of arrival, show everything once and in order", async () => {
  const { ana, bia } = two();
  const [old] = connect(ana, bia);
  expectOk(await ana.send(bia, "um"));
  expectOk(await ana.send(bia, "dois"));
  old.wire.splice(0, 1, ...old.wire.slice(0, 1));
  const [young] = connect(ana, bia);
  expectOk(await ana.send(bia, "três"));
  // The newer link is faster, then the older one says what it had.
  while (young.deliver());
  while (old.deliver());
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["um", "dois", "três"]);
  assert.equal(bia.told("message").length, 3);
  assert.equal(ana.chats.isWaitingFor(bia.account), false);
});

test("what is on its way to the disk when the program stops is kept, and nobody is told any more", async () => {
  const clock = new VirtualClock();
  const ana = new Device({ name: "ana", clock, history: { sync: () => undefined } });
  const bia = new Device({ name: "bia", clock, history: { sync: () => undefined } });
  const [link] = connect(ana, bia);
  const sending = ana.send(bia, "um");
  ana.history.flush();
  await clock.settle();
  link.deliver();
  const late = ana.send(bia, "dois");
  for (const one of [ana, bia]) {
    one.chats.stop();
    one.history.flush();
  }
  const [first, second] = [expectOk(await sending), expectOk(await late)];
  assert.deepEqual([first.content, second.delivery?.kind], ["um", "held"]);
  assert.equal(ana.history.privateHeads(bia.account)[0]?.seq, 2);
  assert.equal(bia.history.privateHeads(ana.account)[0]?.seq, 1);
  assert.deepEqual([ana.told("message").length, bia.told("message").length], [1, 0]);
});

test("a gap is asked for again, and nothing after it is shown before", async () => {
  const { ana, bia } = two();
  const [link] = connect(ana, bia);
  for (const text of ["um", "dois", "três"]) expectOk(await ana.send(bia, text));
  link.deliver();
  link.wire.shift();
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["um", "dois", "três"]);
  assert.ok([...bia.chats.lines(ana.name)].every(({ afterGap, forked }) => !afterGap && !forked));
});

test("I3: what its author cannot give any more is a gap that is shown", async () => {
  const { ana, bia } = two();
  const [link] = connect(ana, bia);
  for (const text of ["um", "dois", "três"]) expectOk(await ana.send(bia, text));
  link.deliver();
  // The author lost the second one from its disk: it goes on with what it has.
  const third = link.wire[1];
  link.wire.splice(0, link.wire.length, { cmd: "PRIVATE_LOST", after: 1, next: 3 });
  if (third !== undefined) link.wire.push(third);
  await settle(ana, bia);
  assert.deepEqual(
    [...bia.chats.lines(ana.name)].map(({ text, afterGap }) => [text, afterGap]),
    [
      ["um", false],
      ["três", true],
    ],
  );
});

test("P12: a number that is used twice is shown as such, and confirmed", async () => {
  const { ana, bia } = two();
  const [link] = connect(ana, bia);
  expectOk(await ana.send(bia, "um"));
  await settle(ana, bia);
  const forged = { seq: 1, prev: null, sent: "2026-11-20T12:00:00.000Z", content: "outro" };
  const id = privateId({ from: ana.account, device: ana.device, to: bia.account }, forged);
  link.tellPrivate({ cmd: "MESSAGE", room: null, id, ...forged });
  await settle(ana, bia);
  assert.deepEqual(
    [...bia.chats.lines(ana.name)].map(({ text, forked }) => [text, forked]),
    [
      ["um", false],
      ["outro", true],
    ],
  );
});

test("P10: an id that is not that of its text is refused, and nothing changes", async () => {
  const { ana, bia } = two();
  const [link, back] = connect(ana, bia);
  const text = { seq: 1, prev: null, sent: "2026-11-20T12:00:00.000Z", content: "um" };
  const id = privateId({ from: ana.account, device: ana.device, to: accountOf("caio") }, text);
  link.tellPrivate({ cmd: "MESSAGE", room: null, id, ...text });
  link.deliver();
  assert.deepEqual(back.wire, [{ cmd: "PRIVATE_REFUSED", after: 0, code: "invalid_message" }]);
  await bia.clock.settle();
  assert.equal(bia.commits, 0);
});

test("P11: a number far ahead only asks for what comes next, once", async () => {
  const { ana, bia } = two();
  const [link, back] = connect(ana, bia);
  expectOk(await ana.send(bia, "um"));
  await settle(ana, bia);
  for (const content of ["longe", "mais longe"]) {
    const text = { seq: 1_000_000_000, prev: null, sent: "2026-11-20T12:00:00.000Z", content };
    const id = privateId({ from: ana.account, device: ana.device, to: bia.account }, text);
    link.tellPrivate({ cmd: "MESSAGE", room: null, id, ...text });
    link.deliver();
  }
  assert.deepEqual(back.wire, [{ cmd: "PRIVATE_WANT", after: 1 }]);
});

test("P15: what never went over a link cannot be confirmed on it", async () => {
  const { ana, bia } = two();
  const { id } = expectOk(await ana.send(bia, "um"));
  bia.acquainted = false;
  const [, back] = connect(ana, bia);
  back.tellPrivate({ cmd: "RECEIVED", id: ana.history.privateHeads(bia.account)[0]?.id ?? fail(), seq: 7 });
  back.tellPrivate({ cmd: "PRIVATE_READ", seq: 7 });
  while (back.deliver());
  assert.equal(typeof id, "string");
  assert.equal(ana.chats.isWaitingFor(bia.account), true);
});

function fail(): never {
  throw new Error("nothing there");
}

test("I14: text waits for the key it was written for, whatever the user decides", async () => {
  const { clock, ana, bia } = two();
  expectOk(await ana.send(bia, "para a bia"));
  ana.distrusted.add(bia.account);
  connect(ana, bia);
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), []);
  assert.equal(ana.chats.isWaitingFor(bia.account), true);
  // Another account goes by the same name, and the user believes it.
  const other = new Device({ name: "bia", device: "bia de novo", clock });
  Object.assign(other, { account: accountOf("outra bia") });
  connect(ana, other);
  ana.chats.keyAccepted(other.account);
  await settle(ana, bia, other);
  assert.deepEqual(other.texts(ana), []);
  const [held] = expectOk(ana.chats.history(bia.name)).messages;
  assert.deepEqual(held?.delivery, { kind: "held", reason: { code: "identity_changed", detail: "another key" } });
  ana.distrusted.delete(bia.account);
  ana.chats.keyAccepted(bia.account);
  await settle(ana, bia, other);
  assert.deepEqual(bia.texts(ana), ["para a bia"]);
});

test("what a key says that is not believed stays with it, and comes when it is", async () => {
  const { ana, bia } = two();
  bia.distrusted.add(ana.account);
  connect(ana, bia);
  expectOk(await ana.send(bia, "oi"));
  await settle(ana, bia);
  assert.equal(bia.commits, 0);
  bia.distrusted.delete(ana.account);
  bia.chats.keyAccepted(ana.account);
  connect(ana, bia);
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["oi"]);
});

test("each device of an account gets what comes from when it is known on, and what none of them has", async () => {
  const clock = new VirtualClock();
  const known = [deviceOf("bia")];
  const ana = new Device({ name: "ana", clock, devicesOf: () => known });
  const bia = new Device({ name: "bia", clock });
  const tablet = new Device({ name: "bia", device: "tablet", clock });
  connect(ana, bia);
  expectOk(await ana.send(bia, "um"));
  await settle(ana, bia);
  for (const link of [...ana.links]) link.cut();
  expectOk(await ana.send(bia, "dois"));
  known.push(tablet.device);
  ana.chats.devicesChanged(bia.account);
  connect(ana, tablet);
  await settle(ana, bia, tablet);
  assert.deepEqual(tablet.texts(ana), ["dois"]);
  assert.equal([...tablet.chats.lines(ana.name)][0]?.afterGap, true);
  assert.deepEqual(ana.lastDelivery(), { kind: "sent", received: 1, silent: 0, of: 1 });
  connect(ana, bia);
  await settle(ana, bia, tablet);
  assert.deepEqual(bia.texts(ana), ["um", "dois"]);
});

test("a program that does not number is heard and confirmed message by message", async () => {
  const { ana, bia } = two();
  const [link, back] = connect(ana, bia);
  const id = privateId(
    { from: ana.account, device: ana.device, to: bia.account },
    { seq: 1, prev: null, sent: "", content: "x" },
  );
  const old = { cmd: "MESSAGE", id, room: null, content: "oi", sent: "2026-11-20T12:00:00.000Z" } as const;
  for (const message of [old, old]) link.tellPrivate(message);
  while (link.deliver());
  await bia.clock.settle();
  assert.deepEqual(bia.texts(ana), ["oi"]);
  assert.deepEqual(back.wire, [{ cmd: "RECEIVED", id }]);
});

test("a stranger's program that does not number hears of its request when it is accepted", async () => {
  const { ana, bia } = two();
  bia.acquainted = false;
  const [link, back] = connect(ana, bia);
  const chain = { from: ana.account, device: ana.device, to: bia.account };
  const id = privateId(chain, { seq: 1, prev: null, sent: "", content: "x" });
  link.tellPrivate({ cmd: "MESSAGE", id, room: null, content: "oi", sent: "2026-11-20T12:00:00.000Z" });
  while (link.deliver());
  await bia.clock.settle();
  assert.deepEqual(back.wire, [{ cmd: "PRIVATE_REFUSED", after: 0, code: "not_accepted" }]);
  back.wire.length = 0;
  expectOk(await bia.chats.answerContact(ana.name, "accept"));
  assert.deepEqual(back.wire, [
    { cmd: "RECEIVED", id },
    { cmd: "PRIVATE_WANT", after: 0 },
  ]);
});

// ---- strangers

test("a stranger's first message is a request; until it is accepted nothing more is stored", async () => {
  const { ana, bia } = two();
  for (const one of [ana, bia]) one.acquainted = false;
  connect(ana, bia);
  expectOk(await ana.send(bia, "oi, sou a ana"));
  expectOk(await ana.send(bia, "tem alguém aí?"));
  await settle(ana, bia);
  assert.deepEqual(
    bia.chats.contactRequests().map(({ text }) => text),
    ["oi, sou a ana"],
  );
  assert.deepEqual([bia.told("contact-request").length, bia.told("message").length], [1, 0]);
  assert.deepEqual(bia.chats.conversations(), []);
  assert.deepEqual(ana.lastDelivery(), {
    kind: "held",
    reason: { code: "not_accepted", detail: "the other side takes nothing now" },
  });

  // The request outlives both programs.
  await bia.restart();
  await ana.restart();
  connect(ana, bia);
  await settle(ana, bia);
  assert.equal(bia.chats.contactRequests().length, 1);
  expectOk(await bia.chats.answerContact(ana.name, "accept"));
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["oi, sou a ana", "tem alguém aí?"]);
  assert.equal(bia.told("message").length, 2);
  assert.deepEqual(bia.chats.contactRequests(), []);
  expectOk(await bia.send(ana, "oi!"));
  await settle(ana, bia);
  assert.deepEqual(ana.texts(bia), ["oi, sou a ana", "tem alguém aí?", "oi!"]);
});

test("a request is held until it is accepted, and says so when its author starts again and nobody is there", async () => {
  const { ana, bia } = two();
  for (const one of [ana, bia]) one.acquainted = false;
  const waits = { kind: "held", reason: { code: "not_accepted", detail: "they have not answered yet" } };
  const standings = () => expectOk(ana.chats.history(bia.name)).messages.map(({ delivery }) => delivery);
  expectOk(await ana.send(bia, "oi"));
  assert.deepEqual(standings(), [{ kind: "held", reason: { code: "peer_offline", detail: "not online" } }]);
  connect(ana, bia);
  // It is on its way: what is written meanwhile waits for the answer, and not for a link.
  const second = expectOk(await ana.send(bia, "e mais isto"));
  assert.deepEqual(second.delivery, waits);
  await settle(ana, bia);
  assert.equal(bia.chats.contactRequests().length, 1);
  assert.equal(ana.chats.isWaitingFor(bia.account), true);
  assert.deepEqual(ana.lastDelivery(), {
    ...waits,
    reason: { ...waits.reason, detail: "the other side takes nothing now" },
  });

  await ana.restart();
  assert.deepEqual(standings(), [waits, waits]);
  // Accepted while its author is away: heard of on the next link.
  expectOk(await bia.chats.answerContact(ana.name, "accept"));
  connect(ana, bia);
  await settle(ana, bia);
  const stored = { kind: "sent", received: 1, silent: 0, of: 1 };
  assert.deepEqual(standings(), [stored, stored]);
  assert.deepEqual(bia.texts(ana), ["oi", "e mais isto"]);
  assert.deepEqual(ana.history.chats()[0]?.state, "open");
});

test("I1: a request that was kept comes again after the end of either program, and is shown once", async () => {
  const { ana, bia } = two();
  for (const one of [ana, bia]) one.acquainted = false;
  connect(ana, bia);
  expectOk(await ana.send(bia, "oi"));
  await settle(ana, bia);
  for (const one of [bia, ana, bia]) {
    await one.restart();
    connect(ana, bia);
    await settle(ana, bia);
  }
  assert.deepEqual(
    bia.chats.contactRequests().map(({ text }) => text),
    ["oi"],
  );
  expectOk(await bia.send(ana, "olá"));
  await settle(ana, bia);
  assert.deepEqual(
    [bia.texts(ana), ana.texts(bia)],
    [
      ["oi", "olá"],
      ["oi", "olá"],
    ],
  );
  assert.deepEqual(
    bia.told("message").map((event) => event.kind === "message" && event.message.content),
    ["oi", "olá"],
  );
  assert.deepEqual(ana.lastDelivery(), { kind: "sent", received: 1, silent: 0, of: 1 });
});

test("kept, too long, ignored, blocked: whoever asks hears the same words, on this link and the next", async () => {
  const heard: unknown[] = [];
  for (const [text, answer] of [
    ["oi", undefined],
    ["a".repeat(CONTACT_REQUEST_CHARS_MAX + 1), undefined],
    ["oi", "ignore"],
    ["oi", "block"],
  ] as const) {
    const { ana, bia } = two();
    for (const one of [ana, bia]) one.acquainted = false;
    expectOk(await ana.send(bia, text));
    const said: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      const [link, back] = connect(ana, bia);
      for (let step = 0; step < 3; step += 1) {
        while (link.deliver());
        await bia.clock.settle();
        said.push(...back.wire);
        while (back.deliver());
        await bia.clock.settle();
      }
      link.cut();
      if (round === 0 && answer !== undefined) expectOk(await bia.chats.answerContact(ana.name, answer));
    }
    heard.push(said);
    assert.deepEqual(ana.lastDelivery()?.kind === "held" && ana.history.chats()[0]?.state, "unanswered");
  }
  const once = { cmd: "PRIVATE_REFUSED", after: 0, code: "not_accepted" };
  for (const said of heard) assert.deepEqual(said, [once, once, once]);
});

test("whoever was blocked after they had talked is told no more than a stranger, and is heard again when they are accepted", async () => {
  const { ana, bia } = two();
  for (const one of [ana, bia]) one.acquainted = false;
  connect(ana, bia);
  expectOk(await ana.send(bia, "oi"));
  await settle(ana, bia);
  expectOk(await bia.send(ana, "olá"));
  await settle(ana, bia);
  expectOk(await bia.chats.answerContact(ana.name, "block"));
  expectOk(await ana.send(bia, "?"));
  expectOk(await ana.send(bia, "!"));
  await settle(ana, bia);
  const delivery = ana.lastDelivery();
  assert.equal(delivery?.kind === "held" && delivery.reason.code, "not_accepted");
  expectOk(await bia.chats.answerContact(ana.name, "accept"));
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["oi", "olá", "?", "!"]);
  assert.equal(ana.lastDelivery()?.kind, "sent");
});

test("sharing a room answers a request that waits, on both sides, and takes back no refusal", async () => {
  for (const answer of [undefined, "block"] as const) {
    const { ana, bia } = two();
    for (const one of [ana, bia]) one.acquainted = false;
    connect(ana, bia);
    expectOk(await ana.send(bia, "oi"));
    expectOk(await ana.send(bia, "e mais isto"));
    await settle(ana, bia);
    if (answer !== undefined) expectOk(await bia.chats.answerContact(ana.name, answer));
    for (const [one, other] of [
      [ana, bia],
      [bia, ana],
    ] as const) {
      one.acquainted = true;
      await one.chats.acquainted(other.account);
    }
    await settle(ana, bia);
    const told = bia.told("message").map((event) => event.kind === "message" && event.message.content);
    assert.deepEqual(told, answer === undefined ? ["oi", "e mais isto"] : []);
    assert.deepEqual(bia.chats.contactRequests(), []);
    // Whoever talked with us stays accepted when the room is left.
    for (const one of [ana, bia]) one.acquainted = false;
    expectOk(await ana.send(bia, "depois"));
    await settle(ana, bia);
    assert.equal(ana.lastDelivery()?.kind, answer === undefined ? "sent" : "held");
  }
});

test("whom nobody had time for is heard as soon as a room is shared", async () => {
  const clock = new VirtualClock();
  const bia = new Device({ name: "bia", clock });
  bia.acquainted = false;
  for (let index = 0; index < CONTACT_REQUESTS_PENDING_MAX; index += 1) {
    const stranger = new Device({ name: `s${index}`, clock });
    connect(stranger, bia);
    expectOk(await stranger.send(bia, "oi"));
    await settle(stranger, bia);
  }
  const ana = new Device({ name: "ana", clock });
  connect(ana, bia);
  expectOk(await ana.send(bia, "oi"));
  await settle(ana, bia);
  const delivery = ana.lastDelivery();
  assert.equal(delivery?.kind === "held" && delivery.reason.code, "busy");
  bia.acquainted = true;
  await bia.chats.acquainted(ana.account);
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["oi"]);
});

for (const answer of ["ignore", "block"] as const) {
  test(`${answer}: nothing more is stored, and the other side is told no more than before`, async () => {
    const { ana, bia } = two();
    for (const one of [ana, bia]) one.acquainted = false;
    connect(ana, bia);
    expectOk(await ana.send(bia, "oi"));
    await settle(ana, bia);
    expectOk(await bia.chats.answerContact(ana.name, answer));
    const before = bia.commits;
    expectOk(await ana.send(bia, "?"));
    await settle(ana, bia);
    const delivery = ana.lastDelivery();
    assert.equal(delivery?.kind === "held" && delivery.reason.code, "not_accepted");
    assert.equal(bia.commits, before);
    assert.deepEqual([bia.chats.contactRequests(), bia.chats.conversations()], [[], []]);
    expectOk(await bia.chats.answerContact(ana.name, "accept"));
    await settle(ana, bia);
    assert.deepEqual(bia.texts(ana), ["oi", "?"]);
  });
}

test("a stranger's long first message is asked about without its text, and comes when it is accepted", async () => {
  const { ana, bia } = two();
  bia.acquainted = false;
  connect(ana, bia);
  const long = "a".repeat(CONTACT_REQUEST_CHARS_MAX + 1);
  expectOk(await ana.send(bia, long));
  await settle(ana, bia);
  assert.deepEqual(
    bia.chats.contactRequests().map(({ text }) => text),
    [""],
  );
  expectOk(await bia.chats.answerContact(ana.name, "accept"));
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), [long]);
});

test("P23: a crowd of strangers fills a bounded list", async () => {
  const clock = new VirtualClock();
  const bia = new Device({ name: "bia", clock });
  bia.acquainted = false;
  for (let index = 0; index <= CONTACT_REQUESTS_PENDING_MAX; index += 1) {
    const stranger = new Device({ name: `s${index}`, clock });
    connect(stranger, bia);
    expectOk(await stranger.send(bia, "oi"));
    await settle(stranger, bia);
  }
  assert.equal(bia.chats.contactRequests().length, CONTACT_REQUESTS_PENDING_MAX);
  assert.equal(bia.history.chats().length, CONTACT_REQUESTS_PENDING_MAX);
});

test("two strangers who write to each other have both accepted", async () => {
  const { ana, bia } = two();
  for (const one of [ana, bia]) one.acquainted = false;
  expectOk(await ana.send(bia, "oi"));
  expectOk(await bia.send(ana, "olá"));
  connect(ana, bia);
  await settle(ana, bia);
  expectOk(await ana.send(bia, "que bom"));
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["olá", "oi", "que bom"]);
  assert.deepEqual([ana.chats.contactRequests(), bia.chats.contactRequests()], [[], []]);
});

// ---- reading

test("pages go both ways over everything, once each", async () => {
  const { ana, bia } = two();
  const texts = Array.from({ length: 25 }, (_, index) => `linha ${index}`);
  for (const text of texts) expectOk(await ana.send(bia, text));
  const back: string[] = [];
  let page = expectOk(ana.chats.history(bia.name, { limit: 10 }));
  assert.equal(page.after, null);
  for (;;) {
    back.unshift(...page.messages.map(({ content }) => content));
    if (page.before === null) break;
    page = expectOk(ana.chats.history(bia.name, { before: page.before, limit: 10 }));
  }
  assert.deepEqual(back, texts);
  const forth = page.messages.map(({ content }) => content);
  for (; page.after !== null; ) {
    page = expectOk(ana.chats.history(bia.name, { after: page.after, limit: HISTORY_PAGE_MAX + 5 }));
    forth.push(...page.messages.map(({ content }) => content));
  }
  assert.deepEqual(forth, texts);
  for (const wrong of ["x", "m.a.b.c"]) assert.equal(ana.chats.history(bia.name, { before: wrong as never }).ok, false);
  // A message that was just told of is a place as well.
  const told = expectOk(await ana.send(bia, "mais uma"));
  const around = expectOk(ana.chats.history(bia.name, { before: told.kept?.cursor ?? fail(), limit: 1 }));
  assert.deepEqual(
    around.messages.map(({ content }) => content),
    ["linha 24"],
  );
});

test("unread counts what they wrote until it is read, and tells them only if the user wants", async () => {
  const { ana, bia } = two();
  connect(ana, bia);
  for (const text of ["um", "dois"]) expectOk(await ana.send(bia, text));
  await settle(ana, bia);
  assert.equal(bia.chats.unread(ana.name).count, 2);
  await bia.chats.markRead(ana.name);
  await settle(ana, bia);
  assert.deepEqual(bia.chats.unread(ana.name), { count: 0, first: null });
  assert.deepEqual(ana.lastDelivery(), { kind: "sent", received: 1, silent: 0, of: 1 });
  bia.tellsRead = true;
  expectOk(await ana.send(bia, "três"));
  await settle(ana, bia);
  await bia.chats.markRead(ana.name);
  await settle(ana, bia);
  assert.deepEqual(ana.lastDelivery(), { kind: "sent", received: 1, silent: 0, of: 1, read: 1 });
  await ana.restart();
  const messages = expectOk(ana.chats.history(bia.name)).messages;
  assert.ok(messages.every(({ delivery }) => delivery?.kind === "sent" && delivery.read === 1));
});

// ---- new keys

test("F15: what was not confirmed under old keys goes again under new ones, and is shown once", async () => {
  const { ana, bia } = two();
  const [link, back] = connect(ana, bia);
  expectOk(await ana.send(bia, "um"));
  expectOk(await ana.send(bia, "dois"));
  // The first one arrived, and its confirmation is lost.
  link.deliver();
  await ana.clock.settle();
  back.wire.length = 0;
  ana.device = deviceOf("ana, chaves novas");
  await ana.restart();
  connect(ana, bia);
  await settle(ana, bia);
  assert.deepEqual(bia.texts(ana), ["um", "dois"]);
  assert.deepEqual(ana.texts(bia), ["um", "dois"]);
  assert.ok(expectOk(ana.chats.history(bia.name)).messages.every(({ delivery }) => delivery?.kind === "sent"));
  // And again: nothing is left to be said.
  await ana.restart();
  assert.equal(ana.chats.isWaitingFor(bia.account), false);
});

for (const how of ["by itself", "before the next message"] as const)
  test(`F9, I1: what has to go again under new keys waits for a full disk, and goes on ${how}`, async () => {
    const clock = new VirtualClock();
    let isFull = false;
    const ana = new Device({ name: "ana", clock, history: { fails: () => isFull } });
    const bia = new Device({ name: "bia", clock });
    for (const text of ["um", "dois"]) expectOk(await ana.send(bia, text));
    ana.device = deviceOf("ana, chaves novas");
    isFull = true;
    await ana.restart();
    const refused = await ana.send(bia, "três");
    assert.equal(!refused.ok && refused.fault.code, "storage_failed");
    connect(ana, bia);
    await clock.advance(10 * REOFFER_LAST_MS);
    await settle(ana, bia);
    assert.deepEqual(bia.texts(ana), []);
    isFull = false;
    if (how === "by itself") await clock.advance(REOFFER_LAST_MS);
    expectOk(await ana.send(bia, "três"));
    await settle(ana, bia);
    assert.deepEqual(bia.texts(ana), ["um", "dois", "três"]);
    assert.deepEqual(ana.texts(bia), ["um", "dois", "três"]);
    assert.equal(ana.chats.isWaitingFor(bia.account), false);
  });

// ---- devices

test("a device that is revoked is owed nothing and forgotten, and what the account has is not", async () => {
  const clock = new VirtualClock();
  let known = [deviceOf("bia"), deviceOf("gaveta")];
  const ana = new Device({ name: "ana", clock, devicesOf: () => known });
  const bia = new Device({ name: "bia", clock });
  const tablet = new Device({ name: "bia", device: "tablet", clock });
  const kept = () => new Set(ana.history.progress(bia.account).map(({ device }) => device));
  connect(ana, bia);
  expectOk(await ana.send(bia, "um"));
  await settle(ana, bia);
  assert.deepEqual(kept(), new Set(known));
  for (const link of [...ana.links]) link.cut();

  // One that never confirmed anything goes; the one by which it is known what arrived stays until another has as much.
  known = [tablet.device];
  ana.chats.devicesChanged(bia.account);
  await clock.settle();
  assert.deepEqual(kept(), new Set([deviceOf("bia"), tablet.device]));
  await ana.restart();
  assert.equal(ana.chats.isWaitingFor(bia.account), false);
  connect(ana, tablet);
  expectOk(await ana.send(bia, "dois"));
  await settle(ana, tablet);
  assert.deepEqual(tablet.texts(ana), ["dois"]);
  ana.chats.devicesChanged(bia.account);
  await clock.settle();
  assert.deepEqual(kept(), new Set([tablet.device]));
});

test("however many devices an account names one after the other, a bounded number is kept", async () => {
  const clock = new VirtualClock();
  let known = [deviceOf("bia")];
  const ana = new Device({ name: "ana", clock, devicesOf: () => known });
  const bia = new Device({ name: "bia", clock });
  connect(ana, bia);
  expectOk(await ana.send(bia, "um"));
  await settle(ana, bia);
  for (let round = 0; round < 5; round += 1) {
    known = Array.from({ length: STATEMENT_DEVICES_MAX }, (_, index) => deviceOf(`${round} ${index}`));
    ana.chats.devicesChanged(bia.account);
    await clock.settle();
    assert.ok(ana.history.progress(bia.account).length <= PRIVATE_PROGRESS_MAX);
  }
  assert.equal(ana.chats.isWaitingFor(bia.account), false);
});

test("one message is found by its id, and what somebody ignored writes does not count as unread", async () => {
  const { ana, bia } = two();
  const link = connect(ana, bia);
  bia.acquainted = true;
  ana.acquainted = true;
  expectOk(await ana.send(bia, "um"));
  await settle(ana, bia);
  const said = expectOk(await ana.send(bia, "dois"));
  await settle(ana, bia);
  assert.ok(link);
  const page = expectOk(bia.chats.history(ana.name));
  const shown = page.messages.find(({ id }) => id === said.id);
  assert.equal(shown?.content, "dois");
  assert.deepEqual(bia.chats.message(ana.name, said.id), shown);
  assert.equal(ana.chats.message(bia.name, said.id)?.own, true);
  assert.equal(bia.chats.message(bia.name, said.id), undefined);
  assert.equal(bia.chats.message(ana.name, "x" as typeof said.id), undefined);

  assert.equal(bia.chats.unread(ana.name).count, 2);
  bia.ignored.add(ana.name);
  assert.deepEqual(bia.chats.unread(ana.name), { count: 0, first: null });
  assert.deepEqual(
    bia.chats.conversations().map(({ unread }) => unread),
    [0],
  );
});
