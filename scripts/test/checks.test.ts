// Goal: each check of `npm run verify` finds what it is for, and leaves alone what is right.
// Method: small texts as fixtures, given to the functions inside the checks; no file of the repository is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueFindings } from "../checks/catalogue.mjs";
import { commandProblem, commands, compileFindings } from "../checks/docs-code.mjs";
import { parse } from "../checks/findings.mjs";
import { fencedBlocks, proseLines } from "../checks/markdown.mjs";
import { completed, missingOptionals } from "../checks/lock.mjs";
import { onePlaceFindings } from "../checks/one-place.mjs";
import {
  citations,
  describes,
  faultFindings,
  limitFindings,
  messageNames,
  numberIn,
} from "../checks/protocol-docs.mjs";
import { exportedNames, namesInReport, rowProblems, unmapped } from "../checks/report-map.mjs";
import { citedIds, promised, robustnessFindings } from "../checks/robustness.mjs";
import { standsAloneFindings } from "../checks/stands-alone.mjs";
import { linesByFile, linesOf } from "../coverage.mjs";

const byText = (one: string, other: string) => one.localeCompare(other);
const rules = (findings: readonly { readonly rule: string }[]) => findings.map(({ rule }) => rule);
const onScreen = (code: string) => catalogueFindings(parse("apps/terminal/src/screen.ts", code)).length;
const inSource = (code: string, file = "packages/link/src/x.ts") => rules(onePlaceFindings(parse(file, code)));

test("catalogue: text that users read is found wherever it hides", () => {
  assert.equal(onScreen('const text = "Escolha uma opção";'), 1);
  assert.equal(onScreen('out.write("Sair");'), 1);
  assert.equal(onScreen('out.write(online ? "sim" : "não");'), 2);
  assert.equal(onScreen("out.write(`${name} entrou`);"), 1);
  assert.equal(onScreen("const line = `${name} entrou na sala`;"), 1);
  assert.equal(onScreen('const menu = { title: "Salas" };'), 1);
});

test("catalogue: keys, types, imports, errors of ours and excused lines are no text", () => {
  assert.equal(onScreen('import { x } from "./a b c.ts"; out.write(t("menu.title"));'), 0);
  assert.equal(onScreen('type Mode = "a mode" | "another one"; const key = names["two words"];'), 0);
  assert.equal(onScreen('throw new TypeError("a screen needs a width");'), 0);
  assert.equal(onScreen('// untranslated: scripts wait for it\nout.write("listening on port");'), 0);
  assert.equal(onScreen("out.write(`${host}:${port}\\n`);"), 0);
});

test("one place: the clock, SQL and paused tests", () => {
  assert.deepEqual(inSource("const now = new Date(); const text = Date();"), ["clock", "clock"]);
  assert.deepEqual(inSource("const day = new Date(atMs);"), []);
  assert.deepEqual(inSource("db.prepare(`SELECT a FROM b WHERE c = ${d}`);"), ["sql"]);
  assert.deepEqual(inSource('db.exec("SELECT a FROM b");', "packages/tracker/src/stores/sqlite/x.ts"), []);
  assert.deepEqual(inSource('say("select a room from the list");'), ["sql"]);
  assert.deepEqual(inSource('test.only("x", run); it("y", { skip: true }, run);', "packages/link/test/x.test.ts"), [
    "paused-test",
    "paused-test",
  ]);
});

test("protocol docs: messages, limits, faults and clauses", () => {
  const union = {
    options: [{ entries: { cmd: { literal: "PING" } } }, { options: [{ entries: { status: { literal: "OK" } } }] }],
  };
  assert.deepEqual(messageNames(union), ["PING", "OK"]);
  assert.ok(describes("### 4.2 `JOIN_ROOM`", "JOIN_ROOM"));
  assert.ok(!describes("### 4.2 `JOIN_ROOM`", "JOIN"));
  assert.equal(numberIn("65,536 bytes"), 65_536);
  assert.equal(numberIn("10 s"), 10);
  const page = "| name | value |\n|---|---|\n| `A_MAX` | 65_536 |\n| `GONE_MAX` | 1 |\n";
  assert.deepEqual(limitFindings({ A_MAX: 65_536 }, page), ["GONE_MAX is no limit any more"]);
  assert.equal(limitFindings({ A_MAX: 1, B_MAX: 2 }, page).length, 3);
  assert.deepEqual(faultFindings({ busy: "later" }, "| `busy` | later | wait |"), []);
  assert.equal(faultFindings({ busy: "later", gone: "never" }, "| `busy` | never |").length, 2);
  assert.deepEqual(citations("see docs/protocol/tracker.md §4.2"), [{ page: "tracker.md", clause: "4.2" }]);
});

test("report map: names are read with their class, and a row must lead somewhere", () => {
  const report = [
    "#### 1.1.1. UserRepository",
    "- `load\\_users()` :Carrega os usuários (users\\_db.json).",
    "## 6. Captura de tela",
    "### 6.1. Registro de usuário",
    "```",
    "1. Listar peers online",
    "Digite /users ou /sair",
    "[LOGIN] gabi logado.",
    "```",
  ].join("\n");
  const names = namesInReport(report);
  assert.deepEqual(names, [
    "UserRepository",
    "UserRepository.load_users",
    "users_db.json",
    "6.1 Registro de usuário",
    "1. Listar peers online",
    "/users",
    "/sair",
    "[LOGIN]",
  ]);
  assert.deepEqual(unmapped(names.slice(0, 3), [["UserRepository"], ["UserRepository.load_users()"]]), [
    "users_db.json",
  ]);

  const files = new Map([
    ["a.ts", "export interface Users { load(): void }"],
    ["a.test.ts", 'test("loads what was saved", () => {});'],
  ]);
  const read = (file: string) => files.get(file);
  assert.deepEqual([...exportedNames("a.ts", "export const a = 1; const b = 2;")], ["a"]);
  assert.deepEqual(rowProblems(["x", "a.ts#Users.load", 'a.test.ts:"loads what"'], read), []);
  assert.equal(rowProblems(["x", "a.ts#Users.save b.ts", 'a.test.ts:"saves"'], read).length, 3);
  assert.equal(rowProblems(["x", "a.ts", ""], read).length, 1);
});

test("robustness: rows lead to tests that cite them, and cited ids have rows", () => {
  const cited = (code: string) => [...citedIds("a.test.ts", code)].toSorted(byText);
  assert.deepEqual(
    cited('test("T1, I15: a flood", () => {}); test(`F2: ${n} times`, run); test("T3 is no citation", run);'),
    ["F2", "I15", "T1"],
  );
  assert.deepEqual(cited('test("plain", () => assert.equal(a, b, "T9: why")); const other = { id: "P1" };'), []);
  assert.deepEqual(cited('for (const { id } of [{ id: "P4" }]) test(`${id}: ends`, () => check("P9"));'), ["P4"]);
  assert.deepEqual(cited('for (const [name] of [["T12: bytes", 1]]) test(name, run); const T = { R1: ["x"] };'), [
    "R1",
    "T12",
  ]);

  const page =
    "| id | input | tests |\n| --- | --- | --- |\n| T1 | x | `a.test.ts` `b.test.ts` |\n| F2 | y | `a.test.ts` |\n";
  assert.deepEqual(promised(page)[0], { id: "T1", files: ["a.test.ts", "b.test.ts"] });
  const tests = (a: readonly string[]) => new Map([["a.test.ts", new Set(a)]]);
  assert.deepEqual(rules(robustnessFindings(page, tests(["T1", "F2"]))), ["missing"]);
  assert.deepEqual(rules(robustnessFindings(page, tests(["T1", "T7"]))), ["missing", "uncited", "unknown"]);
  assert.deepEqual(rules(robustnessFindings("| T1 | x | |\n| T1 | x | a.test.ts |\n", tests(["T1"]))), ["row", "row"]);
});

test("stands alone: folders of a machine and hosts of registries", () => {
  const slash = "/";
  assert.deepEqual(rules(standsAloneFindings("x.md", `see ${slash}home${slash}someone${slash}x`)), ["machine-path"]);
  assert.deepEqual(rules(standsAloneFindings("x.json", `"https://registry${"."}example.org/x"`)), ["registry-host"]);
  const inside = ["~", "Chat and docs", "home", "page.md and a", "work", "b"].join(slash);
  assert.deepEqual(standsAloneFindings("x.md", inside), []);
});

test("documents' code: blocks are found, compiled, and commands are looked up", () => {
  const page = 'Text\n```ts\nconst n: number = "1";\n```\n```sh\nnpm run nothing # a comment\n```\n';
  const [code, shell] = fencedBlocks(page);
  assert.ok(code !== undefined && shell !== undefined);
  assert.deepEqual(
    compileFindings([{ ...code, file: "x.md" }]).map(({ line, rule }) => [line, rule]),
    [[3, "TS2322"]],
  );
  assert.deepEqual(commands(shell), ["npm run nothing"]);
  assert.deepEqual(proseLines(page), ["Text", "", "", "", "", "", "", ""]);

  const helps = new Map([
    ["", "--lang"],
    ["tracker", "--port"],
  ]);
  const world = { scripts: { start: "" }, helpOf: (path: readonly string[]) => helps.get(path.join(" ")) };
  assert.equal(commandProblem("npm run nothing", world), 'package.json has no script "nothing"');
  assert.equal(commandProblem("npm start", world), undefined);
  assert.equal(commandProblem("npm start -- --lang en", world), undefined);
  assert.equal(commandProblem("npx papo tracker --port 6060", world), undefined);
  assert.match(commandProblem("npx papo tracker --prot 6060", world) ?? "", /does not mention --prot/);
  assert.match(commandProblem("npx papo nothing", world) ?? "", /does not work/);
  assert.match(commandProblem("node scripts/nothing.mjs", world) ?? "", /does not exist/);
});

test("coverage: a source that nothing loads counts, a module of types does not", () => {
  const lcov = "SF:packages/link/src/a.ts\nDA:1,1\nDA:2,0\nend_of_record\n";
  assert.deepEqual(linesByFile([lcov]).get("packages/link/src/a.ts"), { all: 2, covered: 1 });
  const other = lcov.replace("DA:1,1\nDA:2,0", "DA:1,0\nDA:2,3");
  assert.deepEqual(linesByFile([lcov, other]).get("packages/link/src/a.ts"), { all: 2, covered: 2 });
  assert.equal(linesOf("/** A shape. */\nexport type A = { readonly b: string };\n"), 0);
  assert.equal(linesOf("// why\nexport const a = 1;\n"), 2);
});

test("lock: an optional package of another system gets its entry back", () => {
  const tool = { version: "1.0.0", dev: true, optionalDependencies: { "tool-darwin-arm64": "1.0.0" } };
  const lock = { packages: { "": {}, "node_modules/tool": tool, "node_modules/zebra": { version: "1.0.0" } } };
  assert.deepEqual(
    missingOptionals(lock).map(({ name }) => name),
    ["tool-darwin-arm64"],
  );
  const { packages } = completed(lock);
  assert.deepEqual(Object.keys(packages), [
    "",
    "node_modules/tool",
    "node_modules/tool-darwin-arm64",
    "node_modules/zebra",
  ]);
  assert.deepEqual(missingOptionals({ packages }), []);
});
