// Draws the pictures of the README: `npm run pictures`. Three real Papos on a real tracker hold the conversation of
// the founding report behind pseudo-terminals, on the classic screens and on the full one; what one of these terminals
// shows at the end becomes an SVG, in each language. Nothing is drawn that was not on that screen.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPapoInTerminal, startTrackerProgram } from "../packages/testing/src/processes/papo.ts";
import { TemporaryHome } from "../packages/testing/src/processes/temporary-home.ts";
import { ROOT } from "./checks/tree.mjs";
import { cellsSvg } from "./pictures/cells-svg.mjs";
import { FULL_SCENES, playFullScreen } from "./pictures/full-screen.mjs";
import { screenOf } from "./pictures/screen.mjs";
import { svgOf } from "./pictures/svg.mjs";

const COLUMNS = 78;
const ROWS = 24;
const SCENES = [
  {
    language: "en",
    picture: "classic-en.svg",
    title: "Three people chatting in Papo's classic screen",
    lines: [
      ["gabi", "hiiii"],
      ["nori", "hiiiii"],
      ["yuki", "how are you all?"],
    ],
  },
  {
    language: "pt-BR",
    picture: "classic-pt-br.svg",
    title: "Três pessoas conversando na tela clássica do Papo",
    lines: [
      ["gabi", "olaaaa"],
      ["nori", "olaaaaa"],
      ["yuki", "como voces estao?"],
    ],
  },
];

mkdirSync(join(ROOT, "docs", "pictures"), { recursive: true });
for (const scene of SCENES) {
  const screen = await play(scene);
  writeFileSync(join(ROOT, "docs", "pictures", scene.picture), svgOf(screen, { columns: COLUMNS, title: scene.title }));
  process.stdout.write(`docs/pictures/${scene.picture}\n`);
}

for (const scene of FULL_SCENES) {
  const cells = await playFullScreen(scene);
  for (const theme of ["light", "dark"]) {
    const file = `docs/pictures/${scene.picture}-${theme}.svg`;
    writeFileSync(join(ROOT, file), cellsSvg(cells, { title: scene.title, theme }));
    process.stdout.write(`${file}\n`);
  }
}

async function play({ language, lines }) {
  using home = new TemporaryHome();
  await using all = new AsyncDisposableStack();
  const tracker = await startTrackerProgram(["--store", "memory"], { home });
  all.use(tracker.program);
  const people = new Map();
  for (const [name] of lines) people.set(name, all.use(await enter(name, { home, language, tracker })));
  for (const terminal of people.values()) await waitForAll(terminal, people);
  for (const [author, text] of lines) {
    people.get(author).enter(text);
    for (const terminal of people.values()) await terminal.lines.see(`<${author}> ${text}\n`);
  }
  const first = people.get(lines[0][0]);
  await first.lines.expect(/<yuki> [^\n]+\n+[^\n]+\(gabi\): \s*$/);
  const rows = screenOf(first.out.text, { columns: COLUMNS });
  return rows.slice(rows.findLastIndex((row) => textOf(row).startsWith("OK: ")));
}

/** Registers and enters the room TESTE, which the first one makes. */
async function enter(name, { home, language, tracker }) {
  const args = ["--classic", "--tracker", tracker.address, "--profile", home.at(name), "--lang", language];
  const size = { columns: COLUMNS, rows: ROWS };
  const terminal = await startPapoInTerminal(args, { home, name, ...size });
  await terminal.lines.expect("0. ");
  for (const answer of ["2", name, "segredo"]) await answerNext(terminal, answer);
  await terminal.lines.expect("5. ");
  for (const answer of [name === "gabi" ? "3" : "4", "TESTE"]) await answerNext(terminal, answer);
  await terminal.lines.expect(/=+ .*TESTE =+/);
  return terminal;
}

async function answerNext(terminal, answer) {
  await terminal.lines.expect(/: \s*$/);
  terminal.enter(answer);
}

function textOf(row) {
  return row.map(({ text }) => text).join("");
}

/** Until this one sees all the others as present and is connected to them: who was there before is in the header, who came later is told. */
async function waitForAll(terminal, people) {
  for (const [name, other] of people) {
    await terminal.lines.see(new RegExp(`Online: .*\\b${name}\\b|\\*\\*\\* ${name} `));
    // Links with those who were there before are open when the room is shown.
    const came = other !== terminal && !new RegExp(`Online: .*\\b${name}\\b`).test(terminal.lines.text);
    if (came) await terminal.lines.see(new RegExp(`P2P[^\\]]*\\] ${name} `));
  }
}
