// Goal: the main screens look as they were meant to, wide, usual and tiny, in both languages; wide, joined and combining characters never drift a column; what somebody
// writes changes no cell outside their own lines, and makes the terminal say nothing.
// Method: the real `papo` behind a pseudo-terminal with xterm as the screen, and in tmux, beside engines of this process that talk to it over real sockets; its screens are
// compared with the files of test/goldens.
import { test } from "node:test";
import type { Conversation, Message } from "@papo/peer";
import { KEYS, type XtermScreen } from "@papo/testing";
import { LANGUAGES } from "@papo/view-model";
import { Engine, must } from "../engines.ts";
import { named } from "../trust-rig.ts";
import { looksLike } from "./goldens.ts";
import { House, lineWith, PASSWORD, type Person } from "./person.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 40, rows: 12 },
] as const;

/** Names and texts whose cells terminals disagree about. */
const WIDE = ["日本語のテキスト", "👩‍👩‍👧‍👦 família 🇧🇷", "é ñ ü", "ไทย กำ", "한국어 ０１２"] as const;

for (const language of LANGUAGES) {
  test(`R9: the main screens at three sizes are as in their files (${language})`, async () => {
    await using house = await House.open(language);
    const first = SIZES[0];
    const gabi = await house.start("gabi", first);
    const { panels } = gabi.texts;
    const look = (name: string): Promise<void> => atEachSize(gabi.screen, `${language}/${name}`);

    await gabi.sees(panels.create.label);
    await look("sign-in");
    gabi.presses(panels.create.key);
    await gabi.sees(panels.passwordAgain);
    await look("create-account");
    gabi.fills("gabi", PASSWORD, PASSWORD);
    await gabi.sees(panels.firstStepsTitle("gabi"));
    await look("first-steps");
    gabi.presses(panels.stepCreate.key);
    await gabi.sees(panels.createRoomTitle);
    gabi.presses("TESTE", KEYS.enter, KEYS.enter, KEYS.enter);
    await gabi.sees("[TESTE 1]");
    gabi.presses(KEYS.alt("1"));
    await look("home");

    const { nori, yuki, room } = await neighbours(house);
    gabi.presses(KEYS.alt("2"));
    await gabi.sees("[TESTE 3]", `[2 ${gabi.texts.chat.links.direct}`);
    const question = must(await nori.api.send(room, "quem traz o bolo?"));
    await gabi.sees(lineWith("quem traz o bolo?"));
    await gabi.tells("eu trago");
    await yuki.until("what gabi said", () => yuki.hasMessage("eu trago"));
    must(await yuki.api.send(room, "de chocolate!", { replyTo: question.id }));
    must(await yuki.api.react(about(question), "👍", true));
    await gabi.sees(/👍/u);
    must(await nori.api.edit(about(question), "quem traz o bolo amanhã?"));
    await gabi.sees(gabi.texts.kept.edited);
    gabi.presses(KEYS.alt("1"));
    await gabi.sees(/\[Papo\]/u);
    for (const text of WIDE) must(await nori.api.send(room, text));
    await gabi.sees(new RegExp(`TESTE +\\+?${WIDE.length}|2:TESTE\\(${WIDE.length}\\)|2\\(${WIDE.length}\\)`, "u"));
    gabi.presses(KEYS.alt("2"));
    await gabi.sees(lineWith("한국어"));
    await look("room");

    gabi.presses(KEYS.f1);
    await gabi.sees(panels.helpTitle);
    await look("help");
    await gabi.closes();
    await opensRooms(gabi);
    await look("rooms");
    await gabi.closes();
    gabi.presses(KEYS.alt("k"));
    await gabi.sees(panels.switcherTitle);
    await look("switcher");
    await gabi.closes();
    gabi.presses(KEYS.ctrl("f"), "bolo");
    await gabi.sees(panels.searchTitle.slice(0, 5), /bolo amanhã/u);
    await look("search");
    await gabi.closes();
    gabi.says("/verify nori");
    await gabi.sees(/\d{5} \d{5}/u);
    await look("verify");
    await gabi.closes();

    await nori.api.close();
    const anew = house.use(await Engine.open("nori-anew", { home: house.home, address: house.address }));
    must(await anew.api.logIn({ username: named("nori"), password: PASSWORD, newIdentity: true }));
    must(await anew.api.joinRoom("TESTE"));
    await gabi.sees(gabi.texts.feed.keyChanged("nori").slice(0, 20));
    gabi.says("/verify nori");
    await gabi.sees(panels.keyChangeTitle("nori"));
    await look("key-change");
  });
}

/** As their files have it at each size; at the first one again afterwards. */
async function atEachSize(screen: XtermScreen, name: string): Promise<void> {
  for (const { columns, rows } of [...SIZES.slice(1), SIZES[0]]) {
    await screen.resize(columns, rows);
    await looksLike(screen, `${name}-${columns}x${rows}`);
  }
}

/** What is in front counts as read a moment later: a list that was made before says that something is new. */
async function opensRooms(person: Person): Promise<void> {
  for (;;) {
    person.says("/list");
    const rows = await person.sees(person.texts.panels.roomsTitle, /3\/50/u);
    if (!/·.*· 3\/50/u.test(rows.join("\n"))) return;
    await person.closes();
  }
}

type Neighbours = { readonly nori: Engine; readonly yuki: Engine; readonly room: Conversation };

/** Two others in the room, of whom it only matters what they say. */
async function neighbours(house: House): Promise<Neighbours> {
  const options = { home: house.home, address: house.address };
  const nori = house.use(await Engine.register("nori", PASSWORD, options));
  const joined = must(await nori.api.joinRoom("TESTE"));
  await nori.until("gabi", () => nori.isLinkedTo("gabi"));
  const yuki = house.use(await Engine.register("yuki", PASSWORD, options));
  must(await yuki.api.joinRoom("TESTE"));
  await yuki.until("both", () => yuki.isLinkedTo("gabi") && yuki.isLinkedTo("nori"));
  return { nori, yuki, room: { kind: "room", id: joined.id } };
}

function about({ conversation, id }: Message): { readonly conversation: Conversation; readonly id: Message["id"] } {
  return { conversation, id };
}
