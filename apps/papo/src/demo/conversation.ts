import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DemoTexts } from "@papo/view-model/command-texts";
import { DemoFailure, type DemoProgram } from "./demo-program.ts";

/** The conversation of the founding report, §6.8, word for word. */
const ROOM = "TESTE";
export const LINES = [
  { author: "gabi", text: "olaaaa" },
  { author: "nori", text: "olaaaaa" },
  // untranslated: they said it in Portuguese
  { author: "yuki", text: "como voces estao?" },
] as const;

const POST_QUANTUM = /MLKEM/u;

export type Cast = ReadonlyMap<string, DemoProgram>;

/** Everybody registers and enters the room; then each says their line when the one before stands on every screen. */
export async function converse(cast: Cast, password: string): Promise<void> {
  const programs = [...cast.values()];
  for (const program of programs) program.type("2", program.name, password);
  await Promise.all(programs.map((program) => program.shows(/^5\. /mu, "5.")));

  for (const [at, program] of programs.entries()) {
    program.type(at === 0 ? "3" : "4", ROOM);
    await program.shows(new RegExp(`^=+ .*${ROOM} =+$`, "mu"), ROOM);
    // Who came before has to know: a live message goes to whom its sender knows as a member.
    await Promise.all(programs.slice(0, at).map((earlier) => earlier.shows(joinedOf(program.name), program.name)));
  }
  await Promise.all(programs.map((program) => linked(program, programs.length - 1)));

  for (const { author, text } of LINES) {
    cast.get(author)?.type(text);
    await Promise.all(programs.map((program) => program.shows(lineOf(author, text), `<${author}> ${text}`)));
  }
}

/** Throws unless each line stands on each screen exactly once and every link is what it should be. */
export function check(cast: Cast, texts: DemoTexts): void {
  for (const program of cast.values()) {
    for (const { author, text } of LINES) {
      const times = [...program.screen.matchAll(lineOf(author, text, "g"))].length;
      if (times !== 1) throw new DemoFailure(texts.seenTimes(program.name, text, times));
    }
    const good = program.links.filter(({ encrypted, group }) => encrypted && POST_QUANTUM.test(group ?? ""));
    const others = new Set(good.map(({ username }) => username));
    if (others.size !== cast.size - 1 || good.length !== program.links.length) {
      throw new DemoFailure(texts.wrongLinks(program.name, linksText(program)));
    }
  }
}

/** From where the room was entered: what came before is the same menu for everybody. */
export function roomScreenOf({ screen }: DemoProgram): string {
  const start = screen.search(new RegExp(`^=+ .*${ROOM}`, "mu"));
  return start === -1 ? "" : screen.slice(start);
}

export function linksText({ links }: DemoProgram): string {
  return links.map(({ username, group }) => `${username} (TLS 1.3, ${group ?? "?"})`).join(", ");
}

type Line = { readonly author: string; readonly text: string };

/** What the others say without the one that was killed. */
function saidMeanwhile({ meanwhile: [asks, answers, hopes] }: DemoTexts): readonly Line[] {
  return [
    { author: "gabi", text: asks },
    { author: "yuki", text: answers },
    { author: "gabi", text: hopes },
  ];
}

/** It speaks, and before anybody can have confirmed that they have it, its program is gone. The others go on. */
export async function killInMidConversation(cast: Cast, name: string, texts: DemoTexts): Promise<void> {
  const killed = cast.get(name);
  const [first, last] = texts.lastWordsSaid;
  killed?.type(first, last);
  // Once it stands on its own screen it is on its disk.
  await killed?.shows(lineOf(name, last), last);
  await killed?.crash();
  for (const { author, text } of saidMeanwhile(texts)) {
    cast.get(author)?.type(text);
    const others = [...cast.values()].filter((program) => program !== killed);
    await Promise.all(others.map((program) => program.shows(lineOf(author, text), text)));
  }
}

/** The program that was killed, started again on the same profile: it logs in with its key and goes back into the room. */
export async function comeBack(cast: Cast, back: DemoProgram, texts: DemoTexts): Promise<void> {
  back.type("");
  await back.shows(/^5\. /mu, "5.");
  back.type("4", ROOM);
  // Not what its menu may have told of before.
  for (const { author, text } of saidMeanwhile(texts))
    await back.until(() => lineOf(author, text).test(roomScreenOf(back)), text);
  await linked(back, cast.size - 1);
  for (const program of cast.values())
    for (const text of texts.lastWordsSaid) await program.shows(lineOf(back.name, text), text);
}

/** Throws unless everything that was said is in everybody's history once, in one order. Gives how much that is. */
export async function checkHistories(cast: Cast, folder: string, texts: DemoTexts): Promise<number> {
  const said = [...LINES, ...saidMeanwhile(texts)].map(({ text }) => text).concat(texts.lastWordsSaid);
  const histories = await Promise.all([...cast.values()].map((program) => historyOf(program, folder)));
  const [first] = histories;
  for (const { name, lines } of histories) {
    for (const text of said) {
      const times = lines.filter((line) => line.endsWith(`> ${text}`)).length;
      if (times !== 1) throw new DemoFailure(texts.notInHistory(name, text, times));
    }
    if (first !== undefined && lines.join("\n") !== first.lines.join("\n"))
      throw new DemoFailure(texts.histories(first.name, name));
  }
  return said.length;
}

async function historyOf(program: DemoProgram, folder: string): Promise<{ name: string; lines: readonly string[] }> {
  const file = join(folder, `${program.name}.txt`);
  program.type(`/export ${file}`);
  await program.shows(new RegExp(`^OK: .*${program.name}\\.txt`, "mu"), "/export");
  return { name: program.name, lines: (await readFile(file, "utf8")).split("\n") };
}

function linked(program: DemoProgram, others: number): Promise<void> {
  const count = (): number => new Set(program.links.map(({ username }) => username)).size;
  return program.until(() => count() === others, `${others} P2P`);
}

function joinedOf(username: string): RegExp {
  return new RegExp(`\\*\\*\\* ${username} `, "u");
}

/** The line, with or without a remark behind it, as that it arrived late. */
function lineOf(author: string, text: string, flags = ""): RegExp {
  return new RegExp(`<${author}> ${text.replaceAll("?", "\\?")}(?: \\(.+\\))?$`, `mu${flags}`);
}
