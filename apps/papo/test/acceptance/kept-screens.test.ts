// Goal: what is kept reaches people through the real command: over restarts and by way of others, by invite, after a removal, in a backup, and back to
// original programs.
// Method: real `papo --classic` processes with pipes on a real tracker; expectations come from the catalogue; waits for what the screens show.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { type Program, type RunningTracker, startPapo, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";
import { SeedClient } from "./seed-client.ts";

const { classic, kept, feed, papo, faults } = catalogueOf("en");
const PASSWORD = "correct horse battery";
const ROOM = "TESTE";

/** A house with a tracker, in which people open and close their Papos. */
class Neighbours implements AsyncDisposable {
  readonly home: TemporaryHome;
  readonly tracker: RunningTracker;
  readonly #programs = new AsyncDisposableStack();

  private constructor(home: TemporaryHome, tracker: RunningTracker) {
    this.home = home;
    this.tracker = tracker;
    this.#programs.use(tracker.program);
  }

  static async meet(): Promise<Neighbours> {
    const home = new TemporaryHome();
    return new Neighbours(home, await startTrackerProgram(["--store", "memory"], { home }));
  }

  command(args: readonly string[], profile: string): Program {
    const where = ["--tracker", this.tracker.address, "--profile", this.home.at(profile), "--lang", "en"];
    return this.#programs.use(
      startPapo([...args, ...where], { home: this.home, name: `${args.join(" ")} of ${profile}` }),
    );
  }

  async arrives(name: string): Promise<Person> {
    const person = new Person(name, this.command(["--classic"], name));
    person.types("2", name, PASSWORD);
    await person.shows(classic.registered);
    return person;
  }

  /** With the key that the profile has. */
  async returns(name: string, profile = name): Promise<Person> {
    const person = new Person(name, this.command(["--classic"], profile));
    person.types("");
    await person.shows(classic.resumed(name));
    return person;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#programs.disposeAsync();
    this.home[Symbol.dispose]();
  }
}

class Person {
  readonly name: string;
  readonly program: Program;

  constructor(name: string, program: Program) {
    this.name = name;
    this.program = program;
  }

  types(...lines: readonly string[]): void {
    this.program.type(lines.map((line) => `${line}\n`).join(""));
  }

  /** The next time that it shows this. */
  async shows(text: string | RegExp): Promise<void> {
    await this.program.out.expect(text);
  }

  async creates(): Promise<void> {
    this.types("3", ROOM);
    await this.shows(classic.roomHeader(ROOM));
  }

  async enters(): Promise<void> {
    this.types("4", ROOM);
    await this.shows(classic.roomHeader(ROOM));
  }

  async says(text: string): Promise<void> {
    this.types(text);
    await this.shows(said(this.name, text));
  }

  async leaves(): Promise<void> {
    this.program.endInput();
    assert.equal((await this.program.endWithin()).code, 0);
  }

  async history(file: string): Promise<string> {
    this.types(`/export ${file}`);
    await this.shows(classic.ok(kept.exported(file)));
    return readFileSync(file, "utf8");
  }
}

function said(name: string, text: string): RegExp {
  return new RegExp(`<${name}> ${text}\\n`, "u");
}

test("I3: what is written while the other is away arrives by way of a third, though the two are never there together", async () => {
  await using neighbours = await Neighbours.meet();
  let gabi = await neighbours.arrives("gabi");
  await gabi.creates();
  let nori = await neighbours.arrives("nori");
  await nori.enters();
  await gabi.shows(feed.joined("nori"));
  const yuki = await neighbours.arrives("yuki");
  await yuki.enters();
  await gabi.shows(feed.joined("yuki"));
  await nori.shows(feed.joined("yuki"));
  await gabi.says("before");
  await Promise.all([nori, yuki].map((person) => person.shows(said("gabi", "before"))));

  await nori.leaves();
  await gabi.says("while nori is away");
  await yuki.shows(said("gabi", "while nori is away"));
  await gabi.leaves();
  nori = await neighbours.returns("nori");
  await nori.enters();
  await nori.shows(said("gabi", "while nori is away"));
  await nori.says("while gabi is away");
  await yuki.shows(said("nori", "while gabi is away"));
  await nori.leaves();

  gabi = await neighbours.returns("gabi");
  await gabi.enters();
  await gabi.shows(said("nori", "while gabi is away"));
  nori = await neighbours.returns("nori");
  await nori.enters();
  const histories = await Promise.all(
    [gabi, nori, yuki].map((person) => person.history(neighbours.home.at(`${person.name}.txt`))),
  );
  for (const history of histories) {
    assert.equal(history, histories[0], "the same for everybody");
    for (const text of ["before", "while nori is away", "while gabi is away"])
      assert.equal(history.split(`> ${text}\n`).length, 2, text);
  }
});

test("a message that nobody can have says so, /why says why, and it goes out after both were restarted", async () => {
  await using neighbours = await Neighbours.meet();
  let gabi = await neighbours.arrives("gabi");
  await gabi.creates();
  let nori = await neighbours.arrives("nori");
  await nori.enters();
  await gabi.shows(feed.joined("nori"));
  await gabi.says("hello");
  await nori.shows(said("gabi", "hello"));
  await nori.leaves();
  await gabi.shows(feed.unlinked("nori"));
  await gabi.says("are you there");
  await gabi.shows(feed.notice(kept.heldRoom));
  gabi.types("/why");
  await gabi.shows(kept.whyHeld);
  await gabi.shows(`- nori: ${kept.has.waiting}`);
  gabi.types("/why nori");
  await gabi.shows(kept.whyPerson("nori"));
  await gabi.leaves();

  gabi = await neighbours.returns("gabi");
  nori = await neighbours.returns("nori");
  await nori.enters();
  await nori.shows(said("gabi", "are you there"));
  await gabi.enters();
  await gabi.shows(said("gabi", "are you there"));
  gabi.types("/search there");
  await gabi.shows(kept.foundTitle(1));
});

test("F17, P30: a link lets one person into a room that nobody else can find; who is removed reads on, and hears nothing more", async () => {
  await using neighbours = await Neighbours.meet();
  const gabi = await neighbours.arrives("gabi");
  gabi.types("6", ROOM);
  await gabi.shows(classic.roomHeader(ROOM));
  await gabi.says("before the invite");
  gabi.types("/invite");
  await gabi.shows(kept.inviteMade(1, 7));
  const [link] = await gabi.program.out.expect(/papo:\/\/\S+#i=\S+/u);

  const nori = await neighbours.arrives("nori");
  nori.types("4", ROOM);
  await nori.shows(classic.roomMissing(ROOM));
  nori.types("4", link);
  await nori.shows(classic.roomHeader(ROOM));
  await gabi.says("welcome");
  await nori.shows(said("gabi", "welcome"));
  assert.equal(nori.program.out.text.includes("before the invite"), false, "their history begins where they come in");

  const yuki = await neighbours.arrives("yuki");
  yuki.types("4", link);
  await yuki.shows(faults.invite_invalid.happened);
  await gabi.shows(feed.notice(kept.inviteRefused("yuki", ROOM)));

  gabi.types("/kick nori");
  await gabi.shows(classic.ok(kept.kicked("nori")));
  await nori.shows(kept.roomRemoved(ROOM));
  await gabi.says("without nori");
  nori.types("hello?");
  await nori.shows(faults.removed.happened);
  nori.types("/history");
  await nori.shows(kept.historyStart);
  assert.equal(nori.program.out.text.includes("without nori"), false);
  nori.types("/forget");
  await nori.shows(classic.ok(kept.forgotten(ROOM)));
  await nori.shows(classic.menuTitle);
});

test("S7: papo export and papo import: wrong passphrases open nothing, the right one brings the account and its history back", async () => {
  await using neighbours = await Neighbours.meet();
  const { home } = neighbours;
  const gabi = await neighbours.arrives("gabi");
  await gabi.creates();
  await gabi.says("to be kept");
  const file = home.at("gabi.papo-backup");
  writeFileSync(home.at("pass.txt"), "hush hush hush\n");
  writeFileSync(home.at("wrong.txt"), "hush hush\n");
  const passphrase = (name: string) => ["--passphrase-file", home.at(name)];

  const busy = neighbours.command(["export", file, ...passphrase("pass.txt")], "gabi");
  assert.equal((await busy.endWithin()).code, 3);
  assert.equal(busy.err.text, `${papo.account.inUse("gabi")}\n`);
  await gabi.leaves();

  const asks = neighbours.command(["export", file], "gabi");
  assert.equal((await asks.endWithin()).code, 2);
  assert.equal(asks.err.text, `${papo.account.needsPassphraseFile}\n`);
  const exported = neighbours.command(["export", file, "--account", "gabi", ...passphrase("pass.txt")], "gabi");
  assert.equal((await exported.endWithin()).code, 0, exported.err.text);
  assert.equal(exported.out.text, `${papo.account.exported("gabi", file)}\n`);
  const again = neighbours.command(["export", file, ...passphrase("pass.txt")], "gabi");
  assert.equal((await again.endWithin()).code, 1);
  assert.equal(again.err.text, `${papo.account.fileExists(file)}\n`);
  const nobody = neighbours.command(["export", home.at("x"), "--account", "yuki", ...passphrase("pass.txt")], "gabi");
  assert.equal((await nobody.endWithin()).code, 1);
  assert.match(nobody.err.text, /There is no account "?yuki"? in this profile/u);

  const wrong = neighbours.command(["import", file, ...passphrase("wrong.txt")], "fresh");
  assert.equal((await wrong.endWithin()).code, 1);
  assert.match(wrong.err.text, new RegExp(faults.backup_unreadable.happened, "u"));
  const imported = neighbours.command(["import", file, ...passphrase("pass.txt")], "fresh");
  assert.equal((await imported.endWithin()).code, 0, imported.err.text);
  assert.equal(imported.out.text, `${papo.account.imported("gabi")}\n`);
  const back = await neighbours.returns("gabi", "fresh");
  await back.enters();
  await back.shows(said("gabi", "to be kept"));
  await back.says("and more");
});

test("papo unlatch: an original program logs in with the password again, until Papo is used", async () => {
  await using neighbours = await Neighbours.meet();
  const { port } = neighbours.tracker;
  const gabi = await neighbours.arrives("gabi");
  await gabi.leaves();
  // The first login with the key closes the latch.
  await (await neighbours.returns("gabi")).leaves();
  const before = await SeedClient.connect(port);
  assert.notEqual((await before.login("gabi", PASSWORD, 40_000))["status"], "OK");
  before.leave();

  const unlatched = neighbours.command(["unlatch"], "gabi");
  assert.equal((await unlatched.endWithin()).code, 0, unlatched.err.text);
  assert.equal(unlatched.out.text, `${papo.account.unlatched("gabi")}\n`);
  const after = await SeedClient.connect(port);
  assert.equal((await after.login("gabi", PASSWORD, 40_000))["status"], "OK");
  after.leave();

  await (await neighbours.returns("gabi")).leaves();
  const later = await SeedClient.connect(port);
  assert.notEqual((await later.login("gabi", PASSWORD, 40_000))["status"], "OK");
  later.leave();
});
