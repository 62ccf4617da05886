// Goal: three people at three terminals do everything the founding report shows, in both languages.
// Method: real `papo --classic` processes behind pseudo-terminals on a real tracker; expectations come from the
// catalogue; waits for what the screens show.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startPapoInTerminal, startTrackerProgram, TemporaryHome, type TerminalProgram } from "@papo/testing";
import { catalogueOf, LANGUAGES, type Language } from "@papo/view-model";

const PASSWORD = "segredo-da-gabi";

class Person {
  readonly name: string;
  readonly screen: TerminalProgram;
  readonly #texts: ReturnType<typeof catalogueOf>;

  constructor(name: string, screen: TerminalProgram, language: Language) {
    this.name = name;
    this.screen = screen;
    this.#texts = catalogueOf(language);
  }

  async register(): Promise<void> {
    const { classic } = this.#texts;
    await this.#answer(classic.choose, "2");
    await this.#answer(classic.username, this.name);
    await this.#answer(classic.password, PASSWORD);
    await this.shows(classic.registered);
  }

  async choose(item: string, ...answers: readonly (readonly [prompt: string, text: string])[]): Promise<void> {
    await this.#answer(this.#texts.classic.choose, item);
    for (const [prompt, text] of answers) await this.#answer(prompt, text);
  }

  /** The next time that it shows this. */
  async shows(text: string | RegExp): Promise<void> {
    await this.screen.lines.expect(text);
  }

  async #answer(prompt: string, text: string): Promise<void> {
    await this.shows(prompt);
    this.screen.enter(text);
  }
}

for (const language of LANGUAGES) {
  test(`three people register, list, create, join, chat, chat in private, leave and delete (${language})`, async () => {
    using home = new TemporaryHome();
    const tracker = await startTrackerProgram(["--store", "memory"], { home });
    await using _tracker = tracker.program;
    const { classic, feed, commands, kept } = catalogueOf(language);
    const start = async (name: string): Promise<Person> => {
      const args = ["--classic", "--tracker", tracker.address, "--profile", home.at(name), "--lang", language];
      return new Person(name, await startPapoInTerminal(args, { home, name }), language);
    };
    const [gabi, nori, yuki] = await Promise.all([start("gabi"), start("nori"), start("yuki")]);
    await using _gabi = gabi.screen;
    await using _nori = nori.screen;
    await using _yuki = yuki.screen;
    const people = [gabi, nori, yuki];

    await Promise.all(people.map((person) => person.register()));
    await gabi.choose("1");
    await gabi.shows(classic.peersTitle);
    await gabi.choose("3", [classic.roomName, "SALA TESTE"]);
    await gabi.shows(classic.roomCreated("SALA TESTE"));
    await gabi.shows(classic.roomHeader("SALA TESTE"));

    await nori.choose("2");
    await nori.shows(classic.roomLine("SALA TESTE", 1, 50));
    await nori.choose("4", [classic.roomName, "SALA TESTE"]);
    await nori.shows(classic.roomHeader("SALA TESTE"));
    await gabi.shows(feed.joined("nori"));
    await yuki.choose("4", [classic.roomName, "SALA TESTE"]);
    await yuki.shows(classic.roomHeader("SALA TESTE"));
    await Promise.all([gabi.shows(feed.joined("yuki")), nori.shows(feed.joined("yuki"))]);

    for (const [person, text] of [
      [gabi, "olaaaa"],
      [nori, "olaaaaa"],
      [yuki, "como você está? 🎉"],
    ] as const) {
      person.screen.enter(text);
      const line = new RegExp(`\\d\\d:\\d\\d:\\d\\d\\] <${person.name}> ${text.replace("?", "\\?")}\n`, "u");
      await Promise.all(people.map((reader) => reader.shows(line)));
      for (const reader of people) assert.equal(reader.screen.lines.count(line), 1, `${reader.name} sees ${text} once`);
    }

    gabi.screen.enter("/users");
    await gabi.shows(feed.membersTitle(3, 50));
    await gabi.shows(new RegExp(`- yuki \\(.*${feed.reachEncrypted}`, "u"));
    gabi.screen.enter("/help");
    await gabi.shows(commands.leave.help);

    nori.screen.enter(commands.leave.usage);
    // Whoever has not heard of it yet still takes nori for somebody of the room.
    await Promise.all([gabi.shows(feed.left("nori")), yuki.shows(feed.left("nori"))]);
    await nori.shows(classic.menuTitle);
    await nori.choose("5", [classic.peerName, "yuki"]);
    await nori.shows(classic.privateHeader("yuki"));
    nori.screen.enter("só para você");
    // They share no room any more: yuki is asked, and what nori wrote waits for the answer.
    await yuki.shows(kept.requestAnswers("nori"));
    yuki.screen.enter("/accept nori");
    await yuki.shows(
      new RegExp(`${feed.privateFrom("nori").replace("[", "\\[").replace("]", "\\]")} só para você`, "u"),
    );
    nori.screen.enter(commands.leave.usage);
    await nori.shows(classic.menuTitle);

    gabi.screen.enter(commands.deleteRoom.usage);
    await yuki.shows(kept.roomClosed("SALA TESTE"));
    await gabi.shows(classic.menuTitle);
    assert.equal(gabi.screen.lines.text.includes("só para você"), false, "what is private stays so");

    for (const person of people) {
      assert.equal(person.screen.out.text.includes(PASSWORD), false, "the password is never echoed");
    }
    await gabi.choose("0");
    assert.equal((await gabi.screen.endWithin()).code, 0);
    nori.screen.type("\x04");
    assert.equal((await nori.screen.endWithin()).code, 0, "end of input leaves as well");
    assert.equal((await tracker.program.stop()).code, 0);
  });
}
