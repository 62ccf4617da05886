// Goal: what somebody writes changes no cell outside their own lines, makes the terminal say nothing, and stands the same in tmux.
// Method: the real `papo` behind a pseudo-terminal with xterm as the screen, and another in tmux; an engine of this process sends them the texts over real sockets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ScreenCell, tmuxMissing, TmuxScreen, type XtermScreen } from "@papo/testing";
import { Engine, must } from "../engines.ts";
import { House, lineWith, PASSWORD, Person } from "./person.ts";

const SIZE = { columns: 100, rows: 40 };

/** Each ends in a word of its own, which is waited for. */
const TEXTS = [
  "R1 \x1b[2J\x1b[10A\x1b[1;1Hfora\x1b[?1049l end1",
  "R2 \x1b]0;meu\x07\x1b]52;c;ZXU=\x07\x1b]8;;http://x\x07oi\x1b]8;;\x07\x1b]11;?\x07 end2",
  "R3 \x1bPq#0\x1b\\ \x1b_apc\x1b\\ \x1b]unterminated end3",
  "R4 \u009b2J\u009d0;c1\u009c\u0090q\u009c end4",
  "R5 \x1b[6n\x1b[c\x1b[>c\x1b[5n\x1b[?2026$p\x1bP$qm\x1b\\ end5",
  "R7 a\r[12:00] <bob> hi\b\b\v\f\u0085x\u2028*** yuki left\u2029 end7",
  "R8 \u202eabc\u202c \u2066x\u2069 \u200f\u061c end8",
  "R9 a\u200b\u{e0041}\u{e007f}👩\u200d\u200d\u200d👩e" + "\u0301".repeat(40) + "\ufe0f end9",
] as const;

test("R1, R2, R3, R4, R5, R7, R8, R9: hostile texts of a real peer stay in their lines, in xterm and in tmux", async (t) => {
  await using house = await House.open("en");
  const gabi = await house.start("gabi", SIZE);
  await enters(gabi, "/create TESTE");
  const inTmux = tmuxMissing() === undefined ? await openTmux(house) : undefined;
  const nori = house.use(await Engine.register("nori", PASSWORD, { home: house.home, address: house.address }));
  const { id } = must(await nori.api.joinRoom("TESTE"));
  await nori.until("the room", () => nori.api.room(id)?.log?.standing === "member");
  await nori.until("both", () => nori.isLinkedTo("gabi") && (inTmux === undefined || nori.isLinkedTo("yuki")));
  await gabi.sees(`[${inTmux === undefined ? 1 : 2} ${gabi.texts.chat.links.direct}`);
  must(await nori.api.send({ kind: "room", id }, "the first"));
  await gabi.sees(lineWith("the first"));

  const before = await around(gabi.screen);
  const replies = gabi.screen.replies.length;
  for (const text of TEXTS) {
    must(await nori.api.send({ kind: "room", id }, text));
    await gabi.sees(text.slice(-4));
    assert.deepEqual(await around(gabi.screen), before, JSON.stringify(text));
  }
  assert.equal(gabi.screen.replies.length, replies, "the terminal answered something");
  assert.deepEqual(gabi.screen.clipboards, []);
  assert.equal(
    gabi.screen.titles.some((title) => title.includes("meu")),
    false,
  );
  await gabi.tells("still here");

  if (inTmux === undefined) return t.diagnostic("not looked at in tmux: it is not there");
  await inTmux.sees(lineWith("still here"));
  const shown = linesOf(await gabi.screen.screen());
  await inTmux.screen.waitFor((rows) => linesOf(rows).join("\n") === shown.join("\n"));
});

async function enters(person: Person | Person<TmuxScreen>, command: string): Promise<void> {
  await person.registers();
  await person.closes();
  person.says(command);
  await person.sees("[TESTE");
}

async function openTmux(house: House): Promise<Person<TmuxScreen>> {
  const screen = house.use(new TmuxScreen(house.args("yuki"), { home: house.home, name: "yuki", ...SIZE }));
  const yuki = new Person("yuki", screen, house.language);
  await enters(yuki, "/join TESTE");
  return yuki;
}

/** What stands beside, above and below the lines of the conversation. */
async function around(screen: XtermScreen): Promise<readonly string[]> {
  const rows = await screen.cells();
  const [top = []] = rows;
  const left = top.findIndex(({ text }) => text === "│") + 1;
  const right = (rows[2] ?? []).findLastIndex(({ text }) => text === "│");
  const text = (cells: readonly ScreenCell[]): string => cells.map((cell) => cell.text || " ").join("");
  const sides = rows.slice(1, -2).map((row) => `${text(row.slice(0, left))}…${text(row.slice(right))}`);
  return [text(top), ...sides, text(rows.at(-1) ?? [])];
}

/** The lines of what nori said, behind the gutter. Not the last ones: how many marks one cell can hold differs. */
function linesOf(rows: readonly string[]): readonly string[] {
  const first = rows.findIndex((row) => row.includes("│ the first"));
  const last = rows.findIndex((row) => row.includes("│ R9 "));
  return rows.slice(first, last).map((row) => /│.*?│ (.*?) *│/u.exec(`${row}│`)?.[1] ?? row);
}
