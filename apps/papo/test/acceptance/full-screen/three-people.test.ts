// Goal: three people do on the full screen all that the engine can do, from the first start to coming back on another computer, in both languages; no password is
// ever on a screen.
// Method: real `papo` processes behind pseudo-terminals with xterm as the screen, on a real tracker; expectations come from the catalogue; waits for what is shown.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { KEYS } from "@papo/testing";
import { type Language, LANGUAGES } from "@papo/view-model";
import { House, lineWith, PASSWORD, type Person } from "./person.ts";

const SIZE = { columns: 110, rows: 46 };
const PASSPHRASE = "uma frase bem comprida";
const ROOM = "TESTE";

/** The commands of the session as people of that language type them. */
const COMMANDS = {
  en: {
    ...{ create: "/create", list: "/list", invite: "/invite 2 3", join: "/join", topic: "/topic", message: "/msg" },
    ...{ accept: "/requests", verify: "/verify", why: "/why", edit: "/edit", delete: "/delete", react: "/react" },
    ...{ reply: "/reply", moderate: "/mod", kick: "/kick", ban: "/ban", ignore: "/ignore", mute: "/mute" },
    ...{ mentions: "/notify mentions", away: "/away", here: "/here", export: "/export", words: "/words" },
    ...{ backup: "/backup", goTo: "/goto", quit: "/quit", invited: "invite" },
  },
  "pt-BR": {
    ...{ create: "/criar", list: "/salas", invite: "/convidar 2 3", join: "/entrar", topic: "/topico" },
    ...{ message: "/mensagem", accept: "/pedidos", verify: "/verificar", why: "/porque", edit: "/editar" },
    ...{ delete: "/apagar", react: "/reagir", reply: "/responder", moderate: "/moderar", kick: "/expulsar" },
    ...{ ban: "/banir", ignore: "/ignorar", mute: "/silenciar", mentions: "/avisos mencoes", away: "/ausente" },
    ...{ here: "/aqui", export: "/exportar", words: "/palavras", backup: "/copia", goTo: "/ir", quit: "/terminar" },
    invited: "convite",
  },
} as const satisfies Record<Language, Record<string, string>>;

for (const language of LANGUAGES) {
  test(`three people: first run, rooms, talk, trust, moderation, private chats, coming back (${language})`, async () => {
    await using house = await House.open(language);
    const start = (name: string) => house.start(name, SIZE);
    const [gabi, nori, yuki] = await Promise.all([start("gabi"), start("nori"), start("yuki")]);
    const group: Group = { house, language, type: COMMANDS[language], gabi, nori, yuki };
    await firstRuns(group);
    await theyTalk(group);
    await theyLookAround(group);
    await theyInvite(group);
    await theyWriteInPrivate(group);
    await theyCompareKeys(group);
    await theyModerate(group);
    const kept = await theyKeepTheirAccounts(group);
    await oneComesBack(group, kept);
    await oneBeginsAnew(group);
    for (const { screen, name } of [gabi, nori, yuki]) {
      assert.equal(screen.program.out.text.includes(PASSWORD), false, `${name}: the password went to the terminal`);
    }
  });
}

type Group = {
  readonly house: House;
  readonly language: Language;
  readonly type: Record<keyof (typeof COMMANDS)["en"], string>;
  readonly gabi: Person;
  readonly nori: Person;
  readonly yuki: Person;
};

/** The beginning of a sentence: the rest may stand in the next row. */
function startOf(sentence: string): string {
  return sentence.slice(0, 36);
}

/** A first start that ends in a room: an account, and the room made or joined. */
async function firstRuns({ gabi, nori, yuki }: Group): Promise<void> {
  const { panels } = gabi.texts;
  await gabi.registers();
  gabi.presses(panels.stepCreate.key);
  await gabi.sees(panels.createRoomTitle);
  gabi.presses(ROOM, KEYS.enter, KEYS.enter, KEYS.enter);
  await gabi.sees(`[${ROOM}`);
  const joins = async (person: Person): Promise<void> => {
    await person.registers();
    person.presses(panels.stepList.key);
    await person.sees(new RegExp(`${ROOM}.*1/|${ROOM}.*2/`, "u"));
    person.presses(KEYS.enter);
    await person.sees(`[${ROOM}`);
  };
  await joins(nori);
  await joins(yuki);
  for (const person of [gabi, nori, yuki]) await person.sees(`[${ROOM} 3]`, `[2 ${person.texts.chat.links.direct}`);
}

async function theyTalk({ gabi, nori, yuki, type }: Group): Promise<void> {
  const { kept } = gabi.texts;
  await gabi.tells("bom dia 日本 👩‍👩‍👧");
  await gabi.sees(/bom dia.* ✓/u);
  await Promise.all([nori, yuki].map((person) => person.sees(lineWith("bom dia 日本 👩‍👩‍👧"))));
  nori.says(`${type.reply} olá gabi`);
  await gabi.sees(lineWith("olá gabi"), /↪ gabi|> gabi|gabi: bom dia|bom dia/u);
  // The last one of all, wherever somebody looks.
  await yuki.sees(lineWith("olá gabi"));
  yuki.says(`${type.react} 👍`);
  await gabi.sees(/👍/u);
  await nori.sees(/👍/u);
  gabi.says(`${type.edit} boa tarde`);
  await nori.sees(lineWith("boa tarde"), kept.edited);
  await gabi.tells("esqueçam isto");
  await nori.sees(lineWith("esqueçam isto"));
  gabi.says(type.delete);
  await nori.sees(kept.deleted);
  await nori.seesNot("esqueçam isto");
  gabi.says(`${type.topic} quem traz o bolo?`);
  await yuki.sees(new RegExp(`^.*${ROOM}.*quem traz o bolo`, "u"));
  gabi.says(`${type.away} café`);
  await nori.sees(/@gabi +z/u);
  gabi.says(type.here);
  await gabi.sees(startOf(gabi.texts.actions.youAreBack));
}

async function theyLookAround({ gabi, nori, type, house }: Group): Promise<void> {
  const { panels, actions, kept } = gabi.texts;
  gabi.says(`${type.list} TES`);
  await gabi.sees(panels.roomsTitle, /TESTE.*3\//u);
  await gabi.closes();
  gabi.presses(KEYS.f1);
  await gabi.sees(panels.helpTitle);
  await gabi.closes();
  gabi.says(`${type.why} nori`);
  await gabi.sees(panels.whyTitle);
  await gabi.closes();
  gabi.says(type.mute);
  await gabi.sees(startOf(actions.notifyIs.none));
  gabi.says(type.mentions);
  await gabi.sees(startOf(actions.notifyIs.mentions));
  gabi.presses(KEYS.ctrl("f"));
  await gabi.sees(panels.searchFind);
  gabi.presses("tarde");
  await gabi.sees(/boa tarde/u);
  await gabi.closes();
  const file = house.home.at("conversa.txt");
  gabi.says(`${type.export} ${file}`);
  // A long path stands in a row of its own.
  await gabi.sees(kept.exported("").trim().replace(/\W+$/u, ""));
  assert.match(readFileSync(file, "utf8"), /nori> olá gabi/u);
  nori.says("//barra");
  await gabi.sees(lineWith("/barra"));
  nori.says("/naoexiste segredo");
  await nori.sees(startOf(nori.texts.classic.unknownCommand("/naoexiste")));
}

async function theyInvite({ gabi, nori, yuki, type }: Group): Promise<void> {
  const { panels } = gabi.texts;
  gabi.says(`${type.create} clube ${type.invited}`);
  await gabi.sees("[clube 1]");
  gabi.says(type.invite);
  const link = linkOn(await gabi.sees(panels.inviteTitle("clube"), /papo:\/\//u, /[█▀▄]{5}/u));
  await gabi.closes();
  nori.says(`${type.join} ${link}`);
  await nori.sees("[clube 2]");
  await gabi.tells("só nós");
  await nori.sees(lineWith("só nós"));
  yuki.says(`${type.list} clube`);
  await yuki.sees(panels.roomsTitle);
  await yuki.closes();
}

/** The link, put together again where it is too long for one row: as somebody marks it with the mouse. */
function linkOn(rows: readonly string[]): string {
  const [link] = /papo:\/\/[\w.:/#&=-]+(?:\n +[\w&=-]+$)*/mu.exec(rows.join("\n")) ?? [];
  assert.ok(link !== undefined, "no link stands there");
  return link.replaceAll(/\s/gu, "");
}

async function theyWriteInPrivate({ gabi, nori, type }: Group): Promise<void> {
  nori.says(`${type.message} gabi só para você`);
  await gabi.sees(/nori +\+?1|nori\(1\)|\d:nori/u);
  gabi.presses(KEYS.alt("a"));
  await gabi.sees(lineWith("só para você"));
  await gabi.tells("e para você");
  nori.says(`${type.goTo} gabi`);
  await nori.sees(lineWith("e para você"));
}

async function theyCompareKeys({ gabi, type }: Group): Promise<void> {
  const { panels, kept } = gabi.texts;
  gabi.says(`${type.verify} nori`);
  await gabi.sees(panels.verifyTitle("nori"), /\d{5} \d{5} \d{5}/u, /[█▀▄]{5}/u);
  gabi.presses(panels.same.key);
  await gabi.sees(startOf(kept.verified("nori")));
}

async function theyModerate({ gabi, nori, yuki, type }: Group): Promise<void> {
  const { panels, kept, actions } = gabi.texts;
  gabi.says(`${type.goTo} ${ROOM}`);
  await gabi.sees(lineWith("boa tarde"));
  gabi.says(`${type.moderate} nori`);
  await gabi.sees(startOf(kept.roleGiven("nori", kept.roles.moderator)));
  gabi.says(`${type.ignore} yuki`);
  await gabi.sees(startOf(actions.ignoring("yuki")));
  await yuki.tells("alguém me lê?");
  nori.says(`${type.goTo} ${ROOM}`);
  // What gabi has decided counts for nori once it has come there.
  await nori.sees(lineWith("alguém me lê?"), "%nori");
  assert.equal((await gabi.screen.screen()).join("\n").includes("alguém me lê?"), false, "who is ignored is not shown");
  nori.says(`${type.kick} yuki`);
  await nori.sees(startOf(actions.reallyKick("yuki")));
  nori.presses(panels.yesKey);
  await nori.sees(startOf(kept.kicked("yuki")));
  await yuki.sees(startOf(kept.roomRemoved(ROOM)));
  await gabi.sees(`[${ROOM} 2]`);
}

type Kept = { readonly words: string; readonly backup: string };

async function theyKeepTheirAccounts({ gabi, nori, type, house }: Group): Promise<Kept> {
  const { panels, actions } = gabi.texts;
  gabi.says(type.words);
  const words = wordsOn(await gabi.sees(panels.recoveryTitle, /24\. \p{L}+/u));
  gabi.presses(panels.written.key);
  await gabi.seesNot(panels.recoveryTitle);
  const backup = house.home.at("nori.papo");
  nori.says(`${type.backup} ${backup}`);
  await nori.sees(`[ ${actions.backupDo} ]`);
  nori.fills(PASSPHRASE, PASSPHRASE);
  // A long path stands in a row of its own.
  await nori.sees(actions.backedUp("…").replace(/ ….*$/u, ""));
  assert.equal(nori.screen.program.out.text.includes(PASSPHRASE), false);
  return { words, backup };
}

function wordsOn(rows: readonly string[]): string {
  const numbered = [...rows.join("\n").matchAll(/(\d+)\. (\p{L}+)/gu)].map(
    ([, at, word]) => [Number(at), word] as const,
  );
  return numbered
    .toSorted(([one], [other]) => one - other)
    .map(([, word]) => word)
    .join(" ");
}

/** By the words on a new computer, and from a file on another. */
async function oneComesBack({ gabi, nori, house, type }: Group, { words, backup }: Kept): Promise<void> {
  const { panels } = gabi.texts;
  for (const person of [gabi, nori]) {
    person.says(type.quit);
    await person.screen.program.endWithin();
  }
  const byWords = await house.start("gabi", SIZE, "gabi-new");
  await byWords.sees(panels.words.label);
  byWords.presses(panels.words.key);
  // The form itself: the choice before it speaks of 24 words as well.
  await byWords.sees(`[ ${panels.wordsDo} ]`);
  byWords.fills("gabi", words);
  await byWords.sees(`[gabi] [${ROOM}`);
  assert.equal(byWords.screen.program.out.text.includes(words.split(" ").slice(0, 3).join(" ")), false);
  const byFile = await house.start("nori", SIZE, "nori-new");
  await byFile.sees(panels.backup.label);
  byFile.presses(panels.backup.key);
  await byFile.sees(`[ ${panels.backupDo} ]`);
  byFile.fills(backup, PASSPHRASE);
  await byFile.sees(`[nori] [${ROOM}`);
  assert.equal(byFile.screen.program.out.text.includes(PASSPHRASE), false);
}

/** With the password alone, on a computer that has not the key: others see that the key has changed. */
async function oneBeginsAnew({ house, yuki, type }: Group): Promise<void> {
  const { panels } = yuki.texts;
  const other = await house.start("nori", SIZE, "nori-other");
  await other.sees(panels.logIn.label);
  other.presses(panels.logIn.key);
  await other.sees(`[ ${panels.logInDo} ]`);
  other.fills("nori", PASSWORD);
  await other.sees(panels.identityTitle("nori"));
  other.presses(panels.identityNew.key);
  await other.sees(panels.identityNewTitle);
  other.presses(panels.yesKey);
  await other.sees("[nori]");
  assert.equal(other.screen.program.out.text.includes(PASSWORD), false);
  yuki.says(`${type.message} nori é você?`);
  await yuki.sees(yuki.texts.feed.keyChanged("nori").slice(0, 24));
  yuki.says(`${type.verify} nori`);
  await yuki.sees(panels.keyChangeTitle("nori"), panels.keyKnown);
  yuki.presses(panels.keyAccept.key);
  await yuki.sees(startOf(yuki.texts.classic.accepted("nori")));
}
