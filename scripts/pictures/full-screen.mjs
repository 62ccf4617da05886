// Three people at the full screen: the conversation that the README shows, played by real programs.
import { startTrackerProgram } from "../../packages/testing/src/processes/papo.ts";
import { TemporaryHome } from "../../packages/testing/src/processes/temporary-home.ts";
import { KEYS } from "../../packages/testing/src/screens/live-screen.ts";
import { XtermScreen } from "../../packages/testing/src/screens/xterm-screen.ts";

const SIZE = { columns: 96, rows: 26 };
const PASSWORD = "segredo";

export const FULL_SCENES = [
  {
    ...{ language: "en", picture: "full-en", title: "A room in Papo's full screen" },
    ...{ room: "kitchen", second: "books", commands: { create: "/create", join: "/join", topic: "/topic" } },
    ...{ topic: "who brings the cake?", keys: { create: "n", look: "l" } },
    ...{ edit: "/edit", reply: "/reply", react: "/react", message: "/msg" },
    lines: {
      hello: "hiiii",
      back: "hiiiii 👋",
      ask: "how are you all? the party is on Saturday",
      answer: "fine! I bring the cake 🎂",
      typo: "I bring musik",
      mended: "I bring music: 音楽 🎶",
      secret: "a surprise for yuki?",
      last: "see you there",
      draft: "shall we say eight",
    },
  },
  {
    ...{ language: "pt-BR", picture: "full-pt-br", title: "Uma sala na tela cheia do Papo" },
    ...{ room: "cozinha", second: "livros", commands: { create: "/criar", join: "/entrar", topic: "/topico" } },
    ...{ topic: "quem traz o bolo?", keys: { create: "n", look: "d" } },
    ...{ edit: "/editar", reply: "/responder", react: "/reagir", message: "/mensagem" },
    lines: {
      hello: "olaaaa",
      back: "olaaaaa 👋",
      ask: "como vocês estão? a festa é no sábado",
      answer: "tudo bem! eu levo o bolo 🎂",
      typo: "eu levo a musca",
      mended: "eu levo a música: 音楽 🎶",
      secret: "e a surpresa da yuki?",
      last: "até lá",
      draft: "que tal às oito",
    },
  },
];

/** The cells of the first one's screen at the end. */
export async function playFullScreen(scene) {
  using home = new TemporaryHome();
  await using all = new AsyncDisposableStack();
  const tracker = await startTrackerProgram(["--store", "memory"], { home });
  all.use(tracker.program);
  const people = {};
  for (const name of ["gabi", "nori", "yuki"]) {
    people[name] = all.use(await open(name, { home, tracker, scene }));
    await registers(people[name], name, scene);
    await enters(people[name], name, scene);
  }
  await talk(people, scene);
  return people.gabi.cells();
}

function open(name, { home, tracker, scene }) {
  const args = ["--tracker", tracker.address, "--profile", home.at(name), "--lang", scene.language, "--no-lan"];
  return XtermScreen.start(args, { home, name, ...SIZE });
}

async function registers(screen, name, { keys }) {
  await screen.waitFor(/^.*> N {2}/mu);
  screen.type(keys.create);
  await screen.waitFor(/\[ \p{L}+ \]/u);
  screen.type(name, KEYS.enter, PASSWORD, KEYS.enter, PASSWORD, KEYS.enter);
  await screen.waitFor(new RegExp(`\\[${name}\\]`, "u"));
  await screen.waitFor(new RegExp(`${name}$|${name}!`, "mu"));
  screen.type(KEYS.escape);
  await screen.waitFor(/^>$/mu);
}

async function enters(screen, name, { commands, room, second, topic }) {
  const isFirst = name === "gabi";
  if (isFirst) await says(screen, `${commands.create} ${second}`, `[${second} 1]`);
  await says(screen, `${isFirst ? commands.create : commands.join} ${room}`, `[${room} `);
  if (isFirst) await says(screen, `${commands.topic} ${topic}`, new RegExp(`│${room}.*${topic.slice(0, 8)}`, "u"));
}

async function talk({ gabi, nori, yuki }, { room, lines, edit, reply, react, message }) {
  for (const screen of [gabi, nori, yuki]) await screen.waitFor(new RegExp(`\\[${room} 3\\].*\\[2 `, "u"));
  const everybody = async (text) => {
    for (const screen of [gabi, nori, yuki]) await screen.waitFor(`│ ${text}`);
  };
  const tell = async (screen, text) => {
    screen.type(text, KEYS.enter);
    await everybody(text);
  };
  await tell(gabi, lines.hello);
  await tell(nori, lines.back);
  await tell(yuki, lines.ask);
  nori.type(`${reply} ${lines.answer}`, KEYS.enter);
  await everybody(lines.answer);
  yuki.type(`${react} 🎉`, KEYS.enter);
  for (const screen of [gabi, nori, yuki]) await screen.waitFor("🎉");
  await tell(gabi, lines.typo);
  gabi.type(`${edit} ${lines.mended}`, KEYS.enter);
  await everybody(lines.mended);
  nori.type(`${message} gabi ${lines.secret}`, KEYS.enter);
  await gabi.waitFor(/ 4 .*nori +1/u);
  await tell(yuki, lines.last);
  gabi.type(lines.draft);
  await gabi.waitFor(`> ${lines.draft}`);
}

async function says(screen, line, seen) {
  screen.type(line, KEYS.enter);
  await screen.waitFor(seen);
}
