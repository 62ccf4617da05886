// Goal: docs/protocol suffices: who follows these pages with TLS, Ed25519, SHA-256 and JSON alone logs in, enters rooms that are kept, reads what was
// said before, is believed, and chats.
// Method: the second implementation in docs-client*.ts against the real tracker process and a real `papo --classic`; and the golden rooms.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { type Program, startPapo, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";
import { DocsClient, type DocsMember } from "./docs-client.ts";
import { isSigned, readEntry } from "./docs-client-log.ts";

const { classic, feed, kept } = catalogueOf("en");

test("the second implementation imports nothing but node:tls, node:net and node:crypto", () => {
  const here = new URL(".", import.meta.url);
  const files = readdirSync(here).filter((file) => /^docs-client(?:-[a-z]+)?\.ts$/u.test(file));
  assert.equal(files.length, 6);
  for (const file of files) {
    const source = readFileSync(new URL(file, here), "utf8");
    const imports = [...source.matchAll(/^(?:import|export)\b[^;]*? from "(.+)";$/gmu)].map(([, from]) => String(from));
    const others = imports.filter((from) => !/^\.\/docs-client-[a-z]+\.ts$/u.test(from));
    assert.ok(
      others.every((from) => ["node:crypto", "node:net", "node:tls"].includes(from)),
      `${file}: ${others.join(", ")}`,
    );
  }
});

test("the golden rooms are entries as the pages describe them", () => {
  const vectors = new URL("../../../../packages/peer/test/vectors/room-log.json", import.meta.url);
  const rooms = JSON.parse(readFileSync(vectors, "utf8")) as readonly {
    readonly room: string;
    readonly entries: readonly { id: string; header: string; body: string | null; signature: string | null }[];
  }[];
  const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, "base64url"));
  let signed = 0;
  for (const { room, entries } of rooms) {
    for (const { id, header, body, signature } of entries) {
      const entry = readEntry(room, { bytes: Buffer.from(header), body: bytes(body), signature: bytes(signature) });
      assert.equal(entry.id, id);
      if (signature !== null) assert.equal(isSigned(entry), true);
      signed += signature === null ? 0 : 1;
    }
  }
  assert.ok(signed > 10);
});

for (const dials of [true, false]) {
  test(`a client made from the pages reads a room's log, is believed and chats (${dials ? "it dials" : "it is dialled"})`, async () => {
    await using world = await World.start();
    const { gabi, docs } = world;
    gabi.type("3\nTESTE\nbefore anybody came\nand once more\n");
    await gabi.out.see("<gabi> and once more");

    const { room, others } = await docs.join("TESTE");
    if (dials) await docs.dial(world.gabiAmong(others));
    await docs.until(() => room.lines.length === 2);
    assert.deepEqual(room.lines, ["gabi: before anybody came", "gabi: and once more"]);
    assert.equal(room.log.genesis?.["name"], "TESTE");
    await gabi.out.see(feed.joined("docs"));

    const seq = room.say("written from the pages", "two under one signature");
    await gabi.out.see("<docs> two under one signature");
    await docs.until(() => room.isStored(seq));
    gabi.type("read on the other side\n");
    await docs.until(() => room.lines.length === 5);
    assert.equal(room.lines.at(-1), "gabi: read on the other side");
    await untilStored(gabi);

    docs.cut();
    const apart = room.say("written while apart");
    await docs.dial(world.gabiAmong(others));
    await gabi.out.see("<docs> written while apart");
    await docs.until(() => room.isStored(apart));
    assert.equal(gabi.out.count("<docs> written while apart"), 1);

    docs.goodbye();
    // Before the tracker tells that docs is gone: nobody is told to be away twice.
    await gabi.out.see(feed.unlinked("docs"));
    await docs.logout();
    gabi.endInput();
    assert.equal((await gabi.endWithin()).code, 0);
  });
}

test("private messages with numbers are confirmed by both sides", async () => {
  await using world = await World.start();
  const { gabi, docs } = world;
  gabi.type("3\nTESTE\n");
  await gabi.out.see(classic.roomHeader("TESTE"));
  const { room, others } = await docs.join("TESTE");
  await docs.dial(world.gabiAmong(others));
  await gabi.out.see(feed.joined("docs"));
  await docs.until(() => room.log.genesis !== undefined);

  const chat = await docs.privately();
  chat.say("and in private");
  await gabi.out.see(`${feed.privateFrom("docs")} and in private`);
  await docs.until(() => chat.isConfirmed);
  gabi.type("/back\n5\ndocs\n");
  await gabi.out.see(classic.privateHeader("docs"));
  gabi.type("heard\nand again\n");
  await docs.until(() => chat.heard.length === 2);
  assert.deepEqual(chat.heard, ["heard", "and again"]);
  await untilStored(gabi);

  docs.cut();
  chat.say("written while apart");
  await docs.dial(world.gabiAmong(others));
  await docs.until(() => chat.isConfirmed);
  await gabi.out.see("<docs> written while apart");
  assert.equal(gabi.out.count("written while apart"), 1);
  assert.equal(gabi.out.count(`${feed.privateFrom("docs")} and in private`), 1, "what was confirmed is not said again");
});

test("a room that the pages found is one for the real program", async () => {
  await using world = await World.start();
  const { gabi, docs } = world;
  const room = await docs.create("DAS PAGINAS");
  room.say("first", "second");
  gabi.type("4\nDAS PAGINAS\n");
  await gabi.out.see("<docs> second");
  gabi.type("third\n");
  await docs.until(() => room.lines.length === 3);
  assert.deepEqual(room.lines, ["docs: first", "docs: second", "gabi: third"]);
  await untilStored(gabi);
});

test("an invite's link is read, used and answered", async () => {
  await using world = await World.start();
  const { gabi, docs } = world;
  gabi.type("6\nSEGREDO\nnot for those who come later\n/invite\n");
  const [link] = await gabi.out.see(/papo:\/\/\S+#i=\S+/u);
  const room = await docs.useInvite(link);
  await gabi.out.see(kept.admitted("docs", "gabi"));
  gabi.type("welcome\n");
  await docs.until(() => room.lines.length === 1);
  const seq = room.say("thank you");
  await gabi.out.see("<docs> thank you");
  await docs.until(() => room.isStored(seq));
  assert.deepEqual(room.lines, ["gabi: welcome", "docs: thank you"], "its history begins where it came in");
});

/** A tracker, the real program with an account of its own, and a client made from the pages. */
class World {
  readonly gabi: Program;
  readonly docs: DocsClient;
  readonly #all: AsyncDisposableStack;

  private constructor(gabi: Program, docs: DocsClient, all: AsyncDisposableStack) {
    this.gabi = gabi;
    this.docs = docs;
    this.#all = all;
  }

  static async start(): Promise<World> {
    await using all = new AsyncDisposableStack();
    const home = all.use(new TemporaryHome());
    const { program, host, port, address } = await startTrackerProgram(["--store", "memory"], { home });
    all.use(program);
    const gabi = all.use(startPapo(["--classic", "--tracker", address, "--profile", home.at("gabi")], { home }));
    gabi.type("2\ngabi\nsegredo\n");
    await gabi.out.see(classic.menuTitle);
    const docs = all.use(new DocsClient("docs", address.split("#k=")[1] ?? ""));
    await docs.register({ host, port }, "outro segredo");
    return new World(gabi, docs, all.move());
  }

  gabiAmong(members: readonly DocsMember[]): DocsMember {
    const [member] = members;
    assert.ok(member);
    assert.equal(member.username, "gabi");
    return member;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#all.disposeAsync();
  }
}

/** The screen tells how the last message fared when it is asked; it is asked until the confirmation has arrived. */
async function untilStored(program: Program): Promise<void> {
  for (;;) {
    program.type("/why 1\n");
    const [line] = await program.out.expect(/^--- .+ ---$/mu);
    if (line === kept.whyStored(1, 1, 0, false)) return;
  }
}
