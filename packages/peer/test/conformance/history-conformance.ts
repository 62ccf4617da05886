import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { ABOUT_PER_AUTHOR_MAX, type RoomId } from "@papo/protocol";
import type {
  EntryLine,
  History,
  HistoryChange,
  SearchResult,
  StoredEntry,
} from "../../src/storage/history/history.ts";
import {
  account,
  chat,
  device,
  entry,
  entryId,
  message,
  messageId,
  put,
  putMessage,
  putRoom,
  room,
  roomId,
  signature,
  signatureText,
} from "./history-samples.ts";

export type HistoryUnderTest = {
  readonly name: string;
  open(test: TestContext): Promise<{ readonly history: History; reopen(): Promise<History> }>;
};

/** What every history must do. A new one calls this and is done when it passes. */
export function historyConformance(subject: HistoryUnderTest): void {
  describe(`history ${subject.name}`, () => {
    entries(subject);
    changesToEntries(subject);
    voidAgain(subject);
    orderAndPages(subject);
    crowdedRemarks(subject);
    rooms(subject);
    privateChats(subject);
    searches(subject);
    durability(subject);
  });
}

const idsOf = (lines: readonly { readonly id: string }[]) => lines.map(({ id }) => id);
const LOBBY = roomId("lobby");

async function store(history: History, ...changes: readonly HistoryChange[]): Promise<void> {
  assert.deepEqual(await history.commit(changes), { ok: true, value: undefined });
}

/** Bytes as text and maps as lists, so that a view of bytes equals a copy of them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

function entries(subject: HistoryUnderTest): void {
  test("gives back an entry byte for byte, with its arrival", async (t) => {
    const { history } = await subject.open(t);
    const signed = entry("lobby", "ana", 1, { signature: signature("ana"), target: entryId("x"), text: null });
    await store(history, putRoom(room("lobby")), put(signed), put(entry("lobby", "ana", 2, { body: null })));
    assert.deepEqual(plain(history.entry(LOBBY, signed.id)), plain({ ...signed, arrival: 1 }));
    assert.equal(history.entry(LOBBY, entryId("none")), undefined);
    assert.equal(history.entry(roomId("other"), signed.id), undefined);
    assert.equal(history.entryAt(LOBBY, device("ana"), "content", 2)?.arrival, 2);
    assert.equal(history.entryAt(LOBBY, device("ana"), "control", 2), undefined);
    assert.equal(history.effectiveOf(LOBBY, signed.id), 1);
  });

  test("I2: an entry that is held already is not there twice", async (t) => {
    const { history } = await subject.open(t);
    const first = entry("lobby", "ana", 1);
    await store(history, putRoom(room("lobby")), put(first), put({ ...first, effective: 9 }));
    await store(history, put(first));
    assert.deepEqual(idsOf(history.lines(LOBBY, { limit: 10 })), [first.id]);
    assert.equal(history.effectiveOf(LOBBY, first.id), 1);
  });

  test("gives a chain by number, without what is void", async (t) => {
    const { history } = await subject.open(t);
    const chain = [3, 1, 2, 5].map((seq) => entry("lobby", "ana", seq, { isVoid: seq === 2 }));
    await store(history, putRoom(room("lobby")), ...chain.map(put), put(entry("lobby", "bob", 1)));
    const seqs = (from: number, limit: number) =>
      history.range(LOBBY, device("ana"), "content", from, limit).map(({ seq }) => seq);
    assert.deepEqual(seqs(1, 10), [1, 3, 5]);
    assert.deepEqual(seqs(2, 1), [3]);
    assert.deepEqual(seqs(6, 10), []);
  });

  test("P12: of two entries of one number it keeps both, and names the one that counts", async (t) => {
    const { history } = await subject.open(t);
    const one = entry("lobby", "ana", 1, { isVoid: true });
    const other = { ...one, id: entryId("fork"), isVoid: false };
    await store(history, putRoom(room("lobby")), put(one), put(other));
    assert.equal(history.entryAt(LOBBY, device("ana"), "content", 1)?.id, other.id);
    assert.equal(history.entry(LOBBY, one.id)?.isVoid, true);
  });

  test("keeps heads, who waits for whom, and receipts", async (t) => {
    const { history } = await subject.open(t);
    const head = { author: device("ana"), chain: "content", seq: 4, id: entryId("4") } as const;
    const waits = (missing: string, dependent: string): HistoryChange => ({
      kind: "put-missing",
      room: LOBBY,
      missing: entryId(missing),
      dependent: entryId(dependent),
    });
    const receipt = { room: LOBBY, device: device("bob"), count: 1, signed: { text: "{}", sig: signatureText("1") } };
    await store(
      history,
      putRoom(room("lobby")),
      { kind: "put-head", room: LOBBY, ...head },
      { kind: "put-head", room: LOBBY, ...head, chain: "control", seq: 1 },
      ...[waits("a", "x"), waits("a", "y"), waits("a", "x"), waits("b", "x")],
      { kind: "put-receipt", receipt },
    );
    await store(
      history,
      { kind: "put-head", room: LOBBY, ...head, seq: 5, id: entryId("5") },
      { kind: "remove-missing", room: LOBBY, missing: entryId("b") },
      { kind: "put-receipt", receipt: { ...receipt, count: 2 } },
    );
    assert.deepEqual(plain(history.heads(LOBBY)), [
      { ...head, chain: "control", seq: 1 },
      { ...head, seq: 5, id: entryId("5") },
    ]);
    assert.deepEqual(history.dependents(LOBBY, entryId("a")), [entryId("x"), entryId("y")]);
    assert.deepEqual(history.missing(LOBBY, 10), [entryId("a")]);
    assert.deepEqual(plain(history.receipts(LOBBY)), [{ ...receipt, count: 2 }]);
  });
}

function changesToEntries(subject: HistoryUnderTest): void {
  test("a signature and a body may come later, a body may go; the header stays", async (t) => {
    const { history } = await subject.open(t);
    const kept = entry("lobby", "ana", 1, { body: null, text: null });
    await store(history, putRoom(room("lobby")), put(kept));
    const large = new Uint8Array(1_000);
    await store(
      history,
      { kind: "put-signature", room: LOBBY, id: kept.id, signature: signature("late") },
      { kind: "put-body", room: LOBBY, id: kept.id, body: large.subarray(0, 20), text: "late" },
    );
    assert.deepEqual(history.entry(LOBBY, kept.id)?.body?.length, 20);
    assert.deepEqual(plain(history.entry(LOBBY, kept.id)?.signature), plain(signature("late")));
    assert.equal(history.bodyBytes(LOBBY, device("ana")), 20);
    await store(history, { kind: "drop-body", room: LOBBY, id: kept.id });
    const dropped = history.entry(LOBBY, kept.id);
    assert.deepEqual([dropped?.body, dropped?.text, dropped?.arrival], [null, null, 1]);
    assert.equal(history.bodyBytes(LOBBY, device("ana")), 0);
    await store(history, { kind: "drop-body", room: LOBBY, id: entryId("none") });
  });

  test("counts the bytes of bodies per author", async (t) => {
    const { history } = await subject.open(t);
    const of = (author: string, seq: number, size: number) =>
      put(entry("lobby", author, seq, { body: new Uint8Array(size) }));
    await store(history, putRoom(room("lobby")), of("ana", 1, 30), of("ana", 2, 40), of("bob", 1, 50));
    await store(history, of("ana", 2, 40), of("ana", 3, 5));
    assert.deepEqual([history.bodyBytes(LOBBY, device("ana")), history.bodyBytes(LOBBY, device("bob"))], [75, 50]);
    assert.equal(history.bodyBytes(LOBBY, device("eve")), 0);
  });

  test("I8: what lies beyond a cut is kept and not shown, and may count again", async (t) => {
    const { history } = await subject.open(t);
    await store(history, putRoom(room("lobby")), ...[1, 2, 3, 4].map((seq) => put(entry("lobby", "ana", seq))));
    const span = { kind: "set-void", room: LOBBY, author: device("ana"), chain: "content", from: 2 } as const;
    const shown = () => history.lines(LOBBY, { limit: 10 }).map(({ seq }) => seq);
    await store(history, { ...span, to: Number.MAX_SAFE_INTEGER, isVoid: true });
    assert.deepEqual(shown(), [1]);
    await store(history, { ...span, to: 3, isVoid: false });
    assert.deepEqual(shown(), [3, 2, 1]);
    assert.equal(history.unread(LOBBY).count, 3);
  });
}

function voidAgain(subject: HistoryUnderTest): void {
  test("an entry that is held void counts again when it comes as one that does, with what it lacked", async (t) => {
    const { history } = await subject.open(t);
    const held = entry("lobby", "ana", 1, { isVoid: true, body: null, text: null });
    const again = entry("lobby", "ana", 1, { effective: 5, signature: signature("ana") });
    await store(history, putRoom(room("lobby")), put(held));
    await store(history, put(again), put({ ...again, effective: 9 }));
    assert.deepEqual(plain(history.lines(LOBBY, { limit: 10 })), [plain({ ...again, arrival: 1 })]);
    assert.equal(history.bodyBytes(LOBBY, device("ana")), again.body?.length);
    await store(history, put(held));
    assert.equal(history.entry(LOBBY, held.id)?.isVoid, false);
  });
}

function orderAndPages(subject: HistoryUnderTest): void {
  /** Three authors, equal effective values, two of them with keys that begin alike. */
  async function mixed(history: History): Promise<readonly EntryLine[]> {
    const authors = [device("ana"), device("bob"), `${device("ana").slice(0, 20)}${"z".repeat(23)}`] as const;
    const made = authors.flatMap((author, index) =>
      [1, 2, 3].map((seq) => entry("lobby", `author ${index}`, seq, { author: author as never, effective: seq })),
    );
    await store(history, putRoom(room("lobby")), ...made.reverse().map(put));
    return made
      .map((stored) => ({ ...stored, arrival: 0 }))
      .sort((one, other) => one.effective - other.effective || (one.author < other.author ? -1 : 1));
  }

  test("pages through a room in its order, from either side, nothing twice", async (t) => {
    const { history } = await subject.open(t);
    const expected = idsOf(await mixed(history));
    for (const limit of [1, 2, 4, 100]) {
      const backwards: EntryLine[] = [];
      for (;;) {
        const page = history.lines(LOBBY, { before: backwards.at(-1), limit });
        if (page.length === 0) break;
        backwards.push(...page);
      }
      assert.deepEqual(idsOf(backwards.reverse()), expected);
      const [first] = backwards;
      assert.ok(first !== undefined);
      const forwards = [first];
      for (;;) {
        const page = history.lines(LOBBY, { after: forwards.at(-1), limit });
        if (page.length === 0) break;
        forwards.push(...page);
      }
      assert.deepEqual(idsOf(forwards), expected);
    }
  });

  test("an entry moves when its effective place becomes known", async (t) => {
    const { history } = await subject.open(t);
    const [, second, third] = await mixed(history);
    assert.ok(second !== undefined && third !== undefined);
    await store(history, { kind: "set-effective", room: LOBBY, id: second.id, effective: 7 });
    assert.equal(history.lines(LOBBY, { limit: 1 })[0]?.id, second.id);
    assert.equal(history.effectiveOf(LOBBY, second.id), 7);
  });

  test("control entries come in order, void ones included; a page shows none", async (t) => {
    const { history } = await subject.open(t);
    const control = [2, 1, 3].map((seq) => entry("lobby", "ana", seq, { chain: "control", isVoid: seq === 3 }));
    await store(history, putRoom(room("lobby")), ...control.map(put), put(entry("lobby", "ana", 1)));
    assert.deepEqual(
      history.control(LOBBY).map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.equal(history.lines(LOBBY, { limit: 10 }).length, 1);
  });

  test("gives what is about some entries, in order", async (t) => {
    const { history } = await subject.open(t);
    const about = (author: string, seq: number, target: string, isVoid = false) =>
      put(entry("lobby", author, seq, { target: entryId(target), shown: false, isVoid }));
    await store(
      history,
      ...[putRoom(room("lobby")), about("bob", 2, "a"), about("ana", 1, "b"), about("ana", 2, "c")],
      about("bob", 3, "a", true),
    );
    const found = history.about(LOBBY, [entryId("a"), entryId("b"), entryId("a"), entryId("none")]);
    assert.deepEqual(
      found.map(({ author, seq }) => [author, seq]),
      [
        [device("ana"), 1],
        [device("bob"), 2],
      ],
    );
  });
}

function crowdedRemarks(subject: HistoryUnderTest): void {
  test("I11, P19: of what one device says about a message the newest is read, whatever it says, and of everybody else too", async (t) => {
    const { history } = await subject.open(t);
    const about = (author: string, seq: number, kind: string) =>
      put(entry("lobby", author, seq, { kind, effective: seq, target: entryId("a"), shown: false }));
    const count = 400;
    const many = Array.from({ length: count }, (_, at) => about("mallory", at + 1, "reaction"));
    await store(history, putRoom(room("lobby")), ...many, about("mallory", count + 1, "edit"));
    await store(history, about("ana", 1, "delete"), about("bob", 7, "reaction"), about("bob", 9, "edit"));
    const told = (of: readonly StoredEntry[]): readonly string[] =>
      of.map(({ author, kind, seq }) => `${author === device("mallory") ? "mallory" : "other"} ${kind} ${seq}`);
    const found = told(history.about(LOBBY, [entryId("a"), entryId("none")]));
    assert.deepEqual(found.filter((line) => line.startsWith("other")).toSorted(), [
      "other delete 1",
      "other edit 9",
      "other reaction 7",
    ]);
    const newest = Array.from({ length: ABOUT_PER_AUTHOR_MAX }, (_, at) => `mallory reaction ${count - at}`);
    assert.deepEqual(
      found.filter((line) => line.startsWith("mallory")),
      [...newest.toReversed(), `mallory edit ${count + 1}`],
    );
    const edits = history.about(LOBBY, [entryId("a")], { kind: "edit" });
    assert.deepEqual(told(edits), ["other edit 9", `mallory edit ${count + 1}`]);
    const reactions = history.about(LOBBY, [entryId("a")], { kind: "reaction", perAuthor: 1_000 });
    assert.equal(reactions.length, count + 1);
    assert.equal(history.about(LOBBY, [entryId("a")], { kind: "reaction", perAuthor: 2 }).length, 3);
  });
}

function rooms(subject: HistoryUnderTest): void {
  test("keeps rooms, their base, and what was read", async (t) => {
    const { history } = await subject.open(t);
    const kept = room("lobby", { base: new Map([[device("ana"), 7]]), state: "joining" });
    await store(history, putRoom(kept), putRoom(room("attic")), put(entry("lobby", "ana", 8)));
    const byId = [kept, room("attic")].sort((one, other) => (one.id < other.id ? -1 : 1));
    assert.deepEqual(plain(history.rooms()), plain(byId));
    await store(history, putRoom({ ...kept, state: "left", readUpTo: 1 }), put(entry("lobby", "ana", 9)));
    assert.equal(history.rooms().find(({ id }) => id === LOBBY)?.state, "left");
    assert.deepEqual(history.unread(LOBBY), {
      count: 1,
      first: { effective: 9, author: device("ana"), id: entry("lobby", "ana", 9).id },
    });
  });

  test("counts what came since the user read, wherever in the order it lies", async (t) => {
    const { history } = await subject.open(t);
    await store(history, putRoom(room("lobby")), put(entry("lobby", "ana", 5)));
    assert.equal(history.arrival(LOBBY), 1);
    await store(
      history,
      ...[putRoom(room("lobby", { readUpTo: history.arrival(LOBBY) })), put(entry("lobby", "bob", 9))],
      put(entry("lobby", "bob", 2)),
    );
    const { count, first } = history.unread(LOBBY);
    assert.deepEqual([count, first?.effective], [2, 2]);
    await store(history, putRoom(room("lobby", { readUpTo: history.arrival(LOBBY) })));
    assert.deepEqual(history.unread(LOBBY), { count: 0, first: null });
    assert.deepEqual(history.unread(roomId("none")), { count: 0, first: null });
    assert.equal(history.arrival(roomId("none")), 0);
  });

  test("counts nothing as unread that own devices wrote", async (t) => {
    const { history } = await subject.open(t);
    await store(history, putRoom(room("lobby")));
    await store(history, ...["ana", "tablet", "bob", "ana"].map((who, at) => put(entry("lobby", who, at + 1))));
    const unread = history.unread(LOBBY, [device("ana"), device("tablet"), device("nobody")]);
    assert.deepEqual(unread, {
      count: 1,
      first: { effective: 3, author: device("bob"), id: entry("lobby", "bob", 3).id },
    });
    assert.deepEqual(history.unread(LOBBY, ["ana", "tablet", "bob"].map(device)), { count: 0, first: null });
    assert.equal(history.unread(LOBBY).count, 4);
  });

  test("a forgotten room is gone, and may begin anew", async (t) => {
    const { history } = await subject.open(t);
    await store(history, putRoom(room("lobby")), put(entry("lobby", "ana", 1)), put(entry("attic", "ana", 1)));
    await store(history, { kind: "forget-room", id: LOBBY });
    assert.deepEqual(history.rooms(), []);
    assert.deepEqual(history.lines(LOBBY, { limit: 10 }), []);
    assert.equal(history.entry(LOBBY, entry("lobby", "ana", 1).id), undefined);
    assert.equal(history.lines(roomId("attic"), { limit: 10 }).length, 1);
    await store(history, putRoom(room("lobby")), put(entry("lobby", "ana", 2)));
    assert.deepEqual(
      history.lines(LOBBY, { limit: 10 }).map(({ seq }) => seq),
      [2],
    );
  });
}

function privateChats(subject: HistoryUnderTest): void {
  const ANA = account("ana");

  test("keeps private messages in the order in which they came, each once", async (t) => {
    const { history } = await subject.open(t);
    const first = message("ana", "ana's phone", 1);
    const second = message("ana", "mine", 1, {
      own: true,
      supersedes: { device: device("old"), id: messageId("old") },
    });
    const hidden = message("ana", "ana's phone", 2, { shown: false, afterGap: true, forked: true });
    await store(history, { kind: "put-chat", chat: chat("ana") }, ...[first, second, first, hidden].map(putMessage));
    const lines = history.privateLines(ANA, { limit: 10 });
    assert.deepEqual(
      plain(lines),
      plain([
        { ...second, position: 2 },
        { ...first, position: 1 },
      ]),
    );
    assert.deepEqual(idsOf(history.privateLines(ANA, { after: 1, limit: 10 })), [second.id]);
    assert.deepEqual(idsOf(history.privateLines(ANA, { before: 2, limit: 10 })), [first.id]);
    const found = history.privateMessage(ANA, hidden.device, hidden.id);
    assert.deepEqual(plain(found), plain({ ...hidden, position: 3 }));
    assert.equal(history.privateMessage(ANA, device("other"), first.id), undefined);
    assert.deepEqual(plain(history.privateById(ANA, first.id)), plain({ ...first, position: 1 }));
    assert.equal(history.privateById(ANA, hidden.id), undefined);
    assert.equal(history.privateById(account("bia"), first.id), undefined);
    assert.equal(history.privateSuperseding(ANA, { device: device("old"), id: messageId("old") })?.id, second.id);
    assert.equal(history.privateSuperseding(ANA, { device: device("x"), id: messageId("old") }), undefined);
    assert.equal(history.unreadPrivate(ANA), 1);
    await store(history, { kind: "put-chat", chat: chat("ana", { readUpTo: 1 }) });
    assert.equal(history.unreadPrivate(ANA), 0);
    assert.deepEqual(history.chats(), [chat("ana", { readUpTo: 1 })]);
  });

  test("gives a device's chain by number, and the head of each", async (t) => {
    const { history } = await subject.open(t);
    const fork = message("ana", "phone", 2, { id: messageId("fork") });
    await store(
      history,
      ...[message("ana", "phone", 2), message("ana", "phone", 1), fork, message("ana", "phone", null)].map(putMessage),
      ...[message("ana", "mine", 1, { own: true }), message("bob", "phone", 9)].map(putMessage),
    );
    const chain = history.privateChain(ANA, device("phone"), 1, 10);
    assert.deepEqual(
      chain.map(({ seq, position }) => [seq, position]),
      [
        [1, 2],
        [2, 1],
        [2, 3],
      ],
    );
    assert.deepEqual(
      history.privateChain(ANA, device("phone"), 2, 1).map(({ position }) => position),
      [1],
    );
    const heads = [
      { device: device("phone"), own: false, seq: 2, id: message("ana", "phone", 2).id },
      { device: device("mine"), own: true, seq: 1, id: message("ana", "mine", 1).id },
    ].sort((one, other) => (one.device < other.device ? -1 : 1));
    assert.deepEqual(plain(history.privateHeads(ANA)), heads);
  });

  test("keeps how far others have our chains, and small things by name", async (t) => {
    const { history } = await subject.open(t);
    const progress = { account: ANA, chain: device("mine"), device: device("phone"), from: 1, confirmed: 0, read: 0 };
    await store(history, { kind: "put-progress", progress }, { kind: "put-setting", name: "draft", value: "olá" });
    await store(history, { kind: "put-progress", progress: { ...progress, confirmed: 3, read: 2 } });
    assert.deepEqual(plain(history.progress(ANA)), [{ ...progress, confirmed: 3, read: 2 }]);
    assert.deepEqual(history.progress(account("bob")), []);
    const other = { ...progress, device: device("tablet") };
    const { account: of, chain, device: gone } = progress;
    await store(history, { kind: "put-progress", progress: other });
    await store(history, { kind: "remove-progress", account: of, chain, device: gone });
    await store(history, { kind: "remove-progress", account: account("bob"), chain, device: gone });
    assert.deepEqual(plain(history.progress(ANA)), [other]);
    assert.equal(history.setting("draft"), "olá");
    await store(history, { kind: "put-setting", name: "draft", value: null });
    assert.equal(history.setting("draft"), undefined);
  });
}

function searches(subject: HistoryUnderTest): void {
  const said = (author: string, seq: number, text: string, changes = {}) =>
    put(entry("lobby", author, seq, { text, ...changes }));

  async function found(history: History, text: string, place: { room?: RoomId; offset?: number } = {}) {
    const outcome = await history.search({ text, ...place });
    assert.ok(outcome.ok);
    return outcome.value.map((result: SearchResult) => result.line.text);
  }

  test("finds words in any order, the last as a beginning, without case or accents, newest first", async (t) => {
    const { history } = await subject.open(t);
    await store(
      history,
      ...[
        putRoom(room("lobby")),
        said("ana", 1, "Amanhã tem CAFÉ"),
        said("ana", 2, "café da manhã"),
        said("bob", 1, "chá"),
      ],
      { kind: "put-chat", chat: chat("ana") },
      putMessage(message("ana", "phone", 1, { text: "um cafezinho?" })),
    );
    assert.deepEqual(await found(history, "cafe"), ["um cafezinho?", "café da manhã", "Amanhã tem CAFÉ"]);
    assert.deepEqual(await found(history, "café amanhã"), ["Amanhã tem CAFÉ"]);
    assert.deepEqual(await found(history, "MANHA caf"), ["café da manhã"]);
    assert.deepEqual(await found(history, "caf tem"), []);
    assert.deepEqual(await found(history, "cafe", { room: LOBBY }), ["café da manhã", "Amanhã tem CAFÉ"]);
    assert.deepEqual(await found(history, "cafe", { room: roomId("none") }), []);
    const inChat = await history.search({ text: "cafe", account: account("ana") });
    assert.equal(inChat.ok && inChat.value.length, 1);
    assert.deepEqual(await found(history, "cafe", { offset: 2 }), ["Amanhã tem CAFÉ"]);
  });

  test("does not find what is void, dropped or forgotten, and finds what came later", async (t) => {
    const { history } = await subject.open(t);
    const kept = said("ana", 1, "segredo um");
    await store(
      history,
      ...[putRoom(room("lobby")), kept, said("ana", 2, "segredo dois"), said("bob", 1, "segredo", { isVoid: true })],
      said("bob", 2, "segredo três", { body: null, text: null }),
    );
    await store(history, { kind: "drop-body", room: LOBBY, id: entry("lobby", "ana", 1).id });
    assert.deepEqual(await found(history, "segredo"), ["segredo dois"]);
    const late = { room: LOBBY, id: entry("lobby", "bob", 2).id, body: Buffer.alloc(20), text: "segredo três" };
    await store(history, { kind: "put-body", ...late });
    assert.deepEqual(await found(history, "segredo"), ["segredo três", "segredo dois"]);
    await store(history, { kind: "forget-room", id: LOBBY });
    assert.deepEqual(await found(history, "segredo"), []);
  });

  test("W14: whatever is typed is a search or finds nothing", async (t) => {
    const { history } = await subject.open(t);
    await store(history, putRoom(room("lobby")), said("ana", 1, 'he said "AND OR NOT" (x) * near/3 -y col:z ^q'));
    for (const text of [
      '"',
      "AND",
      "OR NOT",
      "(",
      "*",
      'said "and',
      "near/3",
      "col:",
      "^",
      "-",
      "'",
      ";--",
      "\0",
      "\uD800",
      "",
    ]) {
      assert.ok((await history.search({ text })).ok, JSON.stringify(text));
    }
    assert.equal((await found(history, 'NOT "said')).length, 1);
    assert.deepEqual(await found(history, "x".repeat(10_000)), []);
    assert.deepEqual(await found(history, "\uE000r1"), []);
  });
}

function durability(subject: HistoryUnderTest): void {
  test("holds after a restart what was committed", async (t) => {
    const { history, reopen } = await subject.open(t);
    await store(history, putRoom(room("lobby")), put(entry("lobby", "ana", 1)));
    await history.close();
    assert.equal((await history.commit([putRoom(room("late"))])).ok, false);
    const again = await reopen();
    assert.deepEqual(idsOf(again.lines(LOBBY, { limit: 10 })), [entry("lobby", "ana", 1).id]);
    await store(again, put(entry("lobby", "ana", 2)));
    assert.equal(again.arrival(LOBBY), 2);
  });

  test("commits of one turn are kept in the order of the calls, those before a close included", async (t) => {
    const { history, reopen } = await subject.open(t);
    const values = Array.from({ length: 500 }, (_, n) => `${n}`);
    const commits = values.map((value) => history.commit([{ kind: "put-setting", name: "last", value }]));
    await history.close();
    assert.ok((await Promise.all(commits)).every(({ ok }) => ok));
    assert.equal((await reopen()).setting("last"), "499");
  });
}
