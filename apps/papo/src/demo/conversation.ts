import type { DemoTexts } from "@papo/view-model/command-texts";
import { DemoFailure, type DemoProgram } from "./demo-program.ts";

/** The conversation of the founding report, §6.8, word for word. */
export const ROOM = "TESTE";
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

export function linksText({ links }: DemoProgram): string {
  return links.map(({ username, group }) => `${username} (TLS 1.3, ${group ?? "?"})`).join(", ");
}

function linked(program: DemoProgram, others: number): Promise<void> {
  const count = (): number => new Set(program.links.map(({ username }) => username)).size;
  return program.until(() => count() === others, `${others} P2P`);
}

function joinedOf(username: string): RegExp {
  return new RegExp(`\\*\\*\\* ${username} `, "u");
}

function lineOf(author: string, text: string, flags = ""): RegExp {
  return new RegExp(`<${author}> ${text.replaceAll("?", "\\?")}$`, `mu${flags}`);
}
