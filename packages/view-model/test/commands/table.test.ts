// Goal: the table of commands holds together: no name means two things, help knows all of them, and nothing typed as a command is ever said.
// Method: every command of every screen; arbitrary command lines with a peer that notes what is sent.
import assert from "node:assert/strict";
import test from "node:test";
import {
  catalogueOf,
  commandNamed,
  commandsOf,
  helpList,
  helpOn,
  LANGUAGES,
  readLine,
  type ShownLine,
} from "@papo/view-model";
import fc from "fast-check";

const SCREENS = ["room", "private", "menu"] as const;
const ALL = [...new Set(SCREENS.flatMap((kind) => commandsOf(kind, true)))];

const said = (lines: readonly ShownLine[]): string =>
  lines.map(({ spans }) => spans.map(({ text }) => text).join("")).join("\n");

test("no name belongs to two commands, and all are small letters without accents", () => {
  const names = ALL.flatMap((command) => command.names);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^\/[a-z_]+$/u);
  assert.ok(ALL.length > 50);
});

test("what takes nothing has no arguments, and what must have one has some", () => {
  for (const { id, takes, arguments: kinds } of ALL) {
    if (takes === "nothing") assert.deepEqual(kinds, [], id);
    if (takes === "something") assert.ok(kinds.length > 0, id);
  }
});

test("the classic screens have no command that needs tabs, and tabs have every other", () => {
  for (const kind of SCREENS) {
    for (const command of commandsOf(kind, false)) {
      assert.notEqual(command.needs, "tabs", command.id);
      assert.ok(commandsOf(kind, true).includes(command), command.id);
    }
  }
});

for (const language of LANGUAGES) {
  const texts = catalogueOf(language);

  test(`${language}: help lists each command once under what it is about, where it works`, () => {
    for (const kind of SCREENS) {
      for (const hasTabs of [true, false]) {
        const list = said(helpList(kind, hasTabs, texts));
        for (const command of ALL) {
          const line = texts.classic.commandLine(texts.commands[command.id].usage, texts.commands[command.id].help);
          const times = list.split("\n").filter((one) => one === line).length;
          assert.equal(times, commandsOf(kind, hasTabs).includes(command) ? 1 : 0, `${command.id} in ${kind}`);
        }
      }
    }
    const topics = Object.values(texts.actions.helpTopics).map((topic) => `\n${topic}:\n`);
    const list = said(helpList("room", true, texts));
    for (const topic of topics) assert.ok(list.includes(topic), topic);
  });

  test(`${language}: help on one says its usage, all its other names and an example that would run`, () => {
    for (const command of ALL) {
      const { usage, help, example } = texts.commands[command.id];
      const [name = ""] = usage.split(" ");
      const text = said(helpOn(name, texts) ?? []);
      assert.equal(said(helpOn(name.slice(1), texts) ?? []), text);
      assert.ok(text.includes(usage) && text.includes(help), command.id);
      for (const other of command.names) assert.ok(text.includes(other), `${command.id}: ${other}`);
      if (example === undefined) continue;
      assert.ok(text.includes(example), command.id);
      const typed = readLine(example);
      assert.ok(typed.kind === "command" && typed.command === command, example);
      assert.notEqual(command.takes, "nothing", example);
    }
    assert.equal(helpOn("nosuch", texts), undefined);
  });

  test(`${language}: usage shows an argument exactly where one can be given`, () => {
    for (const { id, takes } of ALL) {
      const { usage } = texts.commands[id];
      const isNick = id === "nick";
      if (takes === "nothing" || isNick) assert.doesNotMatch(usage, /\s/u, id);
      else assert.match(usage, takes === "optional" && id !== "reply" ? /^\/\S+ \[/u : /^\/\S+ \S/u, id);
    }
  });
}

test("a name is understood whatever its capitals and accents, and a line with one is no chat", () => {
  const names = fc.constantFrom(...ALL.flatMap((command) => command.names));
  fc.assert(
    fc.property(names, fc.string({ unit: "grapheme" }), (name, argument) => {
      assert.notEqual(commandNamed(name.toUpperCase()), undefined);
      assert.equal(readLine(`${name} ${argument}`).kind, "command");
      assert.notEqual(readLine(`${name}${argument}`).kind, "chat");
    }),
  );
});

test("a slash after what nobody sees, or a wide one, does not leak as chat", () => {
  for (const line of ["\u200b/sair", "\u00a0 /sair", "\ufeff/sair", "／sair", " \u2060／sair"])
    assert.equal(readLine(line).kind, "command", line);
  assert.equal(readLine("\u200b/sairr").kind, "unknown");
  assert.deepEqual(readLine("a/b"), { kind: "chat", text: "a/b" });
  assert.deepEqual(readLine("//sair"), { kind: "chat", text: "/sair" });
});
