// A tool that reports nothing may be well configured, or see nothing. So mistakes are planted in a copy of the
// tree, and the arrows tool, the linter, the one-place check and the catalogue check must report exactly these:
// nothing missing, and nothing else in the planted files.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { copyOfTree, ROOT } from "./tree.mjs";

/** Each planted file with what every tool must say about it. */
const PLANTED = [
  {
    file: "packages/tracker/src/services/planted-arrow.ts",
    text: 'import * as engine from "@papo/peer";\nexport const planted = engine;\n',
    arrows: ["arrows-of-tracker"],
  },
  {
    file: "packages/protocol/src/planted-upward.ts",
    text: 'import * as link from "@papo/link";\nexport const planted = link;\n',
    arrows: ["arrows-of-protocol"],
  },
  {
    file: "packages/view-model/src/planted-engine.ts",
    text: 'import * as engine from "@papo/peer";\nexport const planted = engine;\n',
    arrows: ["view-model-sees-the-api"],
  },
  {
    file: "packages/tracker/src/handlers/planted-store.ts",
    text: 'import { planted } from "../stores/planted-sql.ts";\nexport const again = planted;\n',
    arrows: ["handlers-are-thin"],
  },
  {
    file: "packages/tracker/src/stores/planted-sql.ts",
    text: 'import { DatabaseSync } from "node:sqlite";\nexport const planted = [DatabaseSync, "SELECT name FROM room"];\n',
  },
  {
    file: "packages/peer/src/mesh/planted-socket.ts",
    text: 'import { connect } from "node:net";\nimport { DatabaseSync } from "node:sqlite";\nexport const planted = [connect, DatabaseSync, "SELECT name FROM room"];\n',
    arrows: ["place-of-net", "place-of-sqlite"],
    onePlace: ["sql"],
  },
  {
    file: "packages/link/src/planted-cycle.ts",
    text: 'import { other } from "./planted-cycle-too.ts";\nexport const planted = () => other;\n',
  },
  {
    file: "packages/link/src/planted-cycle-too.ts",
    text: 'import { planted } from "./planted-cycle.ts";\nexport const other = () => planted;\n',
    arrows: ["no-cycle"],
  },
  {
    file: "packages/peer/src/planted-tool.ts",
    text: 'import * as fc from "fast-check";\nimport * as net from "@papo/testing";\nexport const planted = [fc, net];\n',
    arrows: ["arrows-of-peer", "declared-dependencies", "sources-without-tests"],
  },
  {
    file: "packages/link/src/planted-globals.ts",
    text: [
      "export const planted = setTimeout(() => undefined, 1);",
      "export const interval = setInterval(() => undefined, 1);",
      'console.log("planted");',
      "export const now = [Date.now(), performance.now(), new Date(), Math.random()];",
      'process.stdout.write("planted");',
      "",
    ].join("\n"),
    lint: ["no-restricted-globals x4", "no-restricted-properties x3"],
    onePlace: ["clock"],
  },
  {
    file: "packages/link/src/plantedName.ts",
    text: [
      'export type Colour = "red" | "blue";',
      "export async function planted(value: any): Promise<void> {",
      "  await Promise.resolve(value);",
      "}",
      "export function floats(colour: Colour, names: readonly string[]): string {",
      "  planted(colour);",
      "  switch (colour) {",
      '    case "red":',
      "      return names[0]!;",
      "  }",
      '  return "";',
      "}",
      "export default planted;",
      "",
    ].join("\n"),
    lint: [
      "filename-case",
      "no-default-export",
      "no-explicit-any",
      "no-floating-promises",
      "no-non-null-assertion",
      "switch-exhaustiveness-check",
    ],
  },
  {
    file: "apps/terminal/src/planted-text.ts",
    text: [
      "type Out = { write(text: string): void };",
      "export function planted(out: Out, name: string): void {",
      '  out.write("Bem-vindo");',
      "  out.write(`${name} entrou na sala`);",
      '  const later = "Type your name";',
      "  out.write(later);",
      '  out.write(name === "none" ? "" : name);',
      "  // untranslated: scripts wait for this line",
      '  out.write("listening on port");',
      "}",
      "",
    ].join("\n"),
    catalogue: ["literal x3"],
  },
  {
    file: "packages/link/test/planted-paused.test.ts",
    text: 'import { test } from "node:test";\ntest.skip("planted", () => undefined);\n',
    onePlace: ["paused-test"],
    lint: ["no-floating-promises"],
  },
];

const copy = copyOfTree();
try {
  for (const { file, text } of PLANTED) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  }
  const problems = [
    ...compare("arrows", arrows()),
    ...compare("lint", lint()),
    ...compare("onePlace", check("one-place")),
    ...compare("catalogue", check("catalogue")),
  ];
  process.stdout.write(
    problems.length === 0
      ? `${PLANTED.length} planted files, each reported as it must be\n`
      : `${problems.join("\n")}\n`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Rules reported by file, against rules expected by file. */
function compare(tool, reported) {
  return PLANTED.flatMap(({ file, [tool]: expected = [] }) => {
    const found = counted(reported.filter((entry) => entry.file === file).map((entry) => entry.rule));
    const same = found.join() === [...expected].sort().join();
    return same ? [] : [`${tool}: ${file} should give [${expected.join(", ")}], gives [${found.join(", ")}]`];
  });
}

/** `["a", "b", "b"]` → `["a", "b x2"]`, sorted. */
function counted(rules) {
  const byRule = Map.groupBy(rules, (rule) => rule);
  return [...byRule].map(([rule, { length }]) => (length === 1 ? rule : `${rule} x${length}`)).sort();
}

function arrows() {
  const config = ["--config", ".dependency-cruiser.mjs", "--output-type", "json"];
  const { stdout } = run(
    join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs"),
    ...config,
    "packages",
    "apps",
  );
  const { violations } = JSON.parse(stdout).summary;
  return violations.map(({ from, rule }) => ({ file: from, rule: rule.name }));
}

function lint() {
  const { stdout } = run(join(ROOT, "node_modules/oxlint/bin/oxlint"), "--format=json", "packages", "apps");
  const { diagnostics } = JSON.parse(stdout);
  // `eslint(no-var)`, `typescript(no-explicit-any)` → the rule alone.
  return diagnostics.map(({ filename, code }) => ({ file: filename, rule: /\(([\w-]+)\)/.exec(code)?.[1] ?? code }));
}

/** The copy's own check, so that it looks at the copy. */
function check(name) {
  const { stdout } = run(join(copy, "scripts/checks", `${name}.mjs`));
  return [...stdout.matchAll(/^(\S+?):\d+:\d+ ([\w-]+):/gm)].map(([, file, rule]) => ({ file, rule }));
}

function run(program, ...args) {
  const options = { cwd: copy, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 64 * 1024 * 1024 };
  const result = spawnSync(process.execPath, [program, ...args], options);
  if (result.stdout.trim() === "")
    throw new Error(`${program} said nothing: ${result.stderr}`, { cause: result.error });
  return result;
}
