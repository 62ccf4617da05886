// Goal: a command line is either understood or answered with one clear problem, never a stack trace.
// Method: lines as people type and mistype them through the pure parser, and arbitrary ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, catalogueOf } from "@papo/view-model";
import fc from "fast-check";
import { OPTION_NAMES } from "../../src/arguments/options.ts";
import { parseLine } from "../../src/arguments/parse.ts";
import { problemText } from "../../src/arguments/problem-text.ts";
import { COMMAND_NAMES, COMMANDS } from "../../src/commands/table.ts";
import { helpText } from "../../src/help.ts";

const problemOf = (...argv: readonly string[]) => parseLine(argv).problem;

test("words and options may stand in any order", () => {
  const expected = { command: "tracker import", values: { data: "d", json: true }, words: ["old"], problem: undefined };
  assert.deepEqual(parseLine(["tracker", "import", "old", "--data", "d", "--json"]), expected);
  assert.deepEqual(parseLine(["--json", "tracker", "--data=d", "import", "old"]), expected);
});

test("nothing at all means chatting", () => {
  assert.deepEqual(parseLine([]), { command: "chat", values: {}, words: [], problem: undefined });
});

test("what is mistyped is told, with what was probably meant", () => {
  assert.deepEqual(problemOf("trackr"), { kind: "unknown-command", word: "trackr", nearest: "tracker" });
  assert.deepEqual(problemOf("tracker", "exprot", "x"), {
    kind: "unknown-command",
    word: "exprot",
    nearest: "tracker export",
  });
  assert.deepEqual(problemOf("xyz"), { kind: "unknown-command", word: "xyz", nearest: undefined });
  assert.deepEqual(problemOf("--clasic"), { kind: "unknown-option", option: "--clasic", nearest: "--classic" });
  assert.deepEqual(problemOf("demo", "--port", "1"), { kind: "other-command-option", option: "--port" });
  assert.deepEqual(problemOf("tracker", "import"), { kind: "missing-word" });
  assert.deepEqual(problemOf("tracker", "import", "a", "b"), { kind: "unexpected-word", word: "b" });
});

test("a message takes a conversation and as many words as there are, and `-` is one of them", () => {
  assert.deepEqual(parseLine(["send", "TESTE", "bom", "dia", "--json"]).words, ["TESTE", "bom", "dia"]);
  assert.deepEqual(parseLine(["send", "@gabi", "-"]), {
    ...{ command: "send", values: {}, words: ["@gabi", "-"], problem: undefined },
  });
  assert.deepEqual(problemOf("send"), { kind: "missing-word" });
  assert.equal(problemOf("tail"), undefined);
  assert.equal(problemOf("tail", "A", "@b"), undefined);
});

test("a value that is forgotten, doubled or not wanted is told", () => {
  assert.deepEqual(problemOf("--tracker"), { kind: "needs-value", name: "tracker" });
  assert.deepEqual(problemOf("--tracker", "--classic"), { kind: "needs-value", name: "tracker" });
  assert.deepEqual(problemOf("--profile="), { kind: "needs-value", name: "profile" });
  assert.deepEqual(problemOf("--profile", "a", "--profile", "b"), { kind: "repeated-option", option: "--profile" });
  assert.deepEqual(problemOf("--classic=yes"), { kind: "takes-no-value", option: "--classic" });
  assert.equal(parseLine(["--profile=-odd"]).values.profile, "-odd");
});

test("--tracker may be given again, for other addresses of the same tracker", () => {
  assert.deepEqual(parseLine(["--tracker", "papo://a.example:1", "--tracker=papo://b.example:2"]).values.tracker, [
    "papo://a.example:1",
    "papo://b.example:2",
  ]);
});

test("`help` and `--help` excuse a missing folder", () => {
  assert.equal(parseLine(["help", "tracker", "import"]).values.help, true);
  assert.equal(problemOf("help", "tracker", "import"), undefined);
  assert.equal(problemOf("tracker", "import", "--help"), undefined);
});

test("no line makes the parser or its texts throw, and each problem is one line", () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...COMMAND_NAMES,
      ...OPTION_NAMES.map((name) => `--${name}`),
      "--",
      "-",
      "--__proto__",
      "constructor",
    ),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), fc.constantFrom(...LANGUAGES), (argv, language) => {
      const { problem, command } = parseLine(argv);
      if (problem === undefined) return;
      const text = problemText(problem, command, catalogueOf(language).papo);
      assert.match(text, /^[^\x00-\x1f\x7f]+$/u);
    }),
  );
});

test("help of each command has its usage, every option and an example, in each language", () => {
  for (const language of LANGUAGES) {
    const texts = catalogueOf(language).papo;
    for (const command of COMMAND_NAMES) {
      const help = helpText(command, texts, "/config.toml");
      assert.match(help, new RegExp(`${texts.usage}: papo`, "u"));
      assert.match(help, new RegExp(`${texts.examplesTitle}:\n {2}papo`, "u"));
      for (const option of COMMANDS[command].options) assert.ok(help.includes(`--${option}`), `${command} ${option}`);
      for (const line of help.split("\n")) assert.ok(line.length <= 100, line);
    }
  }
});

test("every example in the help is a line that the parser takes", () => {
  for (const language of LANGUAGES) {
    for (const { examples } of Object.values(catalogueOf(language).papo.commands)) {
      for (const { line } of examples) assert.equal(problemOf(...wordsForPapo(line)), undefined, line);
    }
  }
});

/** What a shell gives to papo, which may stand in a pipe or in a `$(…)` of the line. */
function wordsForPapo(line: string): readonly string[] {
  const words = /(?:^|\| |\$\()papo\b([^|)]*)/u.exec(line)?.[1];
  assert.ok(words !== undefined, line);
  return words.split(" ").filter((word) => word !== "");
}
